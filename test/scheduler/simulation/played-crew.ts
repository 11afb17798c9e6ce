import type { Agent, AgentState } from "../../../src/core/agent.ts";
import { AppError } from "../../../src/core/errors.ts";
import type { Answer } from "../../../src/core/message.ts";
import type { Repositories, Store } from "../../../src/core/ports/store.ts";
import type { CheckResult, Task } from "../../../src/core/task.ts";
import type { CheckBounds, Crew, Look, Reserve, Round } from "../../../src/scheduler/crew.ts";
import { noteReport } from "../../../src/scheduler/note-report.ts";
import { makeAgent } from "../../support/store-records.ts";

/** How one prompt's turn goes. */
export interface Turn {
  ms: number;
  end: "result" | "failed" | "silent" | "crash" | "error";
}

export interface Play {
  /** Of the n-th prompt of a try. Always the same for the same question. */
  turn(taskId: string, attempt: number, index: number): Turn;
  checkPasses(taskId: string, attempt: number, index: number): boolean;
  launchFails(taskId: string, attempt: number): boolean;
}

interface Played {
  state: AgentState;
  conversation: number;
  prompts: {
    id: string;
    key: string;
    state: "queued" | "running" | "ended";
    turn: Turn;
    endsAt: number;
    isError: boolean;
  }[];
}

interface Parts {
  store: Store;
  clock: { now(): number };
  ids: { next(prefix: "agt" | "msg"): string };
  maxAgents: number;
  /** Of each role. */
  maxOfRole: number | null;
  play: Play;
}

/**
 * Agents that exist in no terminal: their processes, conversations and turns are played in memory, outlive the processes
 * of schedulers, and are looked at and told what to do as real ones.
 */
export class PlayedCrew implements Crew {
  /** How often each key was sent: never more than once, whatever died meanwhile. */
  readonly sent = new Map<string, number>();
  turnsEnded = 0;
  readonly #parts: Parts;
  readonly #agents = new Map<string, Played>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async look(agents: readonly Agent[]): Promise<Look[]> {
    return agents.map(({ id }) => {
      const state = this.#agents.get(id)?.state ?? "exited";
      return { report: { state, because: state, since: 0 }, isGone: state === "exited", heldUntil: undefined };
    });
  }

  async isUntouched(): Promise<boolean> {
    return false;
  }

  async maxOfRole(): Promise<number | null> {
    return this.#parts.maxOfRole;
  }

  async prepareSpawn(sessionId: string, role: string): Promise<Reserve> {
    return async ({ agents, sessions }: Repositories) => {
      if ((await agents.count(sessionId)) >= this.#parts.maxAgents) throw new AppError("AGENT_LIMIT_REACHED", "full");
      const ofRole = (await agents.list(sessionId)).filter((agent) => agent.role === role).length;
      if (ofRole >= (this.#parts.maxOfRole ?? Number.POSITIVE_INFINITY)) {
        throw new AppError("AGENT_LIMIT_REACHED", "the role is full");
      }
      const number = await sessions.takeAgentNumber(sessionId);
      const agent = makeAgent({
        id: this.#parts.ids.next("agt"),
        sessionId,
        number,
        name: `Agent_${number}`,
        role,
        lifecycle: "closed",
      });
      await agents.insert(agent);
      return agent;
    };
  }

  async launch({ id }: Agent, task: Task): Promise<void> {
    const attempt = task.attempts.at(-1)?.number ?? 0;
    if (this.#parts.play.launchFails(task.id, attempt)) throw new AppError("CLAUDE_LAUNCH_FAILED", "no luck");
    const before = this.#agents.get(id);
    this.#agents.set(id, { state: "idle", conversation: (before?.conversation ?? 0) + 1, prompts: [] });
    await this.#parts.store.agents.update(id, { launchedAt: this.#parts.clock.now(), lifecycle: "open" });
  }

  async resume({ id }: Agent): Promise<void> {
    this.#agent(id).state = "idle";
  }

  async send({ id }: Agent, _text: string, key: string): Promise<string> {
    const agent = this.#agent(id);
    const known = agent.prompts.find((prompt) => prompt.key === key);
    if (known) return known.id;
    const [, taskId = "", attempt, index] = key.split(":");
    const turn = this.#parts.play.turn(taskId, Number(attempt), Number(index));
    const prompt = { id: this.#parts.ids.next("msg"), key, state: "queued" as const, turn, endsAt: 0, isError: false };
    agent.prompts.push(prompt);
    this.sent.set(key, (this.sent.get(key) ?? 0) + 1);
    return prompt.id;
  }

  async round({ id }: Agent, messageId: string): Promise<Round> {
    const agent = this.#agents.get(id);
    const prompt = agent?.prompts.find((one) => one.id === messageId);
    if (!agent || !prompt) return { kind: "undelivered", reason: "unknown" };
    if (prompt.state === "queued" && agent.state === "idle") {
      agent.state = "working";
      prompt.state = "running";
      prompt.endsAt = this.#parts.clock.now() + prompt.turn.ms;
    }
    return prompt.state === "ended" ? { kind: "ended", answer: answerOf(prompt.isError) } : { kind: "open" };
  }

  async withdraw(messageIds: readonly string[]): Promise<void> {
    for (const { prompts } of this.#agents.values()) {
      for (const prompt of prompts) {
        if (messageIds.includes(prompt.id) && prompt.state === "queued") prompt.state = "ended";
      }
    }
  }

  async stop({ id }: Agent, messageIds: readonly string[]): Promise<void> {
    this.halt(id, messageIds);
  }

  async check(task: Task, _agent: Agent, { onStart }: CheckBounds): Promise<CheckResult> {
    await onStart({ pid: 7, startedAt: "long ago" });
    const attempt = task.attempts.at(-1);
    // A check that was cut off runs again, and says the same.
    const passes = this.#parts.play.checkPasses(task.id, attempt?.number ?? 0, attempt?.checks.length ?? 0);
    const now = this.#parts.clock.now();
    return { exitCode: passes ? 0 : 1, output: "", startedAt: now, endedAt: now };
  }

  async watch(): Promise<void> {
    throw new Error("The simulation itself says when it is time to look");
  }

  /** Ends the turns that are over by now, with what the agents report at their ends. */
  async playOn(): Promise<void> {
    for (const agent of this.#agents.values()) {
      for (const prompt of agent.prompts) {
        if (prompt.state !== "running" || prompt.endsAt > this.#parts.clock.now()) continue;
        const [, taskId = ""] = prompt.key.split(":");
        await this.#endTurn(agent, prompt, taskId);
      }
    }
  }

  /** The agent does nothing any more. */
  halt(agentId: string, messageIds: readonly string[]): void {
    const agent = this.#agents.get(agentId);
    if (!agent) return;
    for (const prompt of agent.prompts) if (messageIds.includes(prompt.id)) prompt.state = "ended";
    if (agent.state === "working") agent.state = "idle";
  }

  get agentsAtWork(): number {
    return [...this.#agents.values()].filter(({ state }) => state === "working").length;
  }

  async #endTurn(agent: Played, prompt: Played["prompts"][number], taskId: string): Promise<void> {
    const { end } = prompt.turn;
    if (end === "result" || end === "failed") {
      // Too late, when its task was ended meanwhile.
      await noteReport({ ...this.#parts, logger: silent } as never, taskId, { kind: end, text: end }).catch(
        () => undefined,
      );
    }
    this.turnsEnded += 1;
    prompt.state = "ended";
    prompt.isError = end === "error" || end === "crash";
    agent.state = end === "crash" ? "exited" : "idle";
  }

  #agent(id: string): Played {
    const agent = this.#agents.get(id);
    if (!agent) throw new AppError("AGENT_NOT_RUNNING", "It was never started");
    return agent;
  }
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

function answerOf(isError: boolean): Answer {
  return { text: "answer", toolUses: [], stopReason: null, interrupted: false, isError, durationMs: null, usage: null };
}
