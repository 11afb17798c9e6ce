/** A start-up dialog stays until somebody answers it. */
const SCREEN_EVERY_MS = 400;

/**
 * The agents that this process waits for while they start. Claude Code takes every processor there is for that, and each
 * look at a screen is a process of its own: eight agents looked at each by itself cost a sixth of their start-up time.
 */
export class Startups {
  #count = 0;

  /** Counts as starting until `work` is over. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#count += 1;
    try {
      return await work();
    } finally {
      this.#count -= 1;
    }
  }

  /** How long one of them goes without a look at its screen, in milliseconds: together they take as many looks as one. */
  get screenEveryMs(): number {
    return SCREEN_EVERY_MS * Math.max(1, this.#count);
  }
}
