import type { Agent } from "../agent.ts";
import type { Conversation } from "../conversation.ts";
import type { Message, Usage } from "../message.ts";
import type { RequestAnswer } from "../request.ts";
import type { Session } from "../session.ts";
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
  findByPromptId(agentId: string, promptId: string): Promise<Message | undefined>;
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

export interface Repositories {
  readonly sessions: SessionRepository;
  readonly agents: AgentRepository;
  readonly conversations: ConversationRepository;
  readonly messages: MessageRepository;
  readonly answers: AnswerRepository;
  readonly leases: LeaseRepository;
  readonly waits: WaitRepository;
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
