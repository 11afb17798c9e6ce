import type { Session } from "../../core/session.ts";
import type { AddedItem } from "../../core/todo/claim-lines.ts";
import type { Context } from "../context.ts";
import { submittedLately } from "../task/worker-limits.ts";

/** Who submitted a task that was a line of TODO.md: nobody can tell whether a person or an agent wrote it. */
export const TODO_AUTHOR = "todo-file";

export interface Admitted {
  items: AddedItem[];
  /** Why the other lines stay what they are; null where there are none. */
  because: string | null;
}

/**
 * Which of the lines that somebody added become tasks now. The file gives nobody more than an agent has: at level `high` a
 * person says yes to each task of an agent, which a line in a file cannot ask for; and lines become tasks only as fast as an
 * agent may submit them, the others later.
 */
export async function admittedItems(
  context: Pick<Context, "store" | "clock" | "settings">,
  session: Session,
  added: readonly AddedItem[],
): Promise<Admitted> {
  if (added.length === 0) return { items: [], because: null };
  if (session.securityLevel === "high") {
    return { items: [], because: "the session's security level is high: claude-orch task submit submits them" };
  }
  const limit = context.settings.agentMessagesPerMinute;
  const lately = await submittedLately(context, context.store.tasks, { sessionId: session.id, createdBy: TODO_AUTHOR });
  const items = added.slice(0, Math.max(0, limit - lately));
  return { items, because: items.length < added.length ? `${limit} lines a minute become tasks; they follow` : null };
}
