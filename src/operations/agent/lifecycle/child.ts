import type { Agent, PermissionMode } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import { isWithin } from "../../../core/handed-down.ts";
import type { Session } from "../../../core/session.ts";
import type { Context } from "../../context.ts";
import { isInside, resolveAgent } from "../../resolve.ts";
import { agentRights } from "../../role/agent-rights.ts";

interface Wanted {
  parent?: string | undefined;
  permissionMode?: PermissionMode | undefined;
  claudeArgs: readonly string[];
  env: readonly string[];
}

/**
 * The agent that a new one is to work for: the one named; of an agent that starts another, itself. Undefined for one that
 * works for nobody.
 * @throws AGENT_DEPTH_REACHED; PERMISSION_DENIED for what goes beyond the parent's own rights
 */
export async function parentOf(context: Context, session: Session, wanted: Wanted): Promise<Agent | undefined> {
  const { principal } = context.caller;
  const ref = wanted.parent ?? (principal.kind === "worker" ? principal.agentId : undefined);
  if (ref === undefined) return undefined;
  const parent = await resolveAgent(context, ref, session.id);
  if (principal.kind === "worker") assertOwnChild(parent, principal.agentId, wanted);
  await assertDepth(context, parent);
  const { permissionMode } = await agentRights(context, session, parent);
  if (wanted.permissionMode === undefined || isWithin(wanted.permissionMode, permissionMode)) return parent;
  throw new AppError(
    "PERMISSION_DENIED",
    `An agent that works for ${parent.name} cannot have permission mode ${wanted.permissionMode}: ${parent.name} has ${permissionMode}`,
    { hint: "Leave out --permission-mode, or --parent.", details: { parentId: parent.id, permissionMode } },
  );
}

/** Arguments and environment could hand Claude Code rights that no rule of ours sees. */
function assertOwnChild(parent: Agent, callerId: string, { claudeArgs, env }: Wanted): void {
  const refuse = (what: string): never => {
    throw new AppError("PERMISSION_DENIED", `An agent may not start another one ${what}`);
  };
  if (parent.id !== callerId) refuse("in somebody else's name");
  if (claudeArgs.length > 0) refuse("with arguments of its own for Claude Code");
  if (env.length > 0) refuse("with an environment of its own");
}

async function assertDepth(context: Context, parent: Agent): Promise<void> {
  const { maxDepth } = context.settings;
  let depth = 1;
  for (let above = parent.parentId; above !== null && depth <= maxDepth; depth += 1) {
    above = (await context.store.agents.get(above))?.parentId ?? null;
  }
  if (depth <= maxDepth) return;
  throw new AppError(
    "AGENT_DEPTH_REACHED",
    `Agent ${parent.name} stands ${depth - 1} or more below the top; agents may stand at most ${maxDepth} below it`,
    { details: { parentId: parent.id, maxDepth } },
  );
}

/** @throws PERMISSION_DENIED when an agent would let another one work outside of its own folder */
export function assertWithin(context: Context, parent: Agent | undefined, cwd: string): void {
  if (context.caller.principal.kind !== "worker" || !parent || isInside(cwd, parent.cwd)) return;
  throw new AppError("PERMISSION_DENIED", `An agent may not start another one outside of its own folder ${parent.cwd}`);
}
