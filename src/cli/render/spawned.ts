import type { AgentView } from "../../core/agent.ts";
import type { MessageView } from "../../core/message.ts";
import type { Output } from "../output.ts";
import { formatAgent, formatAgents } from "./agents.ts";
import { renderMessage } from "./messages.ts";

interface Spawned {
  agent?: AgentView;
  agents?: AgentView[];
  message?: MessageView;
  messages?: MessageView[];
}

export function renderSpawned({ agent, agents, message, messages }: Spawned, output: Output): void {
  if (agent) output.data(formatAgent(agent, output));
  if (agents) output.data(formatAgents(agents, output));
  for (const sent of [...(message ? [message] : []), ...(messages ?? [])]) renderMessage({ message: sent }, output);
}
