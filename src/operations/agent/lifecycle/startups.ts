/**
 * The agents that this process waits for while they start. Claude Code takes every processor there is for that, and looks
 * are not free: a screen costs a process of its own, all other evidence some files. Eight agents looked at each by itself
 * cost a sixth of their start-up time.
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

  /** What one agent alone is looked at every `ms` for, each of several is looked at so much less often: together as often. */
  shared(ms: number): number {
    return ms * Math.max(1, this.#count);
  }
}
