import type { MessageRepository } from "../core/ports/store.ts";
import type { TaskAttempt } from "../core/task.ts";
import { promptKey } from "./names.ts";

/** Ids of the messages of a try, also of one whose sender was cut off before it had written that down. */
export async function sentPrompts(
  messages: Pick<MessageRepository, "findByIdempotencyKey">,
  taskId: string,
  { agentId, number, prompts, messageIds }: TaskAttempt,
): Promise<string[]> {
  if (agentId === null || prompts.length === messageIds.length) return messageIds;
  const last = await messages.findByIdempotencyKey(agentId, promptKey(taskId, number, messageIds.length));
  return last ? [...messageIds, last.id] : messageIds;
}
