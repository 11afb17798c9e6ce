import type { Message, MessageState } from "../../../core/message.ts";
import type { Context } from "../../context.ts";

/**
 * Ends a message that was not delivered (`failed`), or not provably so (`unknown`), unless it has left the states `from`
 * meanwhile: then nothing happens and false is returned. The log tells that it did, not why: reasons may quote texts.
 */
export async function endUndelivered(
  { store, logger }: Pick<Context, "store" | "logger">,
  { id, agentId }: Pick<Message, "id" | "agentId">,
  { state, reason }: { state: "failed" | "unknown"; reason: string },
  from: readonly MessageState[],
): Promise<boolean> {
  const isEnded = await store.messages.update(id, { state, reason, holder: null }, from);
  if (isEnded) logger.warn(`message.${state}`, { agentId, messageId: id });
  return isEnded;
}
