import { sumUsage, type Usage } from "../../core/message.ts";
import type { Database } from "../scope.ts";

/** SQLite's own bound of variables in one statement is far above. */
const MANY = 500;

export const USAGE_COLUMNS = ["inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens"] as const;

/** Removes these messages, and keeps what their answers add to their agents' tokens. */
export async function removeMessages(database: Database, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += MANY) {
    const part = ids.slice(from, from + MANY);
    const sums = await database
      .selectFrom("messages")
      .select((select) => ["agentId", ...USAGE_COLUMNS.map((column) => select.fn.sum<number>(column).as(column))])
      .where("id", "in", part)
      .where("inputTokens", "is not", null)
      .groupBy("agentId")
      .execute();
    for (const row of sums) await addPastUsage(database, String(row.agentId), usageOf(row));
    await database.deleteFrom("messages").where("id", "in", part).execute();
  }
}

async function addPastUsage(database: Database, agentId: string, usage: Usage): Promise<void> {
  const past = await database
    .selectFrom("pastUsage")
    .select([...USAGE_COLUMNS])
    .where("agentId", "=", agentId)
    .executeTakeFirst();
  const total = sumUsage([usage, ...(past ? [past] : [])]);
  await database
    .insertInto("pastUsage")
    .values({ agentId, ...total })
    .onConflict((conflict) => conflict.column("agentId").doUpdateSet(total))
    .execute();
}

export function usageOf(row: Partial<Record<(typeof USAGE_COLUMNS)[number], unknown>>): Usage {
  const count = (name: (typeof USAGE_COLUMNS)[number]) => Number(row[name] ?? 0);
  return {
    inputTokens: count("inputTokens"),
    outputTokens: count("outputTokens"),
    cacheCreationTokens: count("cacheCreationTokens"),
    cacheReadTokens: count("cacheReadTokens"),
  };
}
