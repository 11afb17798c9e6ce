import type { Agent } from "../../core/agent.ts";
import { handDown, type Rights } from "../../core/handed-down.ts";
import type { Role } from "../../core/role.ts";
import type { Session } from "../../core/session.ts";
import type { Context } from "../context.ts";
import { resolveRole } from "./resolve-role.ts";

/**
 * What an agent may do, from the files and rules as they are now: its own role within the rights of all for whom it works.
 * `role` is its own role where the caller has just read it.
 * @throws ROLE_NOT_FOUND, ROLE_FILE_INVALID, for its own role or for one above: its rights would be unknown
 */
export async function agentRights(
  context: Context,
  session: Session,
  agent: Pick<Agent, "role" | "permissionMode" | "parentId" | "configDir">,
  role?: Role,
): Promise<Rights> {
  return rightsBelow(context, session, agent, { role, below: [] });
}

/** `below`: parents that are looked at already; no start makes a circle of them, and a damaged store must not hang one. */
async function rightsBelow(
  context: Context,
  session: Session,
  agent: Pick<Agent, "role" | "permissionMode" | "parentId" | "configDir">,
  { role, below }: { role?: Role | undefined; below: readonly string[] },
): Promise<Rights> {
  const own: Rights = {
    role: role ?? (await resolveRole(context, session, agent.role, agent.configDir)),
    permissionMode: agent.permissionMode,
    policy: session.policy,
  };
  const { parentId } = agent;
  if (parentId === null || below.includes(parentId)) return own;
  const parent = await context.store.agents.get(parentId);
  return parent ? handDown(await rightsBelow(context, session, parent, { below: [...below, parentId] }), own) : own;
}
