import type { Message } from "../../../core/message.ts";
import type { Delivery } from "./deliver.ts";
import { emptyBox } from "./draft.ts";
import { boxHoldsText, journal } from "./prove.ts";

/** A terminal command that outlived its orchestrator, and the hook and transcript writes after it, are done by then. */
const SETTLE_MS = 2_000;

/**
 * Settles a message that a dead process left `typed` or `submitted`. Evidence of arrival → `recorded`; the text still
 * in the input box and nothing submitted → back to `queued` (it is typed again from the start); otherwise `unknown`:
 * it may or may not have arrived, and it is never re-sent silently.
 */
export async function recover(delivery: Delivery, message: Message): Promise<void> {
  const { context, agent, program } = delivery;
  const position = { spool: message.spoolOffset ?? 0, transcript: message.transcriptOffset ?? 0 };
  const conversationId = message.conversationId ?? "";
  const expected = message.sentText ?? message.text;
  const deadline = context.clock.monotonic() + SETTLE_MS;
  do {
    const evidence = await program.delivery(agent, conversationId, expected, position);
    if (await journal(context, message, evidence)) {
      context.logger.info("delivery.recovered", { messageId: message.id, outcome: "recorded" });
      return;
    }
    await program.watch([agent], 200, context.signal);
  } while (context.clock.monotonic() < deadline);

  if (message.submittedAt === null && (await boxHoldsText(delivery)) && (await emptyBox(delivery))) {
    await context.store.messages.update(message.id, { state: "queued", holder: null, typedAt: null, via: null }, [
      "typed",
    ]);
    context.logger.info("delivery.recovered", { messageId: message.id, outcome: "queued" });
    return;
  }
  const reason = "the process that typed it ended before the delivery was proved, and no evidence of it was found";
  await context.store.messages.update(message.id, { state: "unknown", reason, holder: null }, ["typed", "submitted"]);
  context.logger.warn("delivery.recovered", { messageId: message.id, outcome: "unknown" });
}
