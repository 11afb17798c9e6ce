import * as z from "zod";
import { type Agent, agentView } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { Role } from "../../core/role.ts";
import type { Session } from "../../core/session.ts";
import type { Context } from "../context.ts";
import { agentRef, duration, milliseconds } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent } from "../resolve.ts";
import { startsWith } from "../role/defaults.ts";
import { resolveRole } from "../role/resolve-role.ts";
import { agentViewOf } from "./agent-views.ts";
import { isGone, pumpQueue } from "./delivery/drive.ts";
import { assertMayEnd, endAgent } from "./lifecycle/end.ts";
import { waitUntilReady } from "./lifecycle/open.ts";
import { reopenAgent } from "./lifecycle/reopen.ts";
import { settleCutOff } from "./lifecycle/settle-cut-off.ts";
import { underLease } from "./lifecycle/under-lease.ts";
import { observeAgent } from "./observe.ts";
import { parseEnv } from "./parse-env.ts";

const APPLIED = ["now", "at its next start"] as const;

export const agentAssignRole = defineOperation({
  name: "agent.assign-role",
  title: "Assign a role",
  summary: "Give an agent another role, from its next turn on",
  description:
    "Changes an agent's role. Claude Code reads prompt and permission rules only when it starts, so a running agent is started again with its conversation (`applied` is `now`); one that does not run, or was adopted, has the role from its next start on. A model or permission mode that was given at the spawn stays; one that came from the old role goes with it. Refused while it works or waits, unless forced: then its turn is cut off.",
  effect: "write",
  risk: "high",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({
    agent: agentRef,
    role: z.string().min(1).describe("Name or alias of the role"),
    force: z.boolean().default(false).describe("Even while it works or waits"),
    timeout: duration("How long it may take to be ready again; default: the setting spawnTimeout"),
    env: z
      .array(z.string())
      .default([])
      .describe("Extra environment: K=V, or K to take it from the caller's environment"),
  }),
  output: z.object({
    agent: agentView,
    applied: z.enum(APPLIED),
    missingEnv: z
      .array(z.string())
      .optional()
      .describe("Variables it was spawned with (--env) that neither this call nor the caller's environment has"),
  }),
  errors: [
    "AGENT_NOT_FOUND",
    "ROLE_NOT_FOUND",
    "ROLE_FILE_INVALID",
    "PROTOCOL_NOT_FOUND",
    "PROTOCOL_FILE_INVALID",
    "AGENT_BUSY",
    "AGENT_NOT_RUNNING",
    "BRANCH_IN_USE",
    "GIT_NOT_INSTALLED",
    "GIT_COMMAND_FAILED",
    "CLAUDE_NOT_INSTALLED",
    "CLAUDE_TOO_OLD",
    "CLAUDE_LAUNCH_FAILED",
    "BACKEND_UNAVAILABLE",
    "READY_TIMEOUT",
    "PERMISSION_DENIED",
  ],
  cli: {
    args: ["agent", "role"],
    examples: ["agent assign-role api reviewer", "agent assign-role shop/api tester --force"],
  },
  async run(input, context) {
    const { id, sessionId, name } = await resolveAgent(context, input.agent);
    const session = await context.store.sessions.get(sessionId);
    if (!session) throw new AppError("SESSION_NOT_FOUND", `The session of agent ${name} is gone`);
    const extraEnv = parseEnv(input.env, context.caller.env);

    // Whoever types into its terminal holds the lease: nothing is cut off between the look and the end.
    const changed = await underLease(context, id, async () => {
      const agent = await resolveAgent(context, id);
      const role = await resolveRole(context, session, input.role, agent.configDir);
      if (agent.isAdopted || isGone(await observeAgent(context, agent))) {
        const change = await changeTo(context, session, agent, role);
        await context.store.agents.update(id, change);
        return { agent: { ...agent, ...change }, isRestarted: false };
      }
      await assertMayEnd(context, agent, input.force);
      return { agent: await restart(context, session, agent, role, extraEnv), isRestarted: true };
    });
    context.logger.info("agent.role-assigned", {
      agentId: id,
      role: changed.agent.role,
      by: context.caller.principal.kind,
    });
    if (!changed.isRestarted)
      return { agent: await agentViewOf(context, changed.agent), applied: "at its next start" as const };

    await waitUntilReady(context, changed.agent, milliseconds(input.timeout, context.settings.spawnTimeout));
    await pumpQueue(context, changed.agent);
    const missingEnv = changed.agent.envNames.filter(
      (key) => ({ ...context.caller.env, ...extraEnv })[key] === undefined,
    );
    return {
      agent: await agentViewOf(context, changed.agent),
      applied: "now" as const,
      ...(missingEnv.length > 0 ? { missingEnv } : {}),
    };
  },
});

/** Ends its Claude Code and opens it again with its conversation and the new role. The caller holds its lease. */
async function restart(
  context: Context,
  session: Session,
  agent: Agent,
  role: Role,
  extraEnv: Record<string, string>,
): Promise<Agent> {
  const change = await changeTo(context, session, agent, role);
  const program = await context.program(session.backend);
  // A person may have opened another one in its tab.
  const id = (await program.currentConversation(agent)) ?? agent.conversationId;
  await endAgent(context, agent);
  await settleCutOff(context, { ...agent, terminal: null });
  await context.store.agents.update(agent.id, change);
  // Without a first prompt Claude Code has written no transcript, and there is nothing to resume.
  const isResumed = id !== null && (await program.transcriptPath(agent, id)) !== undefined;
  const conversation = isResumed ? { id, mode: "resume" as const } : { id: context.ids.uuid(), mode: "new" as const };
  const ended: Agent = { ...agent, ...change, terminal: null, lifecycle: "closed" };
  return reopenAgent(context, session, ended, { conversation, extraEnv });
}

/** What the new role changes of the agent. */
async function changeTo(
  context: Context,
  session: Session,
  agent: Agent,
  role: Role,
): Promise<Pick<Agent, "role" | "model" | "permissionMode">> {
  const wanted = startsWith(role, {}, context.settings);
  const earlier = await resolveRole(context, session, agent.role, agent.configDir)
    .then((old) => startsWith(old, {}, context.settings))
    .catch(() => undefined);
  const isGiven = {
    model: earlier !== undefined && agent.model !== earlier.model.value,
    // Where the old role cannot be read any more, nobody can say: the new role's mode is what was asked for now.
    permissionMode: earlier !== undefined && agent.permissionMode !== earlier.permissionMode.value,
  };
  return {
    role: role.name,
    model: isGiven.model ? agent.model : wanted.model.value,
    permissionMode: isGiven.permissionMode ? agent.permissionMode : wanted.permissionMode.value,
  };
}
