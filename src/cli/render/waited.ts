import type { AgentState } from "../../core/agent.ts";
import { type Output, printable } from "../output.ts";
import { evidenceOf, paintState } from "./agents.ts";

interface Waited {
  agents: { name: string; state: AgentState; because: string }[];
  timedOut: boolean;
}

export function renderWaited({ agents, timedOut }: Waited, output: Output): void {
  for (const agent of agents)
    output.data(
      `${agent.name} ${paintState(agent.state, agent.state, output)} because ${printable(evidenceOf(agent))}`,
    );
  if (timedOut) output.note("The time is over; nothing was cancelled.");
}
