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
  const own: Rights = {
    role: role ?? (await resolveRole(context, session, agent.role, agent.configDir)),
    permissionMode: agent.permissionMode,
    policy: session.policy,
  };
  const parent = agent.parentId === null ? undefined : await context.store.agents.get(agent.parentId);
  return parent ? handDown(await agentRights(context, session, parent), own) : own;
}
