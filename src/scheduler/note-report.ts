import { AppError } from "../core/errors.ts";
import { isUnderWay, type TaskReport } from "../core/task.ts";
import type { Context } from "../operations/context.ts";
import { taskName } from "./names.ts";

/** More than anybody reads; the oldest news goes first. */
const MAX_REPORTS = 50;

/**
 * Keeps what an agent says of the task that it works on. What follows from it is decided when its turn is over.
 * @throws TASK_NOT_FOUND, TASK_ENDED when nobody works on the task
 */
export async function noteReport(
  { store, clock, logger }: Pick<Context, "store" | "clock" | "logger">,
  taskId: string,
  { kind, text }: Pick<TaskReport, "kind" | "text">,
): Promise<void> {
  await store.transaction(async ({ tasks }) => {
    const task = await tasks.get(taskId);
    if (!task) throw new AppError("TASK_NOT_FOUND", `There is no task ${taskId}`, { details: { taskId } });
    if (!isUnderWay(task.state)) {
      throw new AppError("TASK_ENDED", `${taskName(task)} is ${task.state}: nobody works on it now`, {
        hint: "Stop working on it; it may be given to an agent again.",
        details: { taskId, state: task.state },
      });
    }
    await tasks.update(taskId, { reports: shortened([...task.reports, { kind, text, at: clock.now() }]) });
  });
  logger.info("task.reported", { taskId, kind });
}

/** Progress is dropped before anything else. */
export function shortened(reports: readonly TaskReport[]): TaskReport[] {
  let surplus = reports.length - MAX_REPORTS;
  const kept = reports.filter(({ kind }) => kind !== "progress" || surplus-- <= 0);
  return kept.slice(-MAX_REPORTS);
}
