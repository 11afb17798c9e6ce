import type { Agent } from "../agent.ts";
import type { Conversation } from "../conversation.ts";
import type { Message, Usage } from "../message.ts";
import type { RequestAnswer } from "../request.ts";
import type { Session } from "../session.ts";
import type { Task, TaskState } from "../task.ts";
import type { Coordination, CoordinationState } from "../team/coordination.ts";
import type { TodoBase } from "../todo/todo-base.ts";
import type { WorkflowRun } from "../workflow/run.ts";
import type { Worktree } from "../worktree.ts";
import type { ProcessIdentity } from "./process-runner.ts";

export interface SessionRepository {
  list(): Promise<Session[]>;
  get(id: string): Promise<Session | undefined>;
  findByName(name: string): Promise<Session | undefined>;
  /** @throws SESSION_NAME_TAKEN */
  insert(session: Session): Promise<void>;
  update(id: string, change: Partial<Omit<Session, "id">>): Promise<void>;
  /** Takes the next agent number, atomically. */
  takeAgentNumber(id: string): Promise<number>;
  remove(id: string): Promise<void>;
}

export interface AgentRepository {
  /** Oldest first. */
  list(sessionId?: string): Promise<Agent[]>;
  get(id: string): Promise<Agent | undefined>;
  findByName(sessionId: string, name: string): Promise<Agent | undefined>;
  findByTokenHash(hash: string): Promise<Agent | undefined>;
  count(sessionId: string): Promise<number>;
  /** @throws AGENT_NAME_TAKEN */
  insert(agent: Agent): Promise<void>;
  update(id: string, change: Partial<Omit<Agent, "id">>): Promise<void>;
  /** Removes the agent with its conversations and messages. */
  remove(id: string): Promise<void>;
}

export interface ConversationRepository {
  /** Oldest first. */
  list(agentId: string): Promise<Conversation[]>;
  get(id: string): Promise<Conversation | undefined>;
  /** Inserts, or makes it the agent's again when the id is known (resume). */
  upsert(conversation: Conversation): Promise<void>;
  update(id: string, change: Partial<Omit<Conversation, "id">>): Promise<void>;
}

export interface MessageRepository {
  get(id: string): Promise<Message | undefined>;
  findByIdempotencyKey(agentId: string, key: string): Promise<Message | undefined>;
  /** The newest `limit` messages, oldest of them first. */
  list(agentId: string, options?: { limit?: number }): Promise<Message[]>;
  /**
   * The message of an agent's queue that is to be worked on next: what was typed and not settled, then what the
   * orchestrator sends itself, then what a person sends now, then what does not wait for idle, then the oldest.
   */
  head(agentId: string): Promise<Message | undefined>;
  /** How many messages are queued, typed or submitted, by agent id; agents with none are left out. */
  queueLengths(): Promise<Map<string, number>>;
  /** Messages that are recorded and have no answer yet, each agent's in queue order; of one agent, or of all. */
  unanswered(agentId?: string): Promise<Message[]>;
  /** Messages that ended (answered, failed, or not provably delivered) and that nobody has looked at, newest first; of one agent, or of all. */
  unseen(agentId?: string): Promise<Message[]>;
  /** Messages whose delivery could not be proved (`unknown`), in queue order. */
  unproved(agentId: string): Promise<Message[]>;
  /** Tokens of all answers, by agent id; agents without an answer are left out. */
  usageTotals(): Promise<Map<string, Usage>>;
  /** How many messages this sender queued at or after `since` (epoch ms). */
  countFrom(sender: string, since: number): Promise<number>;
  /** Did a message that carries the agent's working protocol get, or perhaps get, into this conversation? */
  hasSentProtocol(agentId: string, conversationId: string): Promise<boolean>;
  /** Messages of one turn, in queue order: one may begin it, and others be taken up by it. */
  ofPrompt(agentId: string, promptId: string): Promise<Message[]>;
  /** Inserts with the next `seq` of the agent's queue; returns the message as stored. */
  insert(message: Omit<Message, "seq">): Promise<Message>;
  /**
   * Applies a change; a change of `state` is checked against the life of a message, inside the same transaction.
   * With `from`, nothing happens and false is returned unless the message is in one of these states (compare and set).
   */
  update(
    id: string,
    change: Partial<Omit<Message, "id" | "seq">>,
    from?: readonly Message["state"][],
  ): Promise<boolean>;
  /**
   * Removes at most `limit` messages that ended before `before` (epoch ms), and returns how many: never one whose failure
   * nobody has seen, an agent's newest one, the one that carries its working protocol into its present conversation, or a
   * prompt of a task, which goes with its task. Their tokens still count.
   */
  removeEnded(before: number, limit: number): Promise<number>;
}

/** Our answers to agents' requests. */
export interface AnswerRepository {
  get(requestId: string): Promise<RequestAnswer | undefined>;
  /** The newest `limit` answers, newest first; of one agent, or of all. */
  list(options?: { agentId?: string; limit?: number }): Promise<RequestAnswer[]>;
  /**
   * Writes the row of an answer that is about to be handed over. An earlier row of the same request is replaced when it
   * failed, or when its holder is dead.
   * @throws REQUEST_ALREADY_ANSWERED
   */
  begin(answer: RequestAnswer, isAlive: (holder: ProcessIdentity) => boolean): Promise<void>;
  update(requestId: string, change: Partial<Omit<RequestAnswer, "id" | "agentId">>): Promise<void>;
  /** Removes at most `limit` answers that were settled, or failed, before `before` (epoch ms); returns how many. */
  removeEnded(before: number, limit: number): Promise<number>;
}

/** One writer to an agent's input box at a time, over all processes. */
export interface LeaseRepository {
  /**
   * True when taken. `token` is unique per acquisition, so that two tasks of one process exclude each other too.
   * A holder that is dead, by pid and start time, loses it.
   */
  acquire(
    agentId: string,
    holder: ProcessIdentity & { token: string },
    isAlive: (holder: ProcessIdentity) => boolean,
  ): Promise<boolean>;
  release(agentId: string, token: string): Promise<void>;
}

/** A call of one agent that waits for another one, as long as it runs. */
export interface AgentWait {
  id: string;
  waiterId: string;
  targetId: string;
  /** Process of the call: what a dead one has left behind counts for nothing. */
  holder: ProcessIdentity;
}

export interface WaitRepository {
  begin(wait: AgentWait): Promise<void>;
  /** Ids of the agents that this agent waits for, in processes that live. */
  targets(waiterId: string, isAlive: (holder: ProcessIdentity) => boolean): Promise<string[]>;
  /** Idempotent. */
  end(id: string): Promise<void>;
}

/** The queue of work. */
export interface TaskRepository {
  get(id: string): Promise<Task | undefined>;
  findByNumber(sessionId: string, number: number): Promise<Task | undefined>;
  /** Oldest first; of one session, or of all; in some states, or in any. */
  list(options?: { sessionId?: string; states?: readonly TaskState[] }): Promise<Task[]>;
  /** How many are in each state, by session id. */
  counts(): Promise<Map<string, Partial<Record<TaskState, number>>>>;
  /** How many of a session were created by somebody since then (epoch ms), whatever became of them. */
  countFrom(from: Pick<Task, "sessionId" | "createdBy">, since: number): Promise<number>;
  /**
   * Tasks that ended so and that nobody has looked at (`seenAt` is null), newest first. What is done and needed by another
   * task is left out: its result is taken up there.
   */
  unseen(states: readonly ("done" | "failed")[]): Promise<Task[]>;
  /** Inserts all or none, each with the next number of its session, in this order; returns them as stored. */
  insert(tasks: readonly Omit<Task, "number">[]): Promise<Task[]>;
  /**
   * Applies a change; a change of `state` is checked against the life of a task, inside the same transaction.
   * With `from`, nothing happens and false is returned unless the task is in one of these states (compare and set).
   */
  update(
    id: string,
    change: Partial<Omit<Task, "id" | "number" | "sessionId">>,
    from?: readonly TaskState[],
  ): Promise<boolean>;
  /** The tasks that needed it need it no more. Idempotent. */
  remove(id: string): Promise<void>;
  /**
   * Removes at most `limit` tasks that ended before `before` (epoch ms), with their prompts, and returns how many: never
   * one that an open task needs or is to mend, one whose failure nobody has seen, or one of a run, which goes as a whole.
   */
  removeEnded(before: number, limit: number): Promise<number>;

  /** Tasks whose newest try has not ended, oldest first: those under way, and cancelled ones whose agent is not free yet. */
  withOpenAttempt(): Promise<Task[]>;
  /** The task that this agent works on: one at most, over all processes. */
  ofWorker(agentId: string): Promise<Task | undefined>;
  /**
   * Queued tasks that could start at `now`, the most urgent first: of each kind (session and role, or session and agent)
   * at most `limit`, so that one kind that has to wait does not hide the others.
   */
  startable(now: number, limit: number): Promise<Task[]>;
  /** When the next queued task that is held back may be tried again; undefined when none is. */
  nextStartAt(now: number): Promise<number | undefined>;
  /** Blocked tasks whose needs are all done, and queued ones that have open needs: at most `limit`. */
  misplaced(limit: number): Promise<Task[]>;
  /** Ids of the needs of this task that are not done. */
  unmetNeeds(id: string): Promise<string[]>;
  /** Tasks that need this one. */
  dependants(id: string): Promise<Task[]>;
  /** The tasks of a workflow's run, in the order of their numbers. */
  ofRun(workflowRunId: string): Promise<Task[]>;
  /** Failed and cancelled tasks that ended at `since` (epoch ms) or later and that blocked tasks need, oldest first. */
  blockers(since: number): Promise<Task[]>;
  /** Tasks that were filed to mend the failure of this one. */
  causedBy(id: string): Promise<Task[]>;
  /** Which of these agents have worked on tasks. */
  workers(agentIds: readonly string[]): Promise<Set<string>>;
}

/** Runs of workflows; their tasks are in the queue. */
export interface WorkflowRunRepository {
  get(id: string): Promise<WorkflowRun | undefined>;
  /** Newest first; of one session, or of all. */
  list(options?: { sessionId?: string; limit?: number }): Promise<WorkflowRun[]>;
  /**
   * Ids of runs with a task that is blocked by one which failed or was cancelled, where something has ended at or after
   * `since` (epoch ms): of the others all is known.
   */
  heldUp(since: number): Promise<string[]>;
  /** @throws SESSION_NOT_FOUND */
  insert(run: WorkflowRun): Promise<void>;
  /** Nothing happens when it is gone. */
  update(id: string, change: Partial<Pick<WorkflowRun, "skipped">>): Promise<void>;
  /**
   * Removes at most `limit` runs with all their tasks, and returns how many: those whose tasks have all ended before
   * `before` (epoch ms), none of them with a failure that nobody has seen, or needed by an open task.
   */
  removeEnded(before: number, limit: number): Promise<number>;
}

/** Duties that one process at a time has, over all processes of this home; such as running the queue. */
export interface DutyRepository {
  /** True when taken, or had already under this token. A holder that is dead, by pid and start time, loses it. */
  take(
    name: string,
    holder: ProcessIdentity & { token: string },
    isAlive: (holder: ProcessIdentity) => boolean,
  ): Promise<boolean>;
  /** Who has it, dead or alive. */
  holder(name: string): Promise<(ProcessIdentity & { token: string }) | undefined>;
  /** Idempotent; nothing happens when somebody else has it. */
  leave(name: string, token: string): Promise<void>;
}

export type MirrorHolder = ProcessIdentity & { token: string };

/** A session's tasks as they stand in TODO.md and the task files. */
export interface TodoMirror {
  /** The session's id. */
  id: string;
  /** What file and store were when they last agreed; null before the first time. */
  base: TodoBase | null;
  /** Who works on the files now. */
  holder: MirrorHolder | null;
}

export interface TodoMirrorRepository {
  /**
   * Makes this holder the only one that works on the session's task files; undefined while a living one does. `token` is
   * unique per acquisition, so that two tasks of one process exclude each other too.
   * @throws SESSION_NOT_FOUND
   */
  acquire(
    sessionId: string,
    holder: MirrorHolder,
    isAlive: (holder: ProcessIdentity) => boolean,
  ): Promise<TodoMirror | undefined>;
  write(sessionId: string, base: TodoBase): Promise<void>;
  release(sessionId: string, token: string): Promise<void>;
}

/** The places that were made for agents and tasks. */
export interface WorktreeRepository {
  /** Oldest first; of one session, or of all. */
  list(sessionId?: string): Promise<Worktree[]>;
  get(id: string): Promise<Worktree | undefined>;
  /** The agent's place; undefined without one. */
  ofAgent(agentId: string): Promise<Worktree | undefined>;
  insert(worktree: Worktree): Promise<void>;
  /** Nothing happens when it is gone. */
  update(id: string, change: Partial<Omit<Worktree, "id">>): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Several agents at work on one task, as far as it has come. */
export interface CoordinationRepository {
  get(id: string): Promise<Coordination | undefined>;
  /** Oldest first; of one session, or of all; in one state, or in any. */
  list(options?: { sessionId?: string; state?: CoordinationState }): Promise<Coordination[]>;
  /** @throws SESSION_NOT_FOUND */
  insert(coordination: Coordination): Promise<void>;
  /**
   * Makes this holder the only one that works on it, and returns it as it stands; undefined when it is over, or while
   * another holder lives. `token` is unique per claim, so that two tasks of one process exclude each other too.
   */
  claim(
    id: string,
    holder: ProcessIdentity & { token: string },
    isAlive: (holder: ProcessIdentity) => boolean,
  ): Promise<Coordination | undefined>;
  release(id: string, token: string): Promise<void>;
  /** Journals how far it has come: false when it is over, or no longer held under this token; then nothing is written. */
  advance(
    id: string,
    token: string,
    change: Partial<Pick<Coordination, "stages" | "remainingMs" | "state" | "endedAt">>,
  ): Promise<boolean>;
  /** Ends it, whoever works on it; false when it was over already. */
  cancel(id: string, endedAt: number): Promise<boolean>;
  /** Those that are done or failed and that nobody has looked at (`seenAt`), oldest first. */
  unseen(): Promise<Coordination[]>;
  markSeen(id: string, seenAt: number): Promise<void>;
  /** Removes at most `limit` that ended before `before` (epoch ms), but no failure that nobody has seen; returns how many. */
  removeEnded(before: number, limit: number): Promise<number>;
}

export interface Repositories {
  readonly sessions: SessionRepository;
  readonly agents: AgentRepository;
  readonly conversations: ConversationRepository;
  readonly messages: MessageRepository;
  readonly answers: AnswerRepository;
  readonly leases: LeaseRepository;
  readonly waits: WaitRepository;
  readonly coordinations: CoordinationRepository;
  readonly worktrees: WorktreeRepository;
  readonly todoMirrors: TodoMirrorRepository;
  readonly tasks: TaskRepository;
  readonly workflowRuns: WorkflowRunRepository;
  readonly duties: DutyRepository;
}

export interface StoreHealth {
  path: string;
  schemaVersion: number;
  sqliteVersion: string;
  /** `node:sqlite` or `@photostructure/sqlite`. */
  driver: string;
  /** Where the key came from: `environment`, `keychain`, `key-file`. */
  keySource: string;
  /** Problems found by the database's own check; empty when sound. */
  problems: string[];
}

/**
 * The embedded database, shared by many processes. Every repository method is one short transaction of its own unless
 * called on the repositories that `transaction` hands out. Rejects with STORE_LOCKED after a bounded wait, STORE_FULL,
 * STORE_CORRUPT, STORE_KEY_WRONG, STORE_TOO_NEW; data stays untouched by any of these.
 */
export interface Store extends Repositories {
  /** Runs `work` in one immediate write transaction; all or nothing. Not reentrant: use the repositories it is given. */
  transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
  health(): Promise<StoreHealth>;
  /** Releases the connection. Idempotent. */
  close(): Promise<void>;
}
