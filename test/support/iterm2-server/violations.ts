/**
 * What a client must never do, since a real iTerm2 would crash, open a dialog, or harm the person in front of it
 * (iterm2-facts §7.7). Every entry makes `dispose` of the server fail, and with it the test.
 */
export class Violations {
  readonly #seen: string[] = [];

  get list(): readonly string[] {
    return this.#seen;
  }

  record(what: string): void {
    this.#seen.push(what);
  }

  /** Hands the entries over, for the tests that provoke them on purpose. */
  take(): string[] {
    return this.#seen.splice(0);
  }

  /** @throws Error that lists every entry, when there is one */
  check(): void {
    if (this.#seen.length > 0) {
      throw new Error(`The client did what it must never do to an iTerm2:\n- ${this.#seen.join("\n- ")}`);
    }
  }
}
