import type { AgentError, AgentState, WaitingFor } from "../../../src/core/agent.ts";
import type { Key } from "../../../src/core/ports/terminal-backend.ts";
import { ModelBox } from "./model-box.ts";
import { ModelQuestion } from "./model-question.ts";
import { resetOf, type Script, type Step } from "./script.ts";

/** What the product should say of an agent. */
export interface Expected {
  /** Several where the evidence leaves it open for a moment. */
  states: AgentState[];
  waitingKind?: WaitingFor["kind"];
  error?: Pick<AgentError, "kind" | "retryAt">;
  exitCode?: number;
}

export type Start = { kind: "at-once" } | { kind: "slow"; ms: number } | { kind: "trust" };

interface Turn {
  text: string;
  steps: Step[];
  dueAt: number;
  hasSpoken: boolean;
  isToolRunning: boolean;
  dialog?: "permission" | "plan" | ModelQuestion;
  /** Options of a permission or plan have a mark of their own. */
  mark: number;
}

type Ended =
  /** `isOrdered`: somebody typed that it shall end, which the program itself reports. */
  | { kind: "exited"; code?: number; isOrdered: boolean }
  | { kind: "crashed" }
  | { kind: "not-started" }
  | { kind: "lost" }
  | { kind: "closed" };
type Queued = { text: string } | "notification";

/** After Escape before the first word nothing is recorded: for this long the turn's end may still be to be told. */
const UNTOLD_MS = 150;
const WAKE_MS = 500;
const TRUST_AT_MS = 700;
const AFTER_TRUST_MS = 300;

/**
 * One agent as a small machine, which knows nothing of files, hooks, screens or directives: keys and time go in, a state
 * comes out.
 */
export class ModelAgent {
  readonly #scripts: ReadonlyMap<string, Script & { writtenAt: number }>;
  #now = 0;
  #ended: Ended | undefined = { kind: "closed" };
  #start: { dueAt: number; asksTrust: boolean; isAsking: boolean; isYes: boolean } | undefined;
  #turn: Turn | undefined;
  #queue: Queued[] = [];
  #background: number[] = [];
  #hasPanel = false;
  #error: Expected["error"] | undefined;
  #box = new ModelBox();
  #armed: Key | undefined;
  #hasSwallowed = false;
  #untoldUntil = 0;
  /** Prompts by their text: how often an Enter of the orchestrator submitted it, and how often a turn began with it. */
  readonly submitted = new Map<string, number>();
  readonly begun = new Map<string, number>();

  constructor(scripts: ReadonlyMap<string, Script & { writtenAt: number }>) {
    this.#scripts = scripts;
  }

  get isRunning(): boolean {
    return this.#ended === undefined;
  }

  opened(start: Start, now: number): void {
    this.#now = now;
    this.#reset();
    this.#ended = undefined;
    if (start.kind === "slow") this.#start = { dueAt: now + start.ms, asksTrust: false, isAsking: false, isYes: false };
    if (start.kind === "trust") {
      this.#start = { dueAt: now + TRUST_AT_MS, asksTrust: true, isAsking: false, isYes: false };
    }
  }

  /** The terminal is closed: by the orchestrator, or under its hands. */
  closed(by: "orchestrator" | "person"): void {
    if (by === "orchestrator") this.#end({ kind: "closed" });
    else if (this.#ended?.kind === "exited" && this.#ended.isOrdered) this.#end({ kind: "exited", isOrdered: true });
    else if (this.#ended?.kind !== "closed") this.#end({ kind: "lost" });
  }

  /** Plays what is due, each at its own time. */
  playTo(now: number): void {
    for (;;) {
      const due = this.#due();
      if (due === undefined || due > now) break;
      this.#now = Math.max(this.#now, due);
      this.#playDue(due);
    }
    this.#now = now;
  }

  type(text: string): void {
    this.#armed = undefined;
    if (!this.isRunning || this.#start || this.#hasPanel) return;
    if (this.#turn?.dialog) {
      this.#typeIntoDialog(this.#turn, text);
      return;
    }
    this.#box.insert(text);
  }

  press(key: Key, by: "orchestrator" | "person"): void {
    const wasArmed = this.#armed;
    this.#armed = undefined;
    if (!this.isRunning) return;
    if (this.#start) this.#pressAtStart(key);
    else if (this.#hasPanel) {
      if (key === "Escape" || key === "C-c") this.#closePanel();
    } else if (this.#turn?.dialog) this.#pressInDialog(this.#turn, key);
    else this.#pressInBox(key, by, wasArmed);
  }

  expected(): Expected {
    switch (this.#ended?.kind) {
      case "closed":
        return { states: ["exited"] };
      case "lost":
        return { states: ["lost"] };
      case "exited":
        return { states: ["exited"], ...(this.#ended.code === undefined ? {} : { exitCode: this.#ended.code }) };
      case "crashed":
        return { states: ["errored"], error: { kind: "crash" } };
      case "not-started":
        return { states: ["errored"], error: { kind: "launch" } };
    }
    if (this.#start) {
      return this.#start.isAsking ? { states: ["waiting"], waitingKind: "dialog" } : { states: ["starting"] };
    }
    if (this.#hasPanel) return { states: ["waiting"], waitingKind: "dialog" };
    const dialog = this.#turn?.dialog;
    if (dialog) return { states: ["waiting"], waitingKind: typeof dialog === "string" ? dialog : "question" };
    if (this.#turn) return { states: ["working"] };
    if (this.#error) return { states: ["errored"], error: this.#error };
    return { states: this.#now < this.#untoldUntil ? ["idle", "working"] : ["idle"] };
  }

  #reset(): void {
    this.#start = undefined;
    this.#turn = undefined;
    this.#queue = [];
    this.#background = [];
    this.#hasPanel = false;
    this.#error = undefined;
    this.#box = new ModelBox();
    this.#hasSwallowed = false;
    this.#untoldUntil = 0;
  }

  #end(how: Ended): void {
    this.#reset();
    this.#ended = how;
  }

  #due(): number | undefined {
    if (!this.isRunning) return undefined;
    if (this.#start) return this.#start.isAsking ? undefined : this.#start.dueAt;
    const turn = this.#turn && !this.#turn.dialog ? [this.#turn.dueAt] : [];
    const dues = [...turn, ...this.#background];
    return dues.length === 0 ? undefined : Math.min(...dues);
  }

  #playDue(due: number): void {
    if (this.#start) {
      if (this.#start.asksTrust) this.#start.isAsking = true;
      else this.#start = undefined;
      return;
    }
    const ended = this.#background.findIndex((endsAt) => endsAt <= due);
    if (ended >= 0) {
      this.#background.splice(ended, 1);
      this.#queue.push("notification");
      if (!this.#turn && !this.#hasPanel) this.#takeQueue();
    } else if (this.#turn) this.#playTurn(this.#turn);
  }

  #playTurn(turn: Turn): void {
    turn.isToolRunning = false;
    const step = turn.steps.shift();
    switch (step?.kind) {
      case undefined:
        this.#error = undefined;
        this.#endTurn();
        return;
      case "sleep":
        turn.dueAt += step.ms;
        return;
      case "say":
      case "tool":
        turn.hasSpoken = true;
        return;
      case "background":
        turn.hasSpoken = true;
        this.#background.push(this.#now + step.ms);
        return;
      case "subagent":
        turn.hasSpoken = true;
        turn.isToolRunning = true;
        turn.dueAt += step.ms;
        return;
      case "permission":
      case "plan":
        turn.hasSpoken = true;
        turn.dialog = step.kind;
        turn.mark = 0;
        return;
      case "question":
        turn.hasSpoken = true;
        turn.dialog = new ModelQuestion(step.questions);
        return;
      case "crash":
        this.#end({ kind: "crashed" });
        return;
      case "exit":
        this.#end({ kind: "exited", code: step.code, isOrdered: false });
        return;
      case "error":
      case "limit":
        this.#error = this.#errorOf(step, turn);
        this.#endTurn();
        return;
    }
  }

  #errorOf(step: Extract<Step, { kind: "error" | "limit" }>, turn: Turn): NonNullable<Expected["error"]> {
    const at = (epoch: number) => ({ retryAt: new Date(epoch).toISOString() });
    if (step.kind === "limit") {
      const writtenAt = tokens(turn.text).map((token) => this.#scripts.get(token)?.writtenAt ?? 0);
      return { kind: "usage_limit", ...at(resetOf(step, writtenAt[0] ?? 0) * 1000) };
    }
    if (step.status === 401) return { kind: "auth" };
    if (step.status !== 429) return { kind: "api" };
    return { kind: "rate_limit", ...at(this.#now + (step.retryAfter ?? 60) * 1000) };
  }

  #endTurn(): void {
    this.#turn = undefined;
    this.#takeQueue();
  }

  #takeQueue(): void {
    const queued = this.#queue.splice(0);
    if (queued.length === 0) return;
    const texts = queued.flatMap((one) => (one === "notification" ? [] : [one.text]));
    for (const text of texts) count(this.begun, text);
    const text = texts.join("\n");
    const wake: Step[] = [{ kind: "sleep", ms: WAKE_MS }, { kind: "say" }];
    this.#turn = {
      text,
      steps: texts.length > 0 ? this.#stepsOf(text) : wake,
      dueAt: this.#now,
      hasSpoken: texts.length < queued.length,
      isToolRunning: false,
      mark: 0,
    };
    this.#untoldUntil = 0;
  }

  #stepsOf(text: string): Step[] {
    return tokens(text).flatMap((token) => [...(this.#scripts.get(token)?.steps ?? [])]);
  }

  #interrupt(): void {
    const turn = this.#turn;
    if (!turn) return;
    if (!turn.hasSpoken) {
      this.#box.prepend(turn.text);
      this.#untoldUntil = this.#now + UNTOLD_MS;
    }
    this.#error = undefined;
    this.#endTurn();
  }

  #typeIntoDialog(turn: Turn, text: string): void {
    const { dialog } = turn;
    if (dialog instanceof ModelQuestion) this.#settle(turn, dialog.type(text));
    else if (/^[1-3]$/.test(text)) this.#settle(turn, text === "3" ? "denied" : "allowed");
  }

  #pressInDialog(turn: Turn, key: Key): void {
    const { dialog } = turn;
    if (key === "Escape" || key === "C-c") this.#settle(turn, "denied");
    else if (dialog instanceof ModelQuestion) this.#settle(turn, dialog.press(key));
    else if (key === "Enter") this.#settle(turn, turn.mark === 2 ? "denied" : "allowed");
    else if (key === "Down") turn.mark = (turn.mark + 1) % 3;
    else if (key === "Up") turn.mark = (turn.mark + 2) % 3;
  }

  #settle(turn: Turn, outcome: "open" | "allowed" | "denied"): void {
    if (outcome === "open") return;
    delete turn.dialog;
    turn.dueAt = this.#now;
    if (outcome === "allowed") return;
    this.#error = undefined;
    this.#endTurn();
  }

  #pressAtStart(key: Key): void {
    const start = this.#start;
    if (!start?.isAsking) return;
    if (key === "Up" || key === "Down") start.isYes = !start.isYes;
    else if (key === "Escape" || key === "C-c" || (key === "Enter" && !start.isYes)) this.#end({ kind: "not-started" });
    else if (key === "Enter") {
      this.#start = { dueAt: this.#now + AFTER_TRUST_MS, asksTrust: false, isAsking: false, isYes: false };
    }
  }

  #pressInBox(key: Key, by: "orchestrator" | "person", armed: Key | undefined): void {
    if (key === "Enter") this.#enter(by);
    else if (key === "Escape") this.#interrupt();
    else if (key === "Home") this.#box.home();
    else if (key === "C-s") this.#box.stash();
    else if (key === "C-c") {
      if (this.#box.text !== "") this.#box.empty();
      else if (this.#turn) this.#interrupt();
      else if (armed === "C-c") this.#end({ kind: "exited", code: 0, isOrdered: true });
      else this.#armed = "C-c";
    }
  }

  #enter(by: "orchestrator" | "person"): void {
    const text = this.#box.text.trimEnd();
    if (text === "") return;
    const accidents = tokens(text).map((token) => this.#scripts.get(token)?.accident);
    if (accidents.includes("swallow-enter") && !this.#hasSwallowed) {
      this.#hasSwallowed = true;
      return;
    }
    this.#hasSwallowed = false;
    this.#box.empty();
    if (accidents.includes("lose")) return;
    const [, command] = /^(\/[a-z]+)(?:\s|$)/.exec(text) ?? [];
    if (command) {
      this.#command(command);
      return;
    }
    this.#box.unstash();
    if (by === "orchestrator") count(this.submitted, text);
    this.#queue.push({ text });
    if (!this.#turn) this.#takeQueue();
  }

  #command(name: string): void {
    if (name === "/exit") this.#end({ kind: "exited", code: 0, isOrdered: true });
    else if (name === "/cost" && !this.#turn) this.#hasPanel = true;
    else if (name === "/clear" && !this.#turn) {
      this.#error = undefined;
      this.#untoldUntil = 0;
      this.#background = [];
    }
  }

  #closePanel(): void {
    this.#hasPanel = false;
    this.#takeQueue();
  }
}

function count(counts: Map<string, number>, text: string): void {
  counts.set(text, (counts.get(text) ?? 0) + 1);
}

/** The names that scripts go by, wherever they stand in a text. */
function tokens(text: string): string[] {
  return text.match(/\{m\d+\}/g) ?? [];
}
