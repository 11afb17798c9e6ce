import type { Agent } from "../core/agent.ts";
import { formatMoment } from "../core/duration.ts";
import type { PromptKind, Task, TaskAttempt, TaskError, TaskReport } from "../core/task.ts";
import type { Look, Round } from "./crew.ts";

/** How often what a failing check says goes back to the agent, in one try. */
export const MAX_REPAIRS = 3;
/** What is noted in a task's reports when its agent goes on after a question. */
export const ANSWERED = "It goes on: somebody has answered.";

export interface Evidence {
  task: Task;
  attempt: TaskAttempt;
  /** Undefined when it was deleted. */
  agent: Agent | undefined;
  /** Undefined with it, and before it was launched for this try. */
  look: Look | undefined;
  /** Of the newest prompt; undefined while none was sent. */
  round: Round | undefined;
  now: number;
  autoResume: boolean;
  /** How long an agent may take to be ready. */
  spawnTimeoutMs: number;
}

export type Outcome = "done" | "failed" | "timeout" | "lost" | "cancelled";

/** What a try comes to next. */
export type Move =
  /** The agent's process and conversation are not those of this try yet. */
  | { kind: "launch" }
  /** An agent whose conversation is kept, and that does not run. */
  | { kind: "resume" }
  /** The prompt is written down, and not sent yet. */
  | { kind: "send"; prompt: PromptKind }
  /** Another prompt is due: write it down. */
  | { kind: "ask"; prompt: PromptKind }
  | { kind: "watch"; state: "running" | "waiting"; because: string; heldUntil?: number; note?: string }
  | { kind: "check" }
  | { kind: "stop-and-end"; outcome: "timeout"; error: TaskError }
  /** `heldUntil`: no fault of the try; it does not count, and the next one waits until then. */
  | { kind: "end"; outcome: Outcome; error: TaskError | null; result?: string; heldUntil?: number };

/** Pure: what the evidence says of a try that is under way. Whatever process asks, after whatever crash, the answer is the same. */
export function nextMove(evidence: Evidence): Move {
  const { task, attempt, agent, look, now } = evidence;
  if (!agent) return ended("lost", { kind: "agent", message: "its agent was deleted" });
  const isHeld = look?.heldUntil !== undefined && look.heldUntil > now;
  if (!isHeld && now >= deadlineOf(task, attempt)) return timeout(task);

  if (attempt.messageIds.length === 0 && needsLaunch(evidence, agent)) return { kind: "launch" };
  // It needs no agent, unless it fails.
  if (task.state === "checking") return { kind: "check" };
  if (!look) return { kind: "watch", state: "running", because: `${agent.name} is starting` };
  if (look.isGone) return gone(evidence, agent, look);
  const prompt = attempt.prompts[attempt.messageIds.length];
  if (prompt) return { kind: "send", prompt: prompt.kind };
  if (look.heldUntil !== undefined) return held(evidence, agent, look.heldUntil);
  return underWay(evidence, agent, look);
}

/** Up to then a try may take, limits not counted. Epoch ms. */
export function deadlineOf(task: Task, attempt: TaskAttempt): number {
  return Math.max(attempt.startedAt, task.notBefore ?? 0) + task.timeoutMs;
}

function needsLaunch({ attempt, look }: Evidence, agent: Agent): boolean {
  if (attempt.conversation === "kept") return false;
  if (agent.launchedAt === null || agent.launchedAt < attempt.startedAt) return true;
  // Whoever opened it was cut off before its terminal was there.
  return agent.lifecycle === "opening" && look?.isGone === true;
}

function gone({ attempt }: Evidence, agent: Agent, { report }: Look): Move {
  // Started for this try, and gone again: it would go on like that until the time is over.
  const wasResumed = agent.lifecycle === "open" && (agent.launchedAt ?? 0) >= attempt.startedAt;
  if (attempt.conversation === "kept" && attempt.messageIds.length === 0 && !wasResumed) return { kind: "resume" };
  const kind = attempt.messageIds.length === 0 ? "spawn" : "agent";
  return ended("lost", { kind, message: `${agent.name} is ${report.because}` });
}

function held({ autoResume, now, attempt }: Evidence, agent: Agent, until: number): Move {
  // When it is over, whoever looked at the agent has told it to go on: what its failed turn said does not count.
  const because =
    until > now
      ? `a limit holds ${agent.name} until ${formatMoment(until, now)}`
      : `the limit that held ${agent.name} is over`;
  // Nobody will tell it to go on: the task starts anew when the limit is over.
  if (!autoResume && attempt.messageIds.length > 0) {
    return { kind: "end", outcome: "cancelled", error: { kind: "agent", message: because }, heldUntil: until };
  }
  return { kind: "watch", state: "running", because, heldUntil: until };
}

function underWay(evidence: Evidence, agent: Agent, look: Look): Move {
  const { round, attempt, now } = evidence;
  const { report } = look;
  if (report.state === "waiting") {
    const asked = report.waitingFor?.summary ?? report.because;
    return { kind: "watch", state: "waiting", because: `${agent.name} asks: ${asked}` };
  }
  if (report.state === "starting" && now - (agent.launchedAt ?? attempt.startedAt) > evidence.spawnTimeoutMs) {
    return ended("failed", { kind: "spawn", message: `${agent.name} did not get ready: ${report.because}` });
  }
  if (report.state === "working" || report.state === "starting" || !round) return working(evidence, agent);
  switch (round.kind) {
    case "open":
      return working(evidence, agent);
    case "undelivered":
      return ended("failed", { kind: "agent", message: `its prompt was not delivered: ${round.reason}` });
    case "unproved":
      return ended("failed", { kind: "agent", message: `nobody can say whether its prompt arrived: ${round.reason}` });
    case "ended":
      return afterTurn(evidence, agent, round);
  }
}

function working({ task, attempt }: Evidence, agent: Agent): Move {
  const note =
    task.state === "waiting" && terminalReport(task, attempt)?.kind === "needs-input" ? { note: ANSWERED } : {};
  return { kind: "watch", state: "running", because: `${agent.name} works on it`, ...note };
}

/** The agent has nothing more to do: what it said, and what the check says, decides. */
function afterTurn({ task, attempt }: Evidence, agent: Agent, { answer }: Round & { kind: "ended" }): Move {
  const report = terminalReport(task, attempt);
  switch (report?.kind) {
    case "failed":
      return ended("failed", { kind: "reported", message: report.text });
    case "needs-input":
      return { kind: "watch", state: "waiting", because: `${agent.name} asks: ${report.text}` };
    case "result":
      return task.check === null ? done(report.text) : { kind: "check" };
    default:
      return withoutReport(task, attempt, agent, answer);
  }
}

function withoutReport(
  task: Task,
  attempt: TaskAttempt,
  agent: Agent,
  answer: { isError: boolean; interrupted: boolean; text: string },
): Move {
  if (answer.interrupted && !answer.isError) {
    return {
      kind: "watch",
      state: "waiting",
      because: `${agent.name} was interrupted: send it a prompt, or cancel the task`,
    };
  }
  if (answer.isError) {
    const message = answer.text.trim() === "" ? "its turn failed" : answer.text.trim().slice(0, 500);
    return ended("failed", { kind: "agent", message });
  }
  const newest = attempt.prompts.at(-1)?.kind;
  // It was told what its check says: now the check says whether that was repaired.
  if (newest === "check") return { kind: "check" };
  if (newest === "task") return { kind: "ask", prompt: "reminder" };
  if (task.check !== null) return { kind: "check" };
  return ended("failed", { kind: "reported", message: "its agent never reported" });
}

/** What the agent said last of how the newest prompt ended; progress is no end. */
export function terminalReport(task: Task, attempt: TaskAttempt): TaskReport | undefined {
  const since = attempt.prompts.at(-1)?.at ?? attempt.startedAt;
  const said = task.reports.filter(({ at }) => at >= since);
  const last = said.findLastIndex(({ kind }) => kind !== "progress");
  const report = said[last];
  if (report?.kind !== "needs-input") return report;
  return said.slice(last).some(({ text }) => text === ANSWERED) ? undefined : report;
}

/** What a task came to: what its agent reported, else the answer of its last turn. */
export function resultOf(task: Task, attempt: TaskAttempt, answer: string): string {
  return terminalReport(task, attempt)?.text ?? resultBefore(task, attempt) ?? answer;
}

/** What becomes of a check that has run. */
export function afterCheck(task: Task, attempt: TaskAttempt, answer: string): Move {
  const check = attempt.checks.at(-1);
  if (check?.exitCode === 0) return done(resultOf(task, attempt, answer));
  const how =
    check?.exitCode === null || !check ? "was stopped or could not be started" : `exited with ${check.exitCode}`;
  const failures = attempt.checks.filter(({ exitCode }) => exitCode !== 0).length;
  if (failures <= MAX_REPAIRS) return { kind: "ask", prompt: "check" };
  return ended("failed", { kind: "check", message: `its check ${how}, ${failures} times` });
}

/** A repair need not be reported again. */
function resultBefore(task: Task, attempt: TaskAttempt): string | undefined {
  return task.reports.findLast(({ kind, at }) => kind === "result" && at >= attempt.startedAt)?.text;
}

function timeout({ timeoutMs }: Task): Move {
  const message = `this try took longer than ${Math.round(timeoutMs / 1000)} s; what was changed in files stays`;
  return { kind: "stop-and-end", outcome: "timeout", error: { kind: "timeout", message } };
}

function done(result: string): Move {
  return { kind: "end", outcome: "done", error: null, result };
}

function ended(outcome: Outcome, error: TaskError): Move {
  return { kind: "end", outcome, error };
}
