import { AppError } from "../../core/errors.ts";
import type { Principal } from "../../core/principal.ts";
import type { Context } from "../context.ts";
import { agentRights } from "../role/agent-rights.ts";

/** The caller, and whether it is an agent that may start others: its role says so now, and so do the roles above it. */
export async function withSpawnRight(context: Context): Promise<Principal> {
  const { principal } = context.caller;
  if (principal.kind !== "worker") return principal;
  const { agents, sessions } = context.store;
  const [agent, session] = [await agents.get(principal.agentId), await sessions.get(principal.sessionId)];
  if (!agent || !session) return principal;
  try {
    return { ...principal, maySpawn: (await agentRights(context, session, agent)).role.spawn };
  } catch (error) {
    // Whose role cannot be read has no right beyond what every agent has.
    if (error instanceof AppError && (error.code === "ROLE_NOT_FOUND" || error.code === "ROLE_FILE_INVALID"))
      return principal;
    throw error;
  }
}
