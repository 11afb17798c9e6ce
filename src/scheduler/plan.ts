import type { AgentState } from "../core/agent.ts";
import { formatMoment } from "../core/duration.ts";
import { DEFAULT_ROLE } from "../core/role.ts";
import type { Task } from "../core/task.ts";

/** An agent, as far as the choice among agents needs it. */
export interface Candidate {
  id: string;
  sessionId: string;
  name: string;
  role: string;
  state: AgentState;
  isGone: boolean;
  /** Epoch ms, in the future: a rate or usage limit. */
  heldUntil: number | undefined;
  /** It has worked on tasks: its conversations belong to the queue. */
  isOfQueue: boolean;
  /** Nobody has said anything to it yet. */
  isUntouched: boolean;
  /** A person's own, taken over, or an agent's child: only used where it is asked for by name. */
  isPrivate: boolean;
  /** A task or messages wait for it. */
  isTaken: boolean;
}

export interface Situation {
  now: number;
  /** How many more tasks may run. */
  free: number;
  /** `heldUntil`: a usage limit of the account that its agents share. */
  sessions: ReadonlyMap<string, { name: string; maxAgents: number; agents: number; heldUntil: number | undefined }>;
  candidates: readonly Candidate[];
  /** In the order in which they should start. */
  startable: readonly Task[];
}

export type Choice =
  | { kind: "use"; agentId: string }
  /** With the task's role, which it may not have had before. */
  | { kind: "renew"; agentId: string; role: string }
  | { kind: "spawn"; role: string };

export type Decision =
  | { kind: "start"; task: Task; choice: Choice; because: string }
  | { kind: "wait"; task: Task; because: string }
  | { kind: "give-up"; task: Task; because: string };

/** Who works on what next. Pure: of the same situation, always the same decisions. */
export function plan(situation: Situation): Decision[] {
  const used = new Set<string>();
  const spawned = new Map<string, number>();
  const decisions: Decision[] = [];
  let free = situation.free;
  for (const task of situation.startable) {
    if (free <= 0) break;
    const decision = decide(situation, task, used, spawned.get(task.sessionId) ?? 0);
    decisions.push(decision);
    if (decision.kind !== "start") continue;
    free -= 1;
    if (decision.choice.kind === "spawn") spawned.set(task.sessionId, (spawned.get(task.sessionId) ?? 0) + 1);
    else used.add(decision.choice.agentId);
  }
  return decisions;
}

function decide(situation: Situation, task: Task, used: ReadonlySet<string>, spawned: number): Decision {
  const session = situation.sessions.get(task.sessionId);
  if (!session) return { kind: "wait", task, because: "its session is gone" };
  const isHeld = session.heldUntil !== undefined && session.heldUntil > situation.now;
  if (isHeld)
    return wait(
      task,
      `a usage limit holds the agents of ${session.name} until ${moment(situation, session.heldUntil)}`,
    );
  if (task.agentId !== null) return decideNamed(situation, task, task.agentId, used);

  const role = task.role ?? DEFAULT_ROLE;
  const own = situation.candidates.filter(
    (one) =>
      one.sessionId === task.sessionId &&
      !one.isPrivate &&
      !one.isTaken &&
      !used.has(one.id) &&
      !isHeldBack(one, situation.now),
  );
  const ofRole = own.filter((one) => one.role === role);
  const untouched = ofRole.find((one) => one.state === "idle" && one.isUntouched && !task.worktree);
  if (untouched) {
    return start(
      task,
      { kind: "use", agentId: untouched.id },
      `${untouched.name} has this role and nothing was said to it yet`,
    );
  }
  const idle = ofRole.find((one) => one.isOfQueue && isRenewable(one) && !one.isGone);
  if (idle) {
    return start(
      task,
      { kind: "renew", agentId: idle.id, role },
      `${idle.name} has this role and is free; it begins a new conversation`,
    );
  }
  if (session.agents + spawned < session.maxAgents) {
    return start(task, { kind: "spawn", role }, `no agent with the role ${role} was free, so a new one is started`);
  }
  const limit = `${session.name} has its ${session.maxAgents} agents`;
  const other = own.find((one) => one.isOfQueue && one.isGone) ?? own.find((one) => one.isOfQueue && isRenewable(one));
  if (other) {
    return start(
      task,
      { kind: "renew", agentId: other.id, role },
      `${limit}, and ${other.name} is free: it begins anew as ${role}`,
    );
  }
  return wait(task, `no agent with the role ${role} is free, and ${limit}`);
}

/** An agent that somebody asked for keeps its conversation: what was said before is perhaps why. */
function decideNamed(situation: Situation, task: Task, agentId: string, used: ReadonlySet<string>): Decision {
  const agent = situation.candidates.find(({ id }) => id === agentId);
  if (!agent) return { kind: "give-up", task, because: "the agent that was to do it is gone" };
  if (isHeldBack(agent, situation.now)) {
    return wait(task, `${agent.name} is held by a limit until ${moment(situation, agent.heldUntil)}`);
  }
  if (agent.isTaken || used.has(agent.id)) return wait(task, `${agent.name} has other work first`);
  if (agent.state === "working") return wait(task, `${agent.name} is working`);
  if (agent.state === "waiting") return wait(task, `${agent.name} waits for an answer`);
  return start(task, { kind: "use", agentId }, `${agent.name} was asked for`);
}

/** Also after an API error: it gets a new process. */
function isRenewable({ state }: Candidate): boolean {
  return state === "idle" || state === "errored" || state === "exited" || state === "lost";
}

function isHeldBack({ heldUntil }: Candidate, now: number): boolean {
  return heldUntil !== undefined && heldUntil > now;
}

function moment({ now }: Situation, at: number | undefined): string {
  return formatMoment(at ?? now, now);
}

function start(task: Task, choice: Choice, because: string): Decision {
  return { kind: "start", task, choice, because };
}

function wait(task: Task, because: string): Decision {
  return { kind: "wait", task, because };
}
