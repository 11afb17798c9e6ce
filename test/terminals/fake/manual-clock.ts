import type { Clock } from "../../../src/core/ports/clock.ts";

/** A clock that stands still until it is moved; what is due runs as it passes. */
export class ManualClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  #timers: { at: number; everyMs: number; fn: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.every(ms, () => {
        stop();
        resolve();
      });
    });
  }

  every(ms: number, fn: () => void): () => void {
    const timer = { at: this.#now + ms, everyMs: ms, fn };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** Time passes without the timers of this process, as if it had ended. */
  skip(ms: number): void {
    this.#timers = [];
    this.#now += ms;
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#now = next.at;
      next.at += next.everyMs;
      next.fn();
    }
    this.#now = end;
  }
}
