import { parseDuration } from "../../core/duration.ts";
import type { Repositories } from "../../core/ports/store.ts";
import type { Session } from "../../core/session.ts";
import { isEnded, type Task, untried } from "../../core/task.ts";
import type { AddedItem } from "../../core/todo/claim-lines.ts";
import type { TaskChange } from "../../core/todo/merge-task.ts";
import type { TodoMerge } from "../../core/todo/merge-todo.ts";
import type { BoxMark } from "../../core/todo/task-list.ts";
import type { TodoBase, TodoTask } from "../../core/todo/todo-base.ts";
import { shortened } from "../../scheduler/note-report.ts";
import type { Context } from "../context.ts";
import { TODO_AUTHOR } from "./admitted-items.ts";

export const TODO_FILE = ".claude-orch/TODO.md";

export interface Mirroring {
  base: TodoBase | null;
  onFailure: Task["onFailure"];
}

interface TakenOver extends Mirroring {
  merge: TodoMerge;
  /** Those of the added lines that become tasks. */
  items: readonly AddedItem[];
  known: ReadonlyMap<number, Task>;
}

/** Makes of what somebody did in the file what it means, all in one transaction with the note that it was done. */
export async function takeOver(
  context: Context,
  session: Session,
  { merge, items, known, base, onFailure }: TakenOver,
): Promise<{ submitted: Map<number, TodoTask>; base: TodoBase }> {
  return context.store.transaction(async (repositories) => {
    const fresh = items.map((item) => newTask(context, session, { item, onFailure }));
    const stored = fresh.length === 0 ? [] : await repositories.tasks.insert(fresh);
    const submitted = new Map<number, TodoTask>();
    for (const [index, { line }] of items.entries()) {
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
  { ids, clock, settings }: Context,
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
    conversation: null,
    onFailure,
    causedBy: null,
    workflowRunId: null,
    stepId: null,
    createdBy: TODO_AUTHOR,
    ...untried(),
    createdAt: now,
    queuedAt: now,
  };
}
