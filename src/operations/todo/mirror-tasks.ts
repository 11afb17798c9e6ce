import { join } from "node:path";
import { parseDuration } from "../../core/duration.ts";
import type { Repositories } from "../../core/ports/store.ts";
import { senderName } from "../../core/principal.ts";
import type { Session } from "../../core/session.ts";
import { isEnded, type Task, untried } from "../../core/task.ts";
import type { AddedItem } from "../../core/todo/claim-lines.ts";
import type { TaskChange } from "../../core/todo/merge-task.ts";
import { mergeTodo, type TodoNote } from "../../core/todo/merge-todo.ts";
import type { BoxMark } from "../../core/todo/task-list.ts";
import type { TodoBase, TodoTask } from "../../core/todo/todo-base.ts";
import { shortened } from "../../scheduler/note-report.ts";
import type { Context } from "../context.ts";
import { protocolOfSession } from "../protocol/resolve-protocol.ts";
import { mirroredTasks } from "./mirrored-tasks.ts";
import { writeTaskFiles } from "./write-task-files.ts";

export const TODO_FILE = ".claude-orch/TODO.md";
/** Somebody who saves the file again and again shall not keep us for ever. */
const MAX_ROUNDS = 5;

/**
 * Brings a session's `.claude-orch/TODO.md` and task files together with the store of its tasks, where its protocol or the
 * setting `taskFiles` wants them. One process at a time works on them; null where they are not wanted, or another process
 * works on them just now. A crash at any instruction loses nothing and submits nothing twice.
 */
export async function mirrorTasks(context: Context, session: Session): Promise<TodoNote[] | null> {
  const { store, processes } = context;
  const protocol = await protocolOfSession(context, session);
  if (!context.settings.taskFiles && !protocol?.taskFiles) return null;
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

interface Mirroring {
  base: TodoBase | null;
  onFailure: Task["onFailure"];
}

async function bringTogether(context: Context, session: Session, mirroring: Mirroring): Promise<TodoNote[]> {
  const { store, files, logger } = context;
  const path = join(session.root, TODO_FILE);
  const notes: TodoNote[] = [];
  let { base } = mirroring;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const file = await files.readIfThere(path);
    if (file && !file.isWhole) {
      logger.warn("todo.not-utf8", { path });
      return notes;
    }
    const known = await mirroredTasks(store, session.id, base);
    // Nothing to tell, and nobody has begun a list.
    if (!file && known.listed.length === 0) return notes;
    const merge = mergeTodo({ text: file?.text, base, tasks: known.listed, heading: headingOf(session) });
    notes.push(...merge.notes);
    const isEdited = merge.added.length + merge.changes.length > 0;
    let submitted: ReadonlyMap<number, TodoTask> = new Map();
    if (isEdited || base === null) {
      const taken = await takeOver(context, session, { ...mirroring, merge, known: known.read });
      submitted = taken.submitted;
      base = taken.base;
    }
    const written = merge.write(submitted);
    const outcome = written.text === file?.text ? "written" : await files.replace(path, written.text, file?.text);
    if (outcome === "refused") logger.warn("todo.refused", { path });
    if (outcome === "changed") continue;
    if (outcome === "refused") return notes;
    const steps = await writeTaskFiles(context, session, { known, base });
    const next: TodoBase = { ...written.base, steps };
    if (JSON.stringify(next) !== JSON.stringify(base)) await store.todoMirrors.write(session.id, next);
    base = next;
    // What was submitted or changed just now is shown in full by the next round.
    if (!isEdited) return notes;
  }
  return notes;
}

interface TakenOver extends Mirroring {
  merge: ReturnType<typeof mergeTodo>;
  known: ReadonlyMap<number, Task>;
}

/** Makes of what somebody did in the file what it means, all in one transaction with the note that it was done. */
async function takeOver(
  context: Context,
  session: Session,
  { merge, known, base, onFailure }: TakenOver,
): Promise<{ submitted: Map<number, TodoTask>; base: TodoBase }> {
  return context.store.transaction(async (repositories) => {
    const fresh = merge.added.map((item) => newTask(context, session, { item, onFailure }));
    const stored = fresh.length === 0 ? [] : await repositories.tasks.insert(fresh);
    const submitted = new Map<number, TodoTask>();
    for (const [index, { line }] of merge.added.entries()) {
      const task = stored[index];
      if (!task) continue;
      const { number, title, priority, state } = task;
      submitted.set(line, { number, title, priority, state, owner: null });
      context.logger.info("task.submitted", { taskId: task.id, sessionId: session.id, by: task.createdBy });
    }
    for (const change of merge.changes) {
      const id = known.get(change.task)?.id;
      if (id !== undefined) await applyChange(context, repositories, id, change);
    }
    const steps = base?.steps;
    const absorbed = { ...merge.absorbed(submitted), ...(steps ? { steps } : {}) };
    await repositories.todoMirrors.write(session.id, absorbed);
    return { submitted, base: absorbed };
  });
}

const SAID: Record<BoxMark, string> = {
  open: "Its box was unticked",
  doing: "Its box was marked as under way",
  done: "Its box was ticked",
  dropped: "Its box was marked as dropped; task cancel ends it",
};

/** What is read from the task again: it may have ended since. */
async function applyChange(
  { clock, logger }: Context,
  { tasks }: Pick<Repositories, "tasks">,
  id: string,
  change: TaskChange,
): Promise<void> {
  const task = await tasks.get(id);
  if (!task || isEnded(task.state)) return;
  logger.info("todo.edited", { taskId: id, kind: change.kind });
  switch (change.kind) {
    case "title":
      await tasks.update(id, { title: change.title });
      return;
    case "priority":
      await tasks.update(id, { priority: change.priority });
      return;
    case "mark": {
      const report = { kind: "progress" as const, text: `${SAID[change.mark]} in ${TODO_FILE}`, at: clock.now() };
      await tasks.update(id, { reports: shortened([...task.reports, report]) });
    }
  }
}

function newTask(
  { ids, clock, settings, caller }: Context,
  session: Session,
  { item, onFailure }: { item: AddedItem; onFailure: Task["onFailure"] },
): Omit<Task, "number"> {
  const now = clock.now();
  return {
    id: ids.next("tsk"),
    sessionId: session.id,
    title: item.title,
    text: item.text,
    role: null,
    priority: item.priority,
    needs: [],
    agentId: null,
    state: "queued",
    because: "it waits for its turn",
    timeoutMs: parseDuration(settings.taskTimeout) ?? 3_600_000,
    retries: 0,
    check: null,
    worktree: false,
    onFailure,
    causedBy: null,
    workflowRunId: null,
    stepId: null,
    createdBy: senderName(caller.principal),
    ...untried(),
    createdAt: now,
    queuedAt: now,
  };
}

function headingOf({ name }: Session): string {
  return `# Tasks of ${name}

Kept together with the queue: a line added here becomes a task, a tick is told as progress, a changed title or priority
counts. What else stands here is yours. Details are in tasks/TASK_<n>.md.
`;
}
