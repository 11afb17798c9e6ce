import type { Agent, StateReport } from "../core/agent.ts";
import type { Answer } from "../core/message.ts";
import type { ProcessIdentity } from "../core/ports/process-runner.ts";
import type { Repositories } from "../core/ports/store.ts";
import type { CheckResult, Task } from "../core/task.ts";

/** An agent as it is now. */
export interface Look {
  report: StateReport;
  /** Its process has ended: it takes no prompt before somebody starts it again. */
  isGone: boolean;
  /** A rate or usage limit holds it until then (epoch ms; in the past when that is over). */
  heldUntil: number | undefined;
}

/** What became of a prompt. */
export type Round =
  /** It waits for its agent, or the agent works on it. */
  | { kind: "open" }
  /** The turn is over, and what it led to as well: after a limit the agent may have gone on in another one. */
  | { kind: "ended"; answer: Answer }
  /** It was not delivered, and will not be. */
  | { kind: "undelivered"; reason: string }
  /** Nobody can say whether it arrived. */
  | { kind: "unproved"; reason: string };

export interface CheckBounds {
  /** What the agent reported; the check gets it on standard input. */
  report: string;
  timeoutMs: number;
  signal: AbortSignal;
  /** Told who runs, before it begins; where this fails, it never does. */
  onStart(checker: ProcessIdentity): Promise<void>;
}

/** Puts a new agent into the store; to be called inside the transaction that gives it its task. */
export type Reserve = (repositories: Repositories) => Promise<Agent>;

/**
 * What the scheduler does with agents. Every method may be cut off at any instruction and called again by another process:
 * none does its work twice.
 */
export interface Crew {
  /** The agents as they are now, in order. What a limit has held and lets go is told to go on. */
  look(agents: readonly Agent[]): Promise<Look[]>;
  /** Was nothing said to it yet? Then its conversation is as good as a new one. */
  isUntouched(agent: Agent): Promise<boolean>;
  /** How many agents of the session may have this role; null: as many as it may have of any. */
  maxOfRole(sessionId: string, role: string): Promise<number | null>;
  /**
   * Everything that may keep a new agent of this role from being started is found out here.
   * @throws ROLE_NOT_FOUND, ROLE_FILE_INVALID, CLAUDE_NOT_INSTALLED …
   */
  prepareSpawn(sessionId: string, role: string): Promise<Reserve>;
  /**
   * Starts the agent with a new conversation in the task's folder, ended first where it runs.
   * @throws what keeps it from being started
   */
  launch(agent: Agent, task: Task): Promise<void>;
  /** Goes on with the last conversation of an agent whose process has ended. */
  resume(agent: Agent): Promise<void>;
  /**
   * Queues a prompt, exactly once by its key: a prompt that was sent under this key before is answered with, whatever its
   * text was.
   * @returns its message's id
   */
  send(agent: Agent, text: string, key: string): Promise<string>;
  /** Delivers what is queued for the agent as far as that goes now, and tells what became of this message. */
  round(agent: Agent, messageId: string): Promise<Round>;
  /** Takes back the prompts that were not typed. */
  withdraw(messageIds: readonly string[], reason: string): Promise<void>;
  /** Takes back the prompts that were not typed, and ends what the agent is doing: its turn, or else its process. */
  stop(agent: Agent, messageIds: readonly string[], reason: string): Promise<void>;
  /** Runs the task's check in the task's folder to its end. Never throws for a failing one. */
  check(task: Task, agent: Agent, bounds: CheckBounds): Promise<CheckResult>;
  /** Resolves when the agent's evidence may have changed, or after `maxMs`. */
  watch(agent: Agent, maxMs: number, signal: AbortSignal): Promise<void>;
}
