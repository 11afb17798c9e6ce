import { toAppError } from "../../core/errors.ts";
import type { Message } from "../../core/message.ts";
import { settleAnswer } from "../agent/delivery/answer.ts";
import { proveLater } from "../agent/delivery/prove-later.ts";
import { isForPeople, markSeen } from "../agent/delivery/seen.ts";
import type { Context } from "../context.ts";
import type { ObservedAgent } from "./agent-items.ts";

/** Messages of people and managers that ended and that nobody has looked at, after the latest evidence was taken in. */
export async function unseenMessages(context: Context, agents: ReadonlyMap<string, ObservedAgent>): Promise<Message[]> {
  await settleEnded(context, agents);
  const unseen = (await context.store.messages.unseen()).filter(({ agentId, sender }) => {
    return agents.has(agentId) && isForPeople(sender);
  });
  const current = await Promise.all(
    unseen.map((message) => (message.state === "unknown" ? proveLater(context, message) : message)),
  );
  return current.filter((message) => message.state !== "recorded" && !isTold(message, agents.get(message.agentId)));
}

/** The agent's own error says it already. */
function isTold(message: Message, observed: ObservedAgent | undefined): boolean {
  return message.answer?.isError === true && observed?.report.state === "errored";
}

/** Stores the answers of turns that ended while nobody waited for them. */
async function settleEnded(context: Context, agents: ReadonlyMap<string, ObservedAgent>): Promise<void> {
  const open = (await context.store.messages.unanswered()).filter(({ agentId }) => agents.has(agentId));
  const newest = new Map(open.map((message) => [message.agentId, message.id]));
  for (const message of open) {
    const observed = agents.get(message.agentId);
    // The turn that runs.
    const isRunning = ["working", "waiting"].includes(observed?.report.state ?? "");
    if (!observed || (isRunning && newest.get(message.agentId) === message.id)) continue;
    try {
      await settleAnswer(context, observed.agent, message);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.kind === "cancelled") throw error;
      context.logger.warn("inbox.settle-failed", { messageId: message.id, error: error.message });
    }
  }
}

/** Takes these messages, or all, out of the inbox. Returns the ids that were in it. */
export async function takeOut(
  context: Context,
  unseen: readonly Message[],
  ids: readonly string[] | "all",
): Promise<string[]> {
  const chosen = ids === "all" ? unseen : unseen.filter(({ id }) => ids.includes(id));
  await markSeen(context, chosen);
  return chosen.map(({ id }) => id);
}
