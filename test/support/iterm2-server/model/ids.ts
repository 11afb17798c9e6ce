/** Ids in the forms of iterm2-facts §3; the same in every run of a test. */
export class Ids {
  #sessions = 0;
  #windows = 0;
  #tabs = 0;

  session(): string {
    return uuid("5E55", ++this.#sessions);
  }

  window(): string {
    return `pty-${uuid("A11D", ++this.#windows)}`;
  }

  /** Tab ids are small integers, and only good as long as iTerm2 runs. */
  tab(): number {
    return ++this.#tabs;
  }

  /** Another run of iTerm2 counts its tabs from the start. */
  restartTabs(): void {
    this.#tabs = 0;
  }
}

function uuid(prefix: string, count: number): string {
  return `${prefix}0000-0000-4000-8000-${count.toString(16).padStart(12, "0").toUpperCase()}`;
}
