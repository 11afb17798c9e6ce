import { join } from "node:path";
import { toAppError } from "../../core/errors.ts";
import type { Session } from "../../core/session.ts";
import type { Context } from "../context.ts";
import { type MirrorNote, mirrorTasks } from "./mirror-tasks.ts";
import { TODO_FILE } from "./take-over.ts";

/** People and agents edit the files without telling us. */
const LOOK_EVERY_MS = 1_000;
/** Other changes of tasks than those of their states show after this long: looking for them reads all that is open. */
const READ_EVERY_MS = 5_000;
/** Changes come in heaps, and each rewriting makes an agent that is about to edit the file read it again. */
const REST_MS = 300;

/**
 * Keeps the task files of all sessions that want them together with the queue until the context's signal aborts. For
 * long-lived processes; several may run at once.
 */
export async function keepTaskFiles(context: Context): Promise<void> {
  const { clock, doorbell, signal } = context;
  const seen = new Map<string, Look>();
  for (;;) {
    try {
      // Once more at the end: what was waited for is to be seen in the files.
      const isLast = signal.aborted;
      await lookAtAll(context, seen);
      if (isLast) return;
      await clock.sleep(REST_MS, signal);
      await doorbell.wait(LOOK_EVERY_MS - REST_MS, signal);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.kind === "cancelled" && signal.aborted) continue;
      context.logger.warn("todo.keep-failed", { error: error.message });
      if (signal.aborted) return;
      await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
    }
  }
}

interface Look {
  stamp: string;
  /** Monotonic ms. */
  at: number;
  /** What was told of its list the last time: said once, not at each look. */
  notes: readonly MirrorNote[];
}

function isEqual(one: MirrorNote, other: MirrorNote): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function tell({ logger }: Context, { id }: Session, { kind, ...details }: MirrorNote): void {
  const fields = { sessionId: id, file: TODO_FILE, ...details };
  if (kind === "ended") logger.info("todo.ended", fields);
  else logger.warn(`todo.${kind}`, fields);
}

async function lookAtAll(context: Context, seen: Map<string, Look>): Promise<void> {
  const current = { ...context, settings: context.settingsSource.current() };
  for (const session of await context.store.sessions.list()) {
    if (session.protocol === null && !current.settings.taskFiles) continue;
    const stamp = await stampOf(current, session);
    const last = seen.get(session.id);
    const now = context.clock.monotonic();
    if (last?.stamp === stamp && now - last.at < READ_EVERY_MS) continue;
    // Before, and not after: what changes meanwhile is seen by the next look.
    seen.set(session.id, { stamp, at: now, notes: last?.notes ?? [] });
    const notes = (await mirrorTasks(current, session)) ?? last?.notes ?? [];
    for (const note of notes) if (!last?.notes.some((before) => isEqual(before, note))) tell(context, session, note);
    seen.set(session.id, { stamp, at: now, notes });
  }
}

/** Changes when somebody edits the list, and when a task changes its state. */
async function stampOf({ store, files }: Context, session: Session): Promise<string> {
  const file = await files.readIfThere(join(session.root, TODO_FILE));
  return JSON.stringify([file?.text, (await store.tasks.counts()).get(session.id)]);
}
