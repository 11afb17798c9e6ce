import type { Agent } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import type { MessageRepository } from "../../../core/ports/store.ts";
import type { Context } from "../../context.ts";

/** Longer chains than this are agents answering each other for ever, not work being handed on. */
const MAX_HOPS = 8;
const MINUTE_MS = 60_000;

/**
 * How many agents a message from this caller was passed on by: 0 from people and managers.
 * @throws MESSAGE_LOOP, INVALID_INPUT for an agent that sends to itself
 */
export async function countHops(context: Context, receiver: Agent): Promise<number> {
  const { principal } = context.caller;
  if (principal.kind !== "worker") return 0;
  if (principal.agentId === receiver.id)
    throw new AppError("INVALID_INPUT", "An agent cannot send a message to itself");
  // What the sender is working on now is what it is answering or handing on.
  const current = (await context.store.messages.unanswered(principal.agentId)).at(-1);
  const hops = (current?.hops ?? 0) + 1;
  if (hops <= MAX_HOPS) return hops;
  throw new AppError("MESSAGE_LOOP", `This message would be passed on between agents for the ${hops}th time in a row`, {
    details: { hops, limit: MAX_HOPS },
  });
}

/**
 * Agents may talk to each other only so fast. To be called in the transaction that inserts the message: a broadcast sends
 * many at once.
 * @throws MESSAGE_RATE_EXCEEDED
 */
export async function assertRate(context: Context, messages: Pick<MessageRepository, "countFrom">): Promise<void> {
  const { principal } = context.caller;
  if (principal.kind !== "worker") return;
  const limit = context.settings.agentMessagesPerMinute;
  const sent = await messages.countFrom(principal.agentId, context.clock.now() - MINUTE_MS);
  if (sent < limit) return;
  throw new AppError(
    "MESSAGE_RATE_EXCEEDED",
    `This agent sent ${sent} messages within a minute, and may send ${limit}`,
    { details: { sent, limit } },
  );
}
