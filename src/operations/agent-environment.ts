import { AppError } from "../core/errors.ts";
import type { AgentRepository } from "../core/ports/store.ts";
import type { Principal } from "../core/principal.ts";

/** Set in the environment of every agent we start, and so in that of every command it runs. */
const AGENT_VARIABLE = "CLAUDE_ORCH_AGENT_ID";

/** Is this the environment of an agent's process, or of a command it runs? */
export function isAgentEnvironment(env: Readonly<Record<string, string | undefined>>): boolean {
  return env[AGENT_VARIABLE] !== undefined;
}

/**
 * The agent that a call comes from, by its environment: what an agent runs in its shell has an agent's rights, not those
 * of the person who started it. (No wall: whoever may run commands may also change their environment.)
 * @throws PERMISSION_DENIED when the environment names an agent that there is none of
 */
export async function agentOfEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  agents: Pick<AgentRepository, "get">,
): Promise<Principal | undefined> {
  const agentId = env[AGENT_VARIABLE];
  if (agentId === undefined) return undefined;
  const agent = await agents.get(agentId);
  if (agent) return { kind: "worker", agentId: agent.id, sessionId: agent.sessionId };
  throw new AppError("PERMISSION_DENIED", `${AGENT_VARIABLE} names no agent: ${agentId}`, {
    hint: `Unset ${AGENT_VARIABLE}, if this is no agent's process.`,
    details: { agentId },
  });
}
