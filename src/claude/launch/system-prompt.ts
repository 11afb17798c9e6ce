import type { Agent } from "../../core/agent.ts";
import type { Protocol } from "../../core/protocol.ts";
import type { Role } from "../../core/role.ts";
import type { Session } from "../../core/session.ts";

/** What is appended to Claude Code's own system prompt: who the agent is, then what its role, protocol and spawner say. */
export function agentSystemPrompt(agent: Agent, session: Session, role: Role, protocol: Protocol | null): string {
  const identity =
    `You are ${agent.name}, agent number ${agent.number} of the claude-orch session "${session.name}", one of a team of ` +
    `Claude Code agents that work on ${session.root}, each in its own terminal. Other agents may be changing files of ` +
    "the same codebase at the same time. The MCP server claude-orch knows the team and its tasks.";
  const duty = `Your role is ${role.name}.${role.prompt === "" ? "" : `\n\n${role.prompt}`}`;
  const working = protocol === null ? "" : `You work by the protocol ${protocol.name}.\n\n${protocol.text}`;
  const parts = [identity, duty, working, agent.systemPrompt?.trim() ?? ""];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
