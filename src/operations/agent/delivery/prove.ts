import { parseDuration } from "../../../core/duration.ts";
import type { Message } from "../../../core/message.ts";
import type { DeliveryEvidence, EvidencePosition } from "../../../core/ports/agent-program.ts";
import type { Context } from "../../context.ts";
import type { Delivery } from "./deliver.ts";
import { boxHolds } from "./draft.ts";
import { isForPeople } from "./seen.ts";
import { endUndelivered } from "./undelivered.ts";

/** A swallowed Enter is repeated after this long without any sign (UserPromptSubmit comes 5–130 ms after Enter). */
const ENTER_PATIENCE_MS = 600;
const MAX_ENTERS = 5;

/**
 * Waits for the evidence that a typed text arrived: UserPromptSubmit → `submitted`, the transcript's user entry →
 * `recorded`. Only Enter is ever repeated, and only while this very text demonstrably still stands in the box: a
 * person's draft is never submitted. Without proof in time the message becomes `unknown`. False when it stands in Claude
 * Code's own queue by then: it is recorded when a turn takes it up, and `recover` settles it.
 *
 * Not cancellable: it is bounded by the setting deliveryTimeout, and giving up in between would leave a typed message
 * for recovery although its proof is usually milliseconds away.
 */
export async function proveDelivery(
  delivery: Delivery,
  message: Message,
  position: EvidencePosition,
): Promise<boolean> {
  const { context, agent, program } = delivery;
  const { clock } = context;
  const deadline = clock.monotonic() + (parseDuration(context.settings.deliveryTimeout) ?? 30_000);
  const text = message.sentText ?? message.text;
  let enters = 1;
  let lastEnterAt = clock.monotonic();
  for (;;) {
    const evidence = await program.delivery(agent, message.conversationId ?? "", text, position);
    if (await journal(context, message, evidence)) return true;
    const now = clock.monotonic();
    if (now >= deadline && evidence.isQueued) return false;
    if (now >= deadline) break;
    if (!evidence.submitted && now - lastEnterAt >= ENTER_PATIENCE_MS && enters < MAX_ENTERS) {
      lastEnterAt = now;
      if (await boxHolds(delivery, [text])) {
        enters += 1;
        context.logger.info("delivery.enter-repeated", { messageId: message.id, attempt: enters });
        if (agent.terminal) await delivery.backend.input(agent.terminal, [{ kind: "keys", keys: ["Home", "Enter"] }]);
      }
    }
    await program.watch([agent], Math.min(250, deadline - now));
  }
  const reason = (await boxHolds(delivery, [text]))
    ? "the text still stands in the input box and was not submitted"
    : "neither hook nor transcript reported the text in time";
  await endUndelivered(context, message, { state: "unknown", reason }, ["typed", "submitted"]);
  return true;
}

/** Writes what the evidence proves into the row; true once it is recorded. */
export async function journal(context: Context, message: Message, evidence: DeliveryEvidence): Promise<boolean> {
  const { messages } = context.store;
  if (evidence.recorded) {
    const { at } = evidence.recorded;
    const promptId = evidence.recorded.promptId ?? evidence.submitted?.promptId ?? message.promptId;
    const submittedAt = message.submittedAt ?? evidence.submitted?.at ?? at;
    const isNews = await messages.update(
      message.id,
      {
        state: "recorded",
        promptId,
        submittedAt,
        recordedAt: Math.max(at, submittedAt),
        holder: null,
        reason: null,
        // That its delivery was in doubt, was seen; how it ends now, was not.
        ...(message.state === "unknown" && isForPeople(message.sender) ? { seenAt: null } : {}),
      },
      ["typed", "submitted", "unknown"],
    );
    if (isNews) context.logger.info("message.recorded", { agentId: message.agentId, messageId: message.id });
    return true;
  }
  if (evidence.submitted && message.submittedAt === null) {
    const { at, promptId } = evidence.submitted;
    message.submittedAt = at;
    await messages.update(message.id, { state: "submitted", promptId, submittedAt: at }, ["typed"]);
  }
  return false;
}
