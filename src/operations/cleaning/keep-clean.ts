import { toAppError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { closeEnded } from "./close-ended.ts";
import { dropHistory } from "./drop-history.ts";

/** The duty that one process has at a time. */
const DUTY = "cleaning";
/** What has ended long ago is in nobody's way for a minute more. */
const LOOK_EVERY_MS = 60_000;
const HISTORY_EVERY_MS = 60 * 60_000;

/**
 * Removes what is over until the context's signal aborts, whenever no other process does: terminals and temporary files of
 * agents that have ended (setting closeExitedAfter) and old rows of the store (keepHistory). For long-lived processes.
 * Never throws.
 */
export async function keepClean(context: Context): Promise<void> {
  const { clock, ids, logger, processes, signal, settingsSource, store } = context;
  const holder = { ...processes.self(), token: ids.next("nce") };
  let nextHistoryAt = clock.monotonic();
  try {
    while (!signal.aborted) {
      try {
        if (await store.duties.take(DUTY, holder, (other) => processes.isAlive(other))) {
          // Settings are read anew: a server that runs for days obeys `config set` (⊕A15).
          const current = { ...context, settings: settingsSource.current() };
          await closeEnded(current);
          if (clock.monotonic() >= nextHistoryAt) {
            nextHistoryAt = clock.monotonic() + HISTORY_EVERY_MS;
            await dropHistory(current);
          }
        }
      } catch (thrown) {
        if (signal.aborted) return;
        logger.warn("cleaning.failed", { error: toAppError(thrown).message });
      }
      await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
    }
  } finally {
    await store.duties.leave(DUTY, holder.token).catch(() => undefined);
  }
}
