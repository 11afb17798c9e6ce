import type { Clock } from "../../../src/core/ports/clock.ts";

/**
 * Time that passes only where somebody waits: whoever sleeps moves it. What was put off until a moment in between happens
 * then, so that a person can act in the middle of an operation.
 */
export class PlayedClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  #acts: { at: number; act: () => Promise<void> }[] = [];

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  async sleep(ms: number): Promise<void> {
    const end = this.#now + Math.ceil(ms);
    for (;;) {
      const next = this.#acts.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#acts = this.#acts.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.at);
      await next.act();
    }
    this.#now = Math.max(this.#now, end);
  }

  /** Nothing happens by itself: whoever looks plays what is due. */
  every(): () => void {
    return () => undefined;
  }

  later(ms: number, act: () => Promise<void>): void {
    this.#acts.push({ at: this.#now + ms, act });
  }

  /** What was put off and has not happened, never will. */
  forget(): void {
    this.#acts = [];
  }
}
