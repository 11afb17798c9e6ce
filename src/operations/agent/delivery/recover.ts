import type { StateReport } from "../../../core/agent.ts";
import type { Message } from "../../../core/message.ts";
import type { DeliveryEvidence } from "../../../core/ports/agent-program.ts";
import { observeAgent } from "../observe.ts";
import type { Attempt, Delivery } from "./deliver.ts";
import { boxHolds, emptyBox } from "./draft.ts";
import { journal } from "./prove.ts";
import { endUndelivered } from "./undelivered.ts";

/** A terminal command that outlived its orchestrator, and the hook and transcript writes after it, are done by then. */
const SETTLE_MS = 2_000;
/** An Enter that was under way while the box was emptied shows by then. */
const AFTERTHOUGHT_MS = 500;

/**
 * Settles a message that a dead process left `typed` or `submitted`. Evidence of arrival → `recorded`. Proof that it did
 * not arrive (Claude Code has not fetched it, or this very text stands in the input box) → back to `queued`: it is typed
 * again from the start. In Claude Code's own queue → as it is, until its turn takes it up. Otherwise `unknown`: it may or
 * may not have arrived, and it is never re-sent silently.
 */
export async function recover(delivery: Delivery, message: Message): Promise<Attempt> {
  const { context, agent, program } = delivery;
  const report = await takesItUp(delivery, message);
  if (report) return { outcome: "not-now", report };
  if (await arrives(delivery, message, SETTLE_MS)) return settled(delivery, message, "recorded");

  if (message.submittedAt === null && message.conversationId === agent.conversationId) {
    const isUnfetched = message.via === "editor" && (await program.withdrawInput(agent));
    const isInBox = !isUnfetched && (await boxHolds(delivery, [message.sentText ?? message.text]));
    const now = isInBox ? await observeAgent(context, agent) : undefined;
    // The keys that empty the box would stop a person's turn.
    if (now?.state === "working") return { outcome: "not-now", report: now };
    if (isUnfetched || (isInBox && (await emptyBox(delivery)))) {
      if (await arrives(delivery, message, AFTERTHOUGHT_MS)) return settled(delivery, message, "recorded");
      await context.store.messages.update(message.id, { state: "queued", holder: null, typedAt: null, via: null }, [
        "typed",
      ]);
      return settled(delivery, message, "queued");
    }
  }
  const reason = "its delivery was cut off before it was proved, and no evidence of its arrival was found";
  await endUndelivered(context, message, { state: "unknown", reason }, ["typed", "submitted"]);
  return settled(delivery, message, "unknown");
}

/** The state of an agent whose running turn has the message in its queue: it takes it up by itself, however long that is. */
async function takesItUp(delivery: Delivery, message: Message): Promise<StateReport | undefined> {
  if (!(await evidenceOf(delivery, message)).isQueued) return undefined;
  const report = await observeAgent(delivery.context, delivery.agent);
  return report.state === "working" || report.state === "waiting" ? report : undefined;
}

function evidenceOf({ agent, program }: Delivery, message: Message): Promise<DeliveryEvidence> {
  const position = { spool: message.spoolOffset ?? 0, transcript: message.transcriptOffset ?? 0 };
  return program.delivery(agent, message.conversationId ?? "", message.sentText ?? message.text, position);
}

/** Waits for evidence; true once the message is recorded. */
async function arrives(delivery: Delivery, message: Message, maxMs: number): Promise<boolean> {
  const { context, agent, program } = delivery;
  const deadline = context.clock.monotonic() + maxMs;
  for (;;) {
    if (await journal(context, message, await evidenceOf(delivery, message))) return true;
    const left = deadline - context.clock.monotonic();
    if (left <= 0) return false;
    await program.watch([agent], Math.min(left, 200), context.signal);
  }
}

function settled({ context, agent }: Delivery, message: Message, outcome: Message["state"]): Attempt {
  context.logger.info("delivery.recovered", { agentId: agent.id, messageId: message.id, outcome });
  return { outcome: "settled" };
}
