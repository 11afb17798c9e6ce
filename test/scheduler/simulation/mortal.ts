/** What a process sees of its own end: nothing, at whatever call it was. */
class Killed extends Error {}

/** A process that may die at any call of anything it was given: before the call took effect, or right after. */
export class Mortal {
  #callsLeft = Number.POSITIVE_INFINITY;

  get isAlive(): boolean {
    return this.#callsLeft > 0;
  }

  /** It dies in the middle of one of its next calls. */
  dieAfter(calls: number): void {
    this.#callsLeft = Math.min(this.#callsLeft, calls);
  }

  /** The same thing, in the hands of this process. */
  wrap<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name) => {
        const value = Reflect.get(object, name) as unknown;
        if (typeof value === "function") return (...args: unknown[]) => this.#call(() => value.apply(object, args));
        return typeof value === "object" && value !== null ? this.wrap(value) : value;
      },
    });
  }

  async #call(work: () => unknown): Promise<unknown> {
    this.#tick();
    const result = await work();
    this.#tick();
    return result;
  }

  #tick(): void {
    if (this.#callsLeft <= 0) throw new Killed();
    this.#callsLeft -= 1;
    if (this.#callsLeft <= 0) throw new Killed();
  }
}
