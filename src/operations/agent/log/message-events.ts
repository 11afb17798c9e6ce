import type { AgentEvent } from "../../../core/agent-event.ts";
import { formatAge } from "../../../core/duration.ts";
import type { Message } from "../../../core/message.ts";

/**
 * What became of a message, without its text. A failure has no time of its own in the store: `failedAt` is what the log
 * says; without it, the last time that is known.
 */
export function messageEvents(message: Message, failedAt: number | undefined): AgentEvent[] {
  const {
    id: messageId,
    sender,
    state,
    reason,
    answer,
    createdAt,
    typedAt,
    submittedAt,
    recordedAt,
    answeredAt,
  } = message;
  const events: AgentEvent[] = [
    { at: createdAt, kind: "message.queued", summary: `queued by ${sender}`, messageId, sender },
  ];
  if (typedAt !== null) {
    events.push({
      at: typedAt,
      kind: "message.typed",
      summary: message.via === null ? "typed" : `typed (${message.via})`,
      messageId,
    });
  }
  if (submittedAt !== null) {
    events.push({ at: submittedAt, kind: "message.submitted", summary: "taken by Claude Code", messageId });
  }
  if (recordedAt !== null) {
    events.push({ at: recordedAt, kind: "message.recorded", summary: "recorded in the transcript", messageId });
  }
  if (state === "failed" || state === "unknown") {
    const at = failedAt ?? submittedAt ?? typedAt ?? createdAt;
    const what = state === "failed" ? "failed" : "delivery not proved";
    events.push({ at, kind: `message.${state}`, summary: reason === null ? what : `${what}: ${reason}`, messageId });
  }
  if (answeredAt === null || !answer) return events;
  const { durationMs, isError, interrupted, usage } = answer;
  const how = isError ? "ended in an error" : interrupted ? "interrupted" : "answered";
  events.push({
    at: answeredAt,
    kind: "message.answered",
    summary: durationMs === null ? how : `${how} after ${formatAge(durationMs)}`,
    ...{ messageId, durationMs, isError, interrupted },
    ...(usage ? { usage } : {}),
  });
  if (usage) {
    const read = usage.inputTokens + usage.cacheCreationTokens + usage.cacheReadTokens;
    const summary = `${read} tokens in, ${usage.outputTokens} out`;
    events.push({ at: answeredAt, kind: "usage", summary, messageId, usage });
  }
  return events;
}
