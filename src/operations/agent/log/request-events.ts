import type { AgentEvent } from "../../../core/agent-event.ts";
import type { RequestAnswer } from "../../../core/request.ts";

/** What an agent asked and how we answered. */
export function requestEvents(answer: RequestAnswer): AgentEvent[] {
  const { id: requestId, kind, summary, request, decidedBy: by, state, outcome, reason, settledAt } = answer;
  const about = { requestId, ...(request.tool === undefined ? {} : { tool: request.tool }) };
  const asked: AgentEvent = {
    at: Math.min(request.since ?? answer.createdAt, answer.createdAt),
    kind: "request.asked",
    summary: `${kind}: ${summary}`,
    ...about,
  };
  if (settledAt === null || state === "deciding") return [asked];
  const isSettled = state === "settled";
  const said = isSettled ? `${outcome ?? "answered"} by ${by}` : `the answer of ${by} failed`;
  return [
    asked,
    {
      at: settledAt,
      kind: isSettled ? "request.answered" : "request.failed",
      summary: reason === null ? said : `${said}: ${reason}`,
      ...about,
      ...{ outcome, by },
    },
  ];
}
