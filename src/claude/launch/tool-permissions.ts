import type { Role } from "../../core/role.ts";
import { rulesOf, type SourcedRule } from "../../core/role-rights.ts";
import type { SecurityLevel, Session } from "../../core/session.ts";

/** Name of the agent's own entry in its MCP configuration, and so of its tools: `mcp__claude-orch__…`. */
export const MCP_ENTRY = "claude-orch";

/** Look at the agent's own session and change nothing. */
const READING = [
  "session_show",
  "agent_list",
  "agent_show",
  "agent_log",
  "agent_read",
  "agent_wait",
  "status",
  "team_list",
  "team_show",
  "task_list",
  "task_show",
];
/** Say how its own task stands. */
const REPORTING = ["task_report"];
/** Put words into another agent's conversation, in an envelope that names the sender. */
const SENDING = ["agent_send", "broadcast", "team_coordinate"];
/** Put work into the queue of its session, without a command that is run for it. */
const SUBMITTING = ["task_submit"];
/** Start agents of its own, within its own rights: only for roles that say so. */
const SPAWNING = ["agent_spawn"];

/** The `permissions` of Claude Code's settings. It applies deny before ask, and ask before allow (2.1.197, 2.1.330). */
export interface Permissions {
  allow: string[];
  ask: string[];
  deny: string[];
}

/** What an agent of this role may do without asking, and may never do: our own tools, its role's rules, its session's. */
export function permissionRules(session: Pick<Session, "securityLevel" | "policy">, role: Role): SourcedRule[] {
  const own = allowedTools(session.securityLevel, role).map(
    (rule) => ({ effect: "allow", rule, source: "claude-orch" }) as const,
  );
  return [...own, ...rulesOf(role, session)];
}

export function agentPermissions(session: Pick<Session, "securityLevel" | "policy">, role: Role): Permissions {
  const rules = permissionRules(session, role);
  const of = (effect: SourcedRule["effect"]) => [
    ...new Set(rules.filter((one) => one.effect === effect).map(({ rule }) => rule)),
  ];
  return { allow: of("allow"), ask: of("ask"), deny: of("deny") };
}

/**
 * Permission rules that let an agent use its own entry without asking a person each time. Every tool is named: whatever
 * else a server may offer under that name is asked about. At level `high` a person says yes to each message that one
 * agent sends to another, because the other may hold permissions that the sender lacks; to each task that it submits, and
 * to each agent that it starts.
 */
function allowedTools(level: SecurityLevel, role: Pick<Role, "spawn">): string[] {
  const acting = [...SENDING, ...SUBMITTING, ...(role.spawn ? SPAWNING : [])];
  const tools = [...READING, ...REPORTING, ...(level === "high" ? [] : acting)];
  return tools.map((tool) => `mcp__${MCP_ENTRY}__${tool}`);
}
