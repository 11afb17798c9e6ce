import { AppError } from "../../core/errors.ts";
import type { Task } from "../../core/task.ts";
import type { Row } from "../row-codec.ts";
import type { Database } from "../scope.ts";

/** Writes what a task needs, and how much of it is not done. @throws TASK_NOT_FOUND */
export async function replaceNeeds(database: Database, taskId: string, needs: readonly string[]): Promise<void> {
  await database.deleteFrom("taskNeeds").where("taskId", "=", taskId).execute();
  for (const needId of new Set(needs)) {
    const need = await database.selectFrom("tasks").select("id").where("id", "=", needId).executeTakeFirst();
    if (!need) throw new AppError("TASK_NOT_FOUND", `There is no task ${needId}`, { details: { taskId: needId } });
    await database.insertInto("taskNeeds").values({ taskId, needId }).execute();
  }
  await database
    .updateTable("tasks")
    .set({ unmetNeeds: await countUnmet(database, taskId) })
    .where("id", "=", taskId)
    .execute();
}

export async function countUnmet(database: Database, taskId: string): Promise<number> {
  const row = await database
    .selectFrom("taskNeeds")
    .innerJoin("tasks", "tasks.id", "taskNeeds.needId")
    .select((select) => select.fn.countAll<number>().as("count"))
    .where("taskNeeds.taskId", "=", taskId)
    .where("tasks.state", "!=", "done")
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** The task is done, which it stays: everything that needs it waits for one task less. */
export async function meetNeeds(database: Database, needId: string): Promise<void> {
  await database
    .updateTable("tasks")
    .set((set) => ({ unmetNeeds: set("unmetNeeds", "-", 1) }))
    .where("id", "in", (where) => where.selectFrom("taskNeeds").select("taskId").where("needId", "=", needId))
    .execute();
}

export function dependantRows(database: Database, id: string): Promise<Row<Task>[]> {
  return database
    .selectFrom("taskNeeds")
    .innerJoin("tasks", "tasks.id", "taskNeeds.taskId")
    .selectAll("tasks")
    .where("taskNeeds.needId", "=", id)
    .execute();
}
