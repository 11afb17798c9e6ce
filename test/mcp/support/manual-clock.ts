import { AppError } from "../../../src/core/errors.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now = 1_000_000;
  readonly #sleepers = new Set<{ at: number; wake: () => void }>();
  readonly #tickers = new Set<{ next: number; ms: number; fn: () => void }>();

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  /** How many sleepers and tickers there are. */
  get waiting(): number {
    return this.#sleepers.size + this.#tickers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.#now + ms, wake: resolve };
      const cancel = () => {
        this.#sleepers.delete(sleeper);
        reject(new AppError("CANCELLED", "Cancelled"));
      };
      if (signal?.aborted) cancel();
      else {
        this.#sleepers.add(sleeper);
        signal?.addEventListener("abort", cancel, { once: true });
      }
    });
  }

  every(ms: number, fn: () => void): () => void {
    const ticker = { next: this.#now + ms, ms, fn };
    this.#tickers.add(ticker);
    return () => this.#tickers.delete(ticker);
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const times = [...this.#sleepers].map(({ at }) => at).concat([...this.#tickers].map(({ next }) => next));
      const next = Math.min(...times);
      if (next > end) break;
      this.#now = Math.max(this.#now, next);
      for (const sleeper of [...this.#sleepers].filter(({ at }) => at <= this.#now)) {
        this.#sleepers.delete(sleeper);
        sleeper.wake();
      }
      for (const ticker of [...this.#tickers].filter((one) => one.next <= this.#now)) {
        ticker.next += ticker.ms;
        ticker.fn();
      }
    }
    this.#now = end;
  }
}
