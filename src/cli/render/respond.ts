import type { AgentView } from "../../core/agent.ts";
import type { RequestOutcome } from "../../core/request.ts";
import { type Output, printable } from "../output.ts";
import { paintState } from "./agents.ts";

interface Responded {
  agent: AgentView;
  request: { summary: string; outcome: RequestOutcome; decision: string };
}

/** What became of the request, and what the agent does now. */
export function renderResponded({ agent, request }: Responded, output: Output): void {
  const { paint } = output;
  const outcome = request.outcome === "gone" ? "done" : request.outcome;
  const paintOutcome = outcome === "denied" ? paint.red : paint.green;
  output.data(`${paintOutcome(outcome)} ${printable(request.summary)}`);
  if (output.isTerminal) output.note(paint.dim(printable(`decided: ${request.decision}`)));
  output.data(`${printable(`${agent.session.name}/${agent.name}`)} ${paintState(agent.state, agent.state, output)}`);
}
