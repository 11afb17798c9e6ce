import type { Message } from "../../../core/message.ts";
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
 * again from the start. Otherwise `unknown`: it may or may not have arrived, and it is never re-sent silently.
 */
export async function recover(delivery: Delivery, message: Message): Promise<Attempt> {
  const { context, agent, program } = delivery;
  if (await arrives(delivery, message, SETTLE_MS)) return settled(delivery, message, "recorded");

  if (message.submittedAt === null && message.conversationId === agent.conversationId) {
    const isUnfetched = message.via === "editor" && (await program.withdrawInput(agent));
    const isInBox = !isUnfetched && (await boxHolds(delivery, [message.sentText ?? message.text]));
    const report = isInBox ? await observeAgent(context, agent) : undefined;
    // The keys that empty the box would stop a person's turn.
    if (report?.state === "working") return { outcome: "not-now", report };
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

/** Waits for evidence; true once the message is recorded. */
async function arrives({ context, agent, program }: Delivery, message: Message, maxMs: number): Promise<boolean> {
  const position = { spool: message.spoolOffset ?? 0, transcript: message.transcriptOffset ?? 0 };
  const expected = message.sentText ?? message.text;
  const deadline = context.clock.monotonic() + maxMs;
  for (;;) {
    const evidence = await program.delivery(agent, message.conversationId ?? "", expected, position);
    if (await journal(context, message, evidence)) return true;
    const left = deadline - context.clock.monotonic();
    if (left <= 0) return false;
    await program.watch([agent], Math.min(left, 200), context.signal);
  }
}

function settled({ context, agent }: Delivery, message: Message, outcome: Message["state"]): Attempt {
  context.logger.info("delivery.recovered", { agentId: agent.id, messageId: message.id, outcome });
  return { outcome: "settled" };
}
