import type { AgentState } from "../../core/agent.ts";
import { type Output, printable } from "../output.ts";
import { paintState } from "./agents.ts";

interface Waited {
  agents: { name: string; state: AgentState; because: string }[];
  timedOut: boolean;
}

export function renderWaited({ agents, timedOut }: Waited, output: Output): void {
  for (const { name, state, because } of agents)
    output.data(`${name} ${paintState(state, state, output)}: ${printable(because)}`);
  if (timedOut) output.note("The time is over; nothing was cancelled.");
}
