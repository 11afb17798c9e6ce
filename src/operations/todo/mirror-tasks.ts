import { join } from "node:path";
import type { Session } from "../../core/session.ts";
import { mergeTodo, type TodoNote } from "../../core/todo/merge-todo.ts";
import type { TodoBase, TodoTask } from "../../core/todo/todo-base.ts";
import type { Context } from "../context.ts";
import { protocolOfSession } from "../protocol/resolve-protocol.ts";
import { admittedItems } from "./admitted-items.ts";
import { mirroredTasks } from "./mirrored-tasks.ts";
import { type Mirroring, TODO_FILE, takeOver } from "./take-over.ts";
import { tellRemoved } from "./tell-removed.ts";
import { writeTaskFiles } from "./write-task-files.ts";

/** What somebody should know of the list: `keepTaskFiles` logs it. */
export type MirrorNote =
  | TodoNote
  /** Nothing is read from the file or written to it. */
  | { kind: "left-alone"; because: string }
  /** So many added lines are no tasks yet. */
  | { kind: "held-back"; lines: number; because: string };

/** Somebody who saves the file again and again shall not keep us for ever. */
const MAX_ROUNDS = 5;

/**
 * Brings a session's `.claude-orch/TODO.md` and task files together with the store of its tasks, where its protocol or the
 * setting `taskFiles` wants them. One process at a time works on them; null where they are not wanted, or another process
 * works on them just now. Of several sessions with one root the oldest has them. A crash at any instruction loses nothing and
 * submits nothing twice.
 */
export async function mirrorTasks(context: Context, session: Session): Promise<MirrorNote[] | null> {
  const { store, processes } = context;
  const protocol = await protocolOfSession(context, session);
  if (!context.settings.taskFiles && !protocol?.taskFiles) return null;
  const owner = await olderOwner(context, session);
  if (owner)
    return [{ kind: "left-alone", because: `it is the list of session ${owner.name}, which has the same root` }];
  const token = context.ids.next("nce");
  const holder = { ...processes.self(), token };
  const mirror = await store.todoMirrors.acquire(session.id, holder, (other) => processes.isAlive(other));
  if (!mirror) return null;
  try {
    return await bringTogether(context, session, { base: mirror.base, onFailure: protocol?.onFailure ?? "none" });
  } finally {
    await store.todoMirrors.release(session.id, token);
  }
}

/** Two sessions number their tasks alike: one list cannot be that of both. */
async function olderOwner(context: Context, session: Session): Promise<Session | undefined> {
  const age = ({ createdAt, id }: Session) => `${String(createdAt).padStart(16, "0")} ${id}`;
  for (const other of await context.store.sessions.list()) {
    if (other.root !== session.root || age(other) >= age(session)) continue;
    // One whose protocol cannot be read just now keeps what it has.
    const protocol = await protocolOfSession(context, other).catch(() => ({ taskFiles: true }));
    if (context.settings.taskFiles || protocol?.taskFiles) return other;
  }
  return undefined;
}

async function bringTogether(context: Context, session: Session, mirroring: Mirroring): Promise<MirrorNote[]> {
  const { store, files } = context;
  const path = join(session.root, TODO_FILE);
  const notes: MirrorNote[] = [];
  let { base } = mirroring;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const file = await files.readIfThere(path);
    if (file?.isLinked) return [...notes, { kind: "left-alone", because: "it is reached through a link" }];
    if (file?.isWhole === false) return [...notes, { kind: "left-alone", because: "it is not UTF-8 text" }];
    const known = await mirroredTasks(store, session.id, base);
    // Nothing to tell, and nobody has begun a list.
    if (!file && known.listed.length === 0) return notes;
    const merge = mergeTodo({ text: file?.text, base, tasks: known.listed, heading: headingOf(session) });
    notes.push(...merge.notes);
    const { items, because } = await admittedItems(context, session, merge.added);
    const isEdited = items.length + merge.changes.length > 0;
    let submitted: ReadonlyMap<number, TodoTask> = new Map();
    if (isEdited || base === null) {
      const taken = await takeOver(context, session, { ...mirroring, base, merge, items, known: known.read });
      submitted = taken.submitted;
      base = taken.base;
    }
    const written = merge.write(submitted);
    const outcome = written.text === file?.text ? "written" : await files.replace(path, written.text, file?.text);
    if (outcome === "changed") continue;
    if (outcome === "refused") return [...notes, { kind: "left-alone", because: "it cannot be read, or is no file" }];
    await tellRemoved(context, merge.notes, known.read);
    const steps = await writeTaskFiles(context, session, { known, base });
    const next: TodoBase = { ...written.base, steps };
    if (JSON.stringify(next) !== JSON.stringify(base)) await store.todoMirrors.write(session.id, next);
    base = next;
    // What was submitted or changed just now is shown in full by the next round.
    if (isEdited) continue;
    if (because !== null) notes.push({ kind: "held-back", lines: merge.added.length, because });
    return notes;
  }
  return notes;
}

function headingOf({ name, securityLevel }: Session): string {
  const added =
    securityLevel === "high" ? "what is to be added, claude-orch task submit adds" : "a line added here becomes a task";
  return `# Tasks of ${name}

Kept together with the queue: ${added}, a tick is told as progress, a changed title or priority
counts. What else stands here is yours. Details are in tasks/TASK_<n>.md.
`;
}
