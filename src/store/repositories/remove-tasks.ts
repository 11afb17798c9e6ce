import type { ExpressionBuilder } from "kysely";
import { isEnded, TASK_STATES, type Task } from "../../core/task.ts";
import type { Row, RowCodec } from "../row-codec.ts";
import type { Database } from "../scope.ts";
import type { Tables } from "../tables.ts";
import { removeMessages } from "./remove-messages.ts";
import { countUnmet, dependantRows } from "./task-needs.ts";

const ENDED = TASK_STATES.filter(isEnded);

/**
 * Of a row of `tasks`: it goes on, or ended at `before` (epoch ms) or later; an open task needs it or is to mend it; or it
 * is a failure that nobody has seen.
 */
export function isStillOfUse(where: ExpressionBuilder<Tables, "tasks">, before: number) {
  const { eb, exists, selectFrom } = where;
  const dependants = selectFrom("taskNeeds")
    .innerJoin("tasks as dependant", "dependant.id", "taskNeeds.taskId")
    .select("dependant.id")
    .whereRef("taskNeeds.needId", "=", "tasks.id")
    .where("dependant.state", "not in", ENDED);
  const fixes = selectFrom("tasks as fix")
    .select("fix.id")
    .whereRef("fix.causedBy", "=", "tasks.id")
    .where("fix.state", "not in", ENDED);
  return where.or([
    eb("tasks.state", "not in", ENDED),
    eb("tasks.hasOpenAttempt", "=", 1),
    eb(where.fn.coalesce("tasks.endedAt", "tasks.createdAt"), ">=", before),
    where.and([eb("tasks.state", "=", "failed"), eb("tasks.seenAt", "is", null)]),
    exists(dependants),
    exists(fixes),
  ]);
}

/** Removes a task; those that needed it need it no more. */
export async function removeTask(database: Database, codec: RowCodec<Task>, id: string): Promise<void> {
  const dependants = await dependantRows(database, id);
  await database.deleteFrom("tasks").where("id", "=", id).execute();
  for (const row of dependants) {
    const { id: dependantId, needs } = codec.decode(row);
    const kept = needs.filter((need) => need !== id);
    const change = codec.encodeChange(dependantId, { needs: kept });
    await database
      .updateTable("tasks")
      .set({ ...change, unmetNeeds: await countUnmet(database, dependantId) })
      .where("id", "=", dependantId)
      .execute();
  }
}

/** Removes tasks that have ended, and the messages by which their agents were given them. */
export async function removeWithPrompts(
  database: Database,
  codec: RowCodec<Task>,
  rows: readonly Pick<Row<Task>, "id" | "attempts">[],
): Promise<void> {
  for (const { id, attempts } of rows) {
    const tries = codec.decodeField(String(id), "attempts", attempts);
    const ids = tries.flatMap(({ messageIds }) => messageIds);
    const over = await database
      .selectFrom("messages")
      .select("id")
      .where("id", "in", ids)
      .where("state", "in", ["answered", "failed"])
      .execute();
    await removeMessages(
      database,
      over.map((message) => String(message.id)),
    );
    await removeTask(database, codec, String(id));
  }
}
