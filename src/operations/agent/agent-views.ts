import type { Agent, AgentView } from "../../core/agent.ts";
import type { Session } from "../../core/session.ts";
import type { Context } from "../context.ts";
import { toAgentView } from "../views.ts";
import { observeAgents } from "./observe.ts";

/** Views of all agents of these sessions, oldest first within each session. */
export async function agentViews(context: Context, sessions: readonly Session[]): Promise<AgentView[]> {
  const byId = new Map(sessions.map((session) => [session.id, session]));
  const agents = (await context.store.agents.list()).filter(({ sessionId }) => byId.has(sessionId));
  const reports = await observeAgents(context, agents);
  return agents.flatMap((agent, index) => {
    const [session, report] = [byId.get(agent.sessionId), reports[index]];
    return session && report ? [toAgentView(agent, session, report)] : [];
  });
}

/** View of one agent, from its evidence now. */
export async function agentViewOf(context: Context, agent: Agent): Promise<AgentView> {
  const session = await context.store.sessions.get(agent.sessionId);
  const [report] = await observeAgents(context, [agent]);
  if (!session || !report) throw new Error("an agent belongs to a session and has a state");
  return toAgentView(agent, session, report);
}
