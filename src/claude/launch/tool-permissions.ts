import type { SecurityLevel } from "../../core/session.ts";

/** Name of the agent's own entry in its MCP configuration, and so of its tools: `mcp__claude-orch__…`. */
export const MCP_ENTRY = "claude-orch";

/** Look at the agent's own session and change nothing. */
const READING = ["session_show", "agent_list", "agent_show", "agent_read", "agent_wait", "status"];
/** Put words into another agent's conversation, in an envelope that names the sender. */
const SENDING = ["agent_send", "broadcast"];

/**
 * Permission rules that let an agent use its own entry without asking a person each time. Every tool is named: whatever
 * else a server may offer under that name is asked about. At level `high` a person says yes to each message that one
 * agent sends to another, because the other may hold permissions that the sender lacks.
 */
export function allowedTools(level: SecurityLevel): string[] {
  const tools = level === "high" ? READING : [...READING, ...SENDING];
  return tools.map((tool) => `mcp__${MCP_ENTRY}__${tool}`);
}
