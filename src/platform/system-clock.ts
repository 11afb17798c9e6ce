import { AppError } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";
import { onAbort } from "./on-abort.ts";

/** Longest delay that setTimeout takes; it fires at once for anything longer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const end = performance.now() + ms;
    do {
      await pause(Math.min(Math.max(0, end - performance.now()), MAX_TIMER_MS), signal);
    } while (performance.now() < end - 1);
  }

  every(ms: number, fn: () => void): () => void {
    const timer = setInterval(fn, Math.min(ms, MAX_TIMER_MS));
    timer.unref();
    return () => clearInterval(timer);
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancelled = () => new AppError("CANCELLED", "Cancelled", { cause: signal?.reason });
    if (signal?.aborted) return reject(cancelled());
    const forget = onAbort(signal, () => {
      clearTimeout(timer);
      reject(cancelled());
    });
    const timer = setTimeout(() => {
      forget();
      resolve();
    }, ms);
  });
}
