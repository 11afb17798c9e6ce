import type { Repositories } from "../../core/ports/store.ts";
import type { Context } from "../context.ts";
import { milliseconds } from "../fields.ts";

/** Rows of one write: others wait for it. */
const BATCH = 200;
/** Writers who wait get their turn. */
const REST_MS = 50;

/**
 * Removes from the store what ended longer ago than the setting keepHistory: tasks, runs of workflows, coordinations,
 * answers to requests, and settled messages. What goes on stays with all that belongs to it, and so does what failed and
 * nobody has seen. Conversations stay: transcripts are Claude Code's, and remain readable.
 */
export async function dropHistory(context: Context): Promise<void> {
  const { clock, logger, settings, store } = context;
  const before = clock.now() - milliseconds(undefined, settings.keepHistory);
  const removed = {
    runs: await inBatches(context, () => store.workflowRuns.removeEnded(before, BATCH)),
    tasks: await inBatches(context, () => store.tasks.removeEnded(before, BATCH)),
    coordinations: await inBatches(context, () => store.coordinations.removeEnded(before, BATCH)),
    requests: await inBatches(context, () => store.answers.removeEnded(before, BATCH)),
  };
  const messagesBefore = Math.min(before, await oldestRunning(store));
  const messages = await inBatches(context, () => store.messages.removeEnded(messagesBefore, BATCH));
  const all = { ...removed, messages };
  if (Object.values(all).some((count) => count > 0)) logger.info("history.removed", all);
}

/** A coordination that goes on may ask for any message that was sent since it began, so that none is sent twice. */
async function oldestRunning({ coordinations }: Pick<Repositories, "coordinations">): Promise<number> {
  const [oldest] = await coordinations.list({ state: "running" });
  return oldest?.createdAt ?? Number.POSITIVE_INFINITY;
}

async function inBatches({ clock, signal }: Context, remove: () => Promise<number>): Promise<number> {
  for (let total = 0; ; ) {
    const count = await remove();
    total += count;
    if (count < BATCH) return total;
    await clock.sleep(REST_MS, signal);
  }
}
