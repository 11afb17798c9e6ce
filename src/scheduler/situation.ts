import type { Agent } from "../core/agent.ts";
import type { TaskRepository } from "../core/ports/store.ts";
import { DEFAULT_ROLE } from "../core/role.ts";
import type { Task } from "../core/task.ts";
import type { Crew, Look } from "./crew.ts";
import type { Candidate, Places, Situation } from "./plan.ts";
import type { SchedulerPorts } from "./ports.ts";
import { roomOf } from "./room.ts";

/** So long after its start an agent may not have taken its memory yet. */
const START_MS = 15_000;

/** What the plan is made of: only the agents of sessions in which a task could start are looked at. */
export async function readSituation(
  ports: SchedulerPorts,
  startable: readonly Task[],
  { free, open }: { free: number; open: readonly Task[] },
): Promise<Situation> {
  const { store, clock, machine, settingsSource } = ports;
  const now = clock.now();
  const busy = new Set(open.flatMap(({ attempts }) => attempts.at(-1)?.agentId ?? []));
  const starting = open.filter(({ attempts }) => now - (attempts.at(-1)?.startedAt ?? 0) < START_MS).length;
  const room = roomOf(await machine.room(), settingsSource.current(), starting);
  const queues = await store.messages.queueLengths();
  const sessions = new Map<string, Places>();
  const candidates: Candidate[] = [];
  for (const sessionId of new Set(startable.map((task) => task.sessionId))) {
    const session = await store.sessions.get(sessionId);
    if (!session) continue;
    const agents = await store.agents.list(sessionId);
    const looks = await ports.crew.look(agents);
    const ofQueue = await store.tasks.workers(agents.map(({ id }) => id));
    const tasks = startable.filter((task) => task.sessionId === sessionId);
    const { name, maxAgents } = session;
    const maxOfRole = await roleLimits(ports.crew, sessionId, tasks);
    sessions.set(sessionId, { name, maxAgents, maxOfRole, agents: agents.length, heldUntil: accountLimit(looks) });
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
  const knowing = await agentsThatKnow(store.tasks, startable);
  return { now: clock.now(), free, isIdle: open.length === 0, room, knowing, sessions, candidates, startable };
}

async function agentsThatKnow(
  tasks: Pick<TaskRepository, "get">,
  startable: readonly Task[],
): Promise<Map<string, string[]>> {
  const knowing = new Map<string, string[]>();
  for (const { id, needs, conversation } of startable) {
    if (conversation !== "kept") continue;
    const needed = await Promise.all(needs.map((need) => tasks.get(need)));
    knowing.set(
      id,
      needed.flatMap((need) => need?.attempts.at(-1)?.agentId ?? []),
    );
  }
  return knowing;
}

/** Of the roles that these tasks want. */
async function roleLimits(crew: Crew, sessionId: string, tasks: readonly Task[]): Promise<Map<string, number>> {
  const limits = new Map<string, number>();
  const roles = tasks.flatMap(({ agentId, role }) => (agentId === null ? [role ?? DEFAULT_ROLE] : []));
  for (const role of new Set(roles)) {
    const limit = await crew.maxOfRole(sessionId, role);
    if (limit !== null) limits.set(role, limit);
  }
  return limits;
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
