import type { Agent } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { backendOf, observeAgent } from "./observe.ts";

/**
 * `/clear` or `/resume` typed by a person changes the conversation under the same process: the agent follows it. To be
 * called while it can take a prompt.
 * @throws AGENT_NOT_RUNNING without any conversation
 */
export async function followConversation(context: Context, agent: Agent): Promise<string> {
  const program = await context.program(await backendOf(context, agent));
  const current = (await program.currentConversation(agent)) ?? agent.conversationId;
  if (!current) throw new AppError("AGENT_NOT_RUNNING", `Agent ${agent.name} has no conversation`);
  if (current !== agent.conversationId) {
    await context.store.transaction(async ({ agents, conversations }) => {
      await conversations.upsert({
        id: current,
        agentId: agent.id,
        startedAt: context.clock.now(),
        endedAt: null,
        transcriptPath: null,
      });
      await agents.update(agent.id, { conversationId: current });
    });
    agent.conversationId = current;
  }
  return current;
}

/** The agent in the conversation that its process has open; one that starts or has ended stays as it is. For readers. */
export async function inItsConversation(context: Context, agent: Agent): Promise<Agent> {
  const { state, pid } = await observeAgent(context, agent);
  const isOpen = pid !== undefined && state !== "starting" && agent.conversationId !== null;
  return isOpen ? { ...agent, conversationId: await followConversation(context, { ...agent }) } : agent;
}
