import type { Agent } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import type { RequestAnswer, RequestOutcome } from "../../../core/request.ts";

/** @throws REQUEST_CLOSED, saying how and by whom, when this answer of ours has settled the request */
export function assertRequestOpen(agent: Agent, { id, state, outcome, decidedBy, reason }: RequestAnswer): void {
  if (state !== "settled" || outcome === null || outcome === "open") return;
  const how = reason ?? `${outcome} by ${decidedBy}`;
  throw new AppError("REQUEST_CLOSED", `Request ${id} of agent ${agent.name} is closed: ${how}`, {
    details: { agentId: agent.id, requestId: id, outcome, decidedBy },
  });
}

/** The error of an answer that came too late: somebody in the terminal, or another answer, was faster. */
export function answeredByOthers(agent: Agent, requestId: string, outcome: RequestOutcome): AppError {
  const how = outcome === "gone" || outcome === "open" ? "it is no longer asked" : `it was ${outcome}`;
  return new AppError(
    "REQUEST_CLOSED",
    `Request ${requestId} of agent ${agent.name} was closed by somebody else: ${how}`,
    {
      hint: "Somebody answered in the terminal first, or the turn was stopped; run claude-orch inbox to see what is asked now.",
      details: { agentId: agent.id, requestId, outcome },
    },
  );
}
