import { observeAgents } from "../agent/observe.ts";
import type { Context } from "../context.ts";
import { resolveSession, visibleSessions } from "../resolve.ts";
import type { ObservedAgent } from "./agent-items.ts";

/** Ids of the session, or of all that the caller may see. */
export async function sessionsSeen(context: Context, session: string | undefined): Promise<Set<string>> {
  const sessions = session === undefined ? await visibleSessions(context) : [await resolveSession(context, session)];
  return new Set(sessions.map(({ id }) => id));
}

/** Every agent of the session, or of all, with its state now; by agent id. */
export async function observeAll(context: Context, session: string | undefined): Promise<Map<string, ObservedAgent>> {
  const sessions = session === undefined ? await visibleSessions(context) : [await resolveSession(context, session)];
  const byId = new Map(sessions.map((each) => [each.id, each]));
  const agents = (await context.store.agents.list()).filter(({ sessionId }) => byId.has(sessionId));
  const reports = await observeAgents(context, agents);
  return new Map(
    agents.flatMap((agent, index) => {
      const [of, report] = [byId.get(agent.sessionId), reports[index]];
      return of && report ? [[agent.id, { agent, session: of, report }] as const] : [];
    }),
  );
}

export function reportsOf(observed: ReadonlyMap<string, ObservedAgent>): Map<string, ObservedAgent["report"]> {
  return new Map([...observed].map(([id, { report }]) => [id, report]));
}
