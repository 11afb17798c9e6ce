import { join } from "node:path";
import type { Session } from "../../core/session.ts";
import { isEnded, type Task } from "../../core/task.ts";
import { renderTaskFile } from "../../core/todo/task-file.ts";
import type { TodoBase } from "../../core/todo/todo-base.ts";
import { summariseTodo } from "../../core/todo/todo-summary.ts";
import { shortened } from "../../scheduler/note-report.ts";
import type { Context } from "../context.ts";
import type { MirroredTasks } from "./mirrored-tasks.ts";

const MAX_ROUNDS = 3;

/**
 * Brings `.claude-orch/tasks/TASK_<n>.md` up to date for each task that was read. Steps that somebody ticked there are told as
 * progress. Answers how many are ticked in each.
 */
export async function writeTaskFiles(
  context: Context,
  session: Session,
  { known, base }: { known: MirroredTasks; base: TodoBase | null },
): Promise<Record<number, string>> {
  const steps: Record<number, string> = {};
  for (const task of known.read.values()) {
    const ticked = await writeTaskFile(context, session, { known, task, before: base?.steps?.[task.number] });
    if (ticked !== undefined && !isEnded(task.state)) steps[task.number] = ticked;
  }
  return steps;
}

async function writeTaskFile(
  context: Context,
  session: Session,
  { known, task, before }: { known: MirroredTasks; task: Task; before: string | undefined },
): Promise<string | undefined> {
  const path = join(session.root, ".claude-orch", "tasks", `TASK_${task.number}.md`);
  let told = before;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const file = await context.files.readIfThere(path);
    if (file && !file.isWhole) break;
    const details = await known.details(task);
    const text = renderTaskFile(details, file?.text);
    const { done, total } = summariseTodo(text);
    const ticked = total === 0 ? undefined : `${done} of ${total}`;
    if (ticked !== undefined && told !== undefined && ticked !== told) await tell(context, task, ticked);
    told = ticked;
    if (text === file?.text) return ticked;
    const outcome = await context.files.replace(path, text, file?.text);
    if (outcome === "written") return ticked;
    if (outcome === "refused") break;
  }
  context.logger.warn("todo.task-file-not-written", { taskId: task.id });
  return before;
}

async function tell({ store, clock }: Context, { id, number }: Task, ticked: string): Promise<void> {
  await store.transaction(async ({ tasks }) => {
    const task = await tasks.get(id);
    if (!task || isEnded(task.state)) return;
    const text = `${ticked} steps are ticked in .claude-orch/tasks/TASK_${number}.md`;
    await tasks.update(id, { reports: shortened([...task.reports, { kind: "progress", text, at: clock.now() }]) });
  });
}
