import type { Clock } from "../core/ports/clock.ts";
import { isBusy } from "./store-errors.ts";

/**
 * How long SQLite itself waits within one attempt. Short, because it blocks the event loop; the rest of the bound is
 * waited for between attempts.
 */
export const BUSY_TIMEOUT_MS = 150;
const PAUSE_MS = 10;

/** Repeats an attempt that finds the database locked, for `boundMs`; then rejects with the last error. */
export async function whileBusy<T>(
  clock: Pick<Clock, "monotonic" | "sleep">,
  boundMs: number,
  attempt: () => T | Promise<T>,
): Promise<T> {
  const end = clock.monotonic() + boundMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error) || clock.monotonic() >= end) throw error;
    }
    await clock.sleep(PAUSE_MS);
  }
}
