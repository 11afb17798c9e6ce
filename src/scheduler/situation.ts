import type { Agent } from "../core/agent.ts";
import { DEFAULT_ROLE } from "../core/role.ts";
import type { Task } from "../core/task.ts";
import type { Look } from "./crew.ts";
import type { Candidate, Situation } from "./plan.ts";
import type { SchedulerPorts } from "./ports.ts";

/** What the plan is made of: only the agents of sessions in which a task could start are looked at. */
export async function readSituation(
  ports: SchedulerPorts,
  startable: readonly Task[],
  { free, busy }: { free: number; busy: ReadonlySet<string> },
): Promise<Situation> {
  const { store, clock } = ports;
  const queues = await store.messages.queueLengths();
  const sessions = new Map<
    string,
    { name: string; maxAgents: number; agents: number; heldUntil: number | undefined }
  >();
  const candidates: Candidate[] = [];
  for (const sessionId of new Set(startable.map((task) => task.sessionId))) {
    const session = await store.sessions.get(sessionId);
    if (!session) continue;
    const agents = await store.agents.list(sessionId);
    const looks = await ports.crew.look(agents);
    const ofQueue = await store.tasks.workers(agents.map(({ id }) => id));
    const tasks = startable.filter((task) => task.sessionId === sessionId);
    const { name, maxAgents } = session;
    sessions.set(sessionId, { name, maxAgents, agents: agents.length, heldUntil: accountLimit(looks) });
    for (const [index, agent] of agents.entries()) {
      const look = looks[index];
      if (!look) continue;
      const isOfQueue = ofQueue.has(agent.id);
      candidates.push({
        ...{ id: agent.id, sessionId, name: agent.name, role: agent.role },
        ...{ state: look.report.state, isGone: look.isGone, heldUntil: look.heldUntil },
        isOfQueue,
        isUntouched: !isOfQueue && couldTake(agent, look, tasks) && (await ports.crew.isUntouched(agent)),
        isPrivate: agent.isAdopted || agent.parentId !== null,
        isTaken: busy.has(agent.id) || (queues.get(agent.id) ?? 0) > 0,
      });
    }
  }
  return { now: clock.now(), free, sessions, candidates, startable };
}

/** Whether the longer look at its conversation is worth it. */
function couldTake(agent: Agent, { report }: Look, tasks: readonly Task[]): boolean {
  return report.state === "idle" && tasks.some(({ role }) => (role ?? DEFAULT_ROLE) === agent.role);
}

/** A usage limit is the account's, which all agents of a session share: the others would only run into it, too. */
function accountLimit(looks: readonly Look[]): number | undefined {
  const ends = looks.flatMap(({ report, heldUntil }) =>
    report.error?.kind === "usage_limit" && heldUntil !== undefined ? [heldUntil] : [],
  );
  return ends.length === 0 ? undefined : Math.max(...ends);
}
