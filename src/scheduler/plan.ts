import type { AgentState } from "../core/agent.ts";
import { formatMoment } from "../core/duration.ts";
import { DEFAULT_ROLE } from "../core/role.ts";
import type { Task } from "../core/task.ts";
import { Ledger } from "./ledger.ts";
import { type Room, whyNoRoom } from "./room.ts";

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

/** A session, as far as its bounds go. */
export interface Places {
  name: string;
  maxAgents: number;
  agents: number;
  /** How many agents may have each role; roles without a bound are left out. */
  maxOfRole: ReadonlyMap<string, number>;
  /** A usage limit of the account that its agents share. */
  heldUntil: number | undefined;
}

export interface Situation {
  now: number;
  /** How many more tasks may run. */
  free: number;
  /** No task is under way: one starts whatever the machine has left, or none ever might. */
  isIdle: boolean;
  room: Room;
  sessions: ReadonlyMap<string, Places>;
  /** Of tasks whose agents shall keep their conversations: ids of the agents that have worked on what they need. */
  knowing: ReadonlyMap<string, readonly string[]>;
  /** All agents of these sessions. */
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
  const ledger = new Ledger(situation);
  const decisions: Decision[] = [];
  for (const task of situation.startable) {
    if (ledger.tasks >= situation.free) break;
    const decision = decide(situation, task, ledger);
    decisions.push(decision);
    if (decision.kind === "start") ledger.take(task.sessionId, decision.choice);
  }
  return decisions;
}

function decide(situation: Situation, task: Task, ledger: Ledger): Decision {
  const session = situation.sessions.get(task.sessionId);
  if (!session) return { kind: "wait", task, because: "its session is gone" };
  const isHeld = session.heldUntil !== undefined && session.heldUntil > situation.now;
  if (isHeld)
    return wait(
      task,
      `a usage limit holds the agents of ${session.name} until ${moment(situation, session.heldUntil)}`,
    );
  if (task.agentId !== null) return decideNamed(situation, task, task.agentId, ledger);

  const role = task.role ?? DEFAULT_ROLE;
  const own = situation.candidates.filter(
    (one) =>
      one.sessionId === task.sessionId &&
      !one.isPrivate &&
      !one.isTaken &&
      !ledger.isUsed(one) &&
      !isHeldBack(one, situation.now),
  );
  return (
    withRole(situation, task, {
      ofRole: own.filter((one) => one.role === role),
      role,
    }) ?? anew(situation, task, { session, role, own, ledger })
  );
}

/** One that runs and has the role already: nothing new is started. */
function withRole(
  { knowing }: Situation,
  task: Task,
  { ofRole, role }: { ofRole: readonly Candidate[]; role: string },
): Decision | undefined {
  if (task.conversation === "kept") {
    const idle = ofRole.filter((one) => one.isOfQueue && one.state === "idle");
    const agent = idle.find(({ id }) => knowing.get(task.id)?.includes(id)) ?? idle[0];
    const because = `${agent?.name} has this role and is free; it goes on in its conversation`;
    if (agent) return start(task, { kind: "use", agentId: agent.id }, because);
  }
  const untouched = ofRole.find((one) => one.state === "idle" && one.isUntouched && !task.worktree);
  if (untouched) {
    return start(
      task,
      { kind: "use", agentId: untouched.id },
      `${untouched.name} has this role and nothing was said to it yet`,
    );
  }
  const idle = ofRole.find((one) => one.isOfQueue && isRenewable(one) && !one.isGone);
  return (
    idle &&
    start(
      task,
      { kind: "renew", agentId: idle.id, role },
      `${idle.name} has this role and is free; it begins a new conversation`,
    )
  );
}

interface Wish {
  session: Places;
  role: string;
  /** Agents of the session that may be taken. */
  own: readonly Candidate[];
  ledger: Ledger;
}

/** A new agent of the role, or one that is free and gets it, within all bounds. */
function anew(situation: Situation, task: Task, { session, role, own, ledger }: Wish): Decision {
  const noRoom = whyTooFull(situation, ledger);
  const gone = (one: Candidate) => noRoom === undefined && one.isOfQueue && one.isGone;
  const renew = (agent: Candidate, why: string) =>
    start(
      task,
      { kind: "renew", agentId: agent.id, role },
      `${why}, and ${agent.name} is free: it begins anew as ${role}`,
    );
  const maxOfRole = session.maxOfRole.get(role);
  if (maxOfRole !== undefined && ledger.ofRole(task.sessionId, role) >= maxOfRole) {
    const limit = `${session.name} has its ${agents(maxOfRole)} with this role`;
    const ended = own.find((one) => one.role === role && gone(one));
    return ended ? renew(ended, limit) : wait(task, `no agent with the role ${role} is free, and ${limit}`);
  }
  const hasPlace = ledger.agentsOf(task.sessionId) < session.maxAgents;
  if (hasPlace && noRoom === undefined) {
    return start(task, { kind: "spawn", role }, `no agent with the role ${role} was free, so a new one is started`);
  }
  const limit = hasPlace ? noRoom : `${session.name} has its ${agents(session.maxAgents)}`;
  const other = own.find(gone) ?? own.find((one) => one.isOfQueue && !one.isGone && isRenewable(one));
  if (other) return renew(other, `${limit}`);
  return wait(task, `no agent with the role ${role} is free, and ${limit}`);
}

function whyTooFull({ isIdle, room }: Situation, ledger: Ledger): string | undefined {
  return isIdle && ledger.tasks === 0 ? undefined : whyNoRoom(room, ledger.processes);
}

/** An agent that somebody asked for keeps its conversation, unless told otherwise: what was said before is perhaps why. */
function decideNamed(situation: Situation, task: Task, agentId: string, ledger: Ledger): Decision {
  const agent = situation.candidates.find(({ id }) => id === agentId);
  if (!agent) return { kind: "give-up", task, because: "the agent that was to do it is gone" };
  if (isHeldBack(agent, situation.now)) {
    return wait(task, `${agent.name} is held by a limit until ${moment(situation, agent.heldUntil)}`);
  }
  if (agent.isTaken || ledger.isUsed(agent)) return wait(task, `${agent.name} has other work first`);
  if (agent.state === "working") return wait(task, `${agent.name} is working`);
  if (agent.state === "waiting") return wait(task, `${agent.name} waits for an answer`);
  const noRoom = agent.isGone ? whyTooFull(situation, ledger) : undefined;
  if (noRoom) return wait(task, `${agent.name} does not run, and ${noRoom}`);
  if (task.conversation !== "new") return start(task, { kind: "use", agentId }, `${agent.name} was asked for`);
  if (agent.state === "starting") return wait(task, `${agent.name} is starting`);
  const because = `${agent.name} was asked for; it begins a new conversation`;
  return start(task, { kind: "renew", agentId, role: agent.role }, because);
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

function agents(count: number): string {
  return count === 1 ? "1 agent" : `${count} agents`;
}

function start(task: Task, choice: Choice, because: string): Decision {
  return { kind: "start", task, choice, because };
}

function wait(task: Task, because: string): Decision {
  return { kind: "wait", task, because };
}
