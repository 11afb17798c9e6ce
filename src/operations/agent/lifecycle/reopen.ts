import type { Agent } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import type { AgentProgram } from "../../../core/ports/agent-program.ts";
import type { Session } from "../../../core/session.ts";
import type { Context } from "../../context.ts";
import { ensureWorktree } from "../../worktree/ensure.ts";
import { endAgent } from "./end.ts";
import { installedProgram } from "./installed-program.ts";
import { type OpenOptions, openAgent } from "./open.ts";

/**
 * Opens a new terminal for an agent whose process is gone, with the Claude Code that is installed now. From then on it is
 * one of ours, also where a person had started it. The caller holds the agent's lease.
 * @throws CONVERSATION_IN_USE, and what keeps Claude Code from being started
 */
export async function reopenAgent(
  context: Context,
  session: Session,
  agent: Agent,
  options: OpenOptions,
): Promise<Agent> {
  const program = await context.program(session.backend);
  const installed = await installedProgram(context, session.backend);
  if (options.conversation.mode === "resume") await assertFree(program, agent, options.conversation.id);
  const env =
    options.conversation.mode === "resume" ? environmentOf(context, program, agent, options) : context.caller.env;
  await ensureWorktree(context, agent);
  // A terminal that outlived its Claude Code (it shows how it ended) makes room for the new one.
  if (agent.terminal) await endAgent(context, agent);
  const renewed = {
    claudeBin: installed.path,
    claudeVersion: installed.version,
    configDir: program.configDir({ ...env, ...options.extraEnv }),
    isAdopted: false,
  };
  await context.store.agents.update(agent.id, renewed);
  const calling = { ...context, caller: { ...context.caller, env } };
  return openAgent(calling, session, { ...agent, ...renewed }, options);
}

/** Nothing in Claude Code stops a second process from writing to the same conversation (claude-code-facts §10). */
async function assertFree(program: AgentProgram, agent: Agent, conversationId: string): Promise<void> {
  const user = (await program.running(agent.configDir)).find((one) => one.conversationId === conversationId);
  if (!user) return;
  throw new AppError(
    "CONVERSATION_IN_USE",
    `The conversation of agent ${agent.name} is open in another Claude Code, process ${user.pid}`,
    { details: { agentId: agent.id, conversation: conversationId, pid: user.pid } },
  );
}

/**
 * The caller's environment, but with the configuration folder in which the conversation lies. The variable is left out
 * where that is the default one: with it, Claude Code looks for its global settings in another place.
 */
function environmentOf(
  context: Context,
  program: AgentProgram,
  agent: Agent,
  { extraEnv }: OpenOptions,
): Record<string, string> {
  const { CLAUDE_CONFIG_DIR: _, ...without } = context.caller.env;
  const leadsThere = (env: Record<string, string>) => program.configDir({ ...env, ...extraEnv }) === agent.configDir;
  if (leadsThere(context.caller.env)) return context.caller.env;
  return leadsThere(without) ? without : { ...without, CLAUDE_CONFIG_DIR: agent.configDir };
}
