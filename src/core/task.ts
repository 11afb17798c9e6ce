import * as z from "zod";
import { AppError } from "./errors.ts";
import type { ProcessIdentity } from "./ports/process-runner.ts";

/**
 * `blocked` needs others first · `queued` may start · `running` an agent works on it · `waiting` its agent asks somebody ·
 * `checking` its check command runs · `done`, `failed`, `cancelled` are ends.
 */
export const TASK_STATES = [
  "blocked",
  "queued",
  "running",
  "waiting",
  "checking",
  "done",
  "failed",
  "cancelled",
] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** Names of priorities, and the numbers that they stand for; 1 to 10 may be given as well. */
export const TASK_PRIORITIES = { low: 3, normal: 5, high: 7, urgent: 9 } as const;

export const ON_FAILURE = ["none", "fix"] as const;
export type OnFailure = (typeof ON_FAILURE)[number];

/** Why a task failed: its agent said so, its check did not pass, its time was over, or no agent could work on it. */
export const TASK_ERROR_KINDS = ["reported", "check", "timeout", "agent", "spawn", "needs"] as const;

export const taskErrorView = z.object({ kind: z.enum(TASK_ERROR_KINDS), message: z.string() });
export type TaskError = z.infer<typeof taskErrorView>;

/** What a worker says of its task through `task_report`. */
export const REPORT_KINDS = ["progress", "result", "failed", "needs-input"] as const;
export const taskReportView = z.object({
  kind: z.enum(REPORT_KINDS),
  text: z.string(),
  at: z.number().describe("Epoch ms"),
});
export type TaskReport = z.infer<typeof taskReportView>;

/** One run of a check command. */
export const checkResultView = z.object({
  exitCode: z.number().int().nullable().describe("Null: it was killed, or could not be started"),
  output: z.string().describe("The last part of what it wrote, both streams"),
  startedAt: z.number(),
  endedAt: z.number(),
});
export type CheckResult = z.infer<typeof checkResultView>;

/** Why an agent was prompted: the task itself, a check that did not pass, or a turn that ended without a report. */
export const PROMPT_KINDS = ["task", "check", "reminder"] as const;
export type PromptKind = (typeof PROMPT_KINDS)[number];

/** `new`: without what was said before. `kept`: with it. */
export const TASK_CONVERSATIONS = ["new", "kept"] as const;
export type TaskConversation = (typeof TASK_CONVERSATIONS)[number];

/** One try: an agent, what it was told, and how that ended. */
export const taskAttemptView = z.object({
  number: z.number().int().describe("1, 2, 3 …"),
  agentId: z.string().nullable(),
  because: z.string().describe("Why this agent"),
  conversation: z
    .enum(TASK_CONVERSATIONS)
    .describe("Whether its agent begins a new conversation for it, or goes on in its own"),
  prompts: z
    .array(z.object({ kind: z.enum(PROMPT_KINDS), at: z.number().describe("Epoch ms") }))
    .describe("What its agent was asked, oldest first: written before it is sent"),
  messageIds: z.array(z.string()).describe("Messages of these prompts; one less while the last one is being sent"),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  outcome: z.enum(["done", "failed", "timeout", "lost", "cancelled"]).nullable(),
  error: taskErrorView.nullable(),
  checks: z.array(checkResultView),
});
export type TaskAttempt = z.infer<typeof taskAttemptView>;

/** A unit of queued work. Moments are epoch ms. */
export interface Task {
  id: string;
  sessionId: string;
  /** 1, 2, 3 … within the session; never reused: `TASK_<n>.md`. */
  number: number;
  title: string;
  /** The prompt; `{{…}}` placeholders of a workflow are filled in when it starts. */
  text: string;
  role: string | null;
  /** 1 (can wait) to 10 (first). */
  priority: number;
  /** Ids of the tasks that must be `done` before. */
  needs: string[];
  /** The agent that is to do it, where somebody said so. */
  agentId: string | null;
  state: TaskState;
  /** One sentence: what it waits for, who works on it, why it ended as it did. */
  because: string;
  /** Bound of one try in ms. */
  timeoutMs: number;
  /** How often it is tried again after a failure. */
  retries: number;
  /** Program and arguments that must exit with 0 in the task's folder; null: the worker's report is enough. */
  check: string[] | null;
  worktree: boolean;
  /** What somebody wants of its agent's conversation; null: an agent that was named keeps its own, others begin a new one. */
  conversation: TaskConversation | null;
  onFailure: OnFailure;
  /** Task whose failure this one is to mend. */
  causedBy: string | null;
  workflowRunId: string | null;
  /** Id of the workflow's step that it was made from. */
  stepId: string | null;
  /** `operator`, `manager`, `todo-file`, or the id of an agent. */
  createdBy: string;
  attempts: TaskAttempt[];
  /** Newest last; a bounded number is kept. */
  reports: TaskReport[];
  result: string | null;
  error: TaskError | null;
  /** Not tried before (back-off, usage limit). */
  notBefore: number | null;
  /** The check that was started last; null once what it said is written. One that outlived its scheduler is ended by it. */
  checker: ProcessIdentity | null;
  createdAt: number;
  /** Since when it could start: from here its priority ages. */
  queuedAt: number | null;
  startedAt: number | null;
  endedAt: number | null;
  /** When somebody was shown how it ended; null while it is news: then the inbox has it. */
  seenAt: number | null;
}

/** What a task starts with that nobody has worked on. */
export function untried(): Pick<
  Task,
  "attempts" | "reports" | "result" | "error" | "notBefore" | "checker" | "startedAt" | "endedAt" | "seenAt"
> {
  return {
    attempts: [],
    reports: [],
    result: null,
    error: null,
    notBefore: null,
    checker: null,
    startedAt: null,
    endedAt: null,
    seenAt: null,
  };
}

const NEXT: Record<TaskState, readonly TaskState[]> = {
  blocked: ["queued", "cancelled"],
  queued: ["blocked", "running", "failed", "cancelled"],
  running: ["queued", "waiting", "checking", "done", "failed", "cancelled"],
  waiting: ["queued", "running", "checking", "done", "failed", "cancelled"],
  // What its check says goes back to the agent.
  checking: ["queued", "running", "done", "failed", "cancelled"],
  done: [],
  // Only by `task retry`.
  failed: ["queued", "blocked"],
  cancelled: ["queued", "blocked"],
};

/** @throws INTERNAL when the transition is not in the life of a task */
export function assertTaskTransition(from: TaskState, to: TaskState): void {
  if (from === to || NEXT[from].includes(to)) return;
  throw new AppError("INTERNAL", `A task cannot go from ${from} to ${to}`, { details: { from, to } });
}

export function isEnded(state: TaskState): boolean {
  return state === "done" || state === "failed" || state === "cancelled";
}

/** It has an agent, and takes one of the places that `maxRunningTasks` allows. */
export function isUnderWay(state: TaskState): boolean {
  return state === "running" || state === "waiting" || state === "checking";
}

export const UNDER_WAY: readonly TaskState[] = TASK_STATES.filter(isUnderWay);

/** The tries of a task, of which the open one ends now. */
export function endOpenTry(
  attempts: readonly TaskAttempt[],
  end: Pick<TaskAttempt, "endedAt" | "outcome"> & Partial<Pick<TaskAttempt, "error" | "checks">>,
): TaskAttempt[] {
  return attempts.map((attempt) => (attempt.endedAt === null ? { ...attempt, ...end } : attempt));
}

export const taskView = z.object({
  id: z.string().describe("Task id, `tsk_…`"),
  number: z.number().int(),
  title: z.string(),
  session: z.object({ id: z.string(), name: z.string() }),
  state: z.enum(TASK_STATES),
  because: z.string().describe("One sentence: what it waits for, who works on it, why it ended as it did"),
  text: z.string(),
  role: z.string().nullable(),
  priority: z.number().int().describe("1 (can wait) to 10 (first)"),
  needs: z.array(z.string()).describe("Ids of the tasks that must be done before"),
  agent: z.object({ id: z.string(), name: z.string() }).nullable().describe("Who works, or worked, on it"),
  cwd: z.string().nullable().describe("Directory that its agent works in"),
  attempts: z.array(taskAttemptView),
  timeoutMs: z.number().int().describe("Bound of one try"),
  retries: z.number().int(),
  check: z.array(z.string()).nullable(),
  worktree: z.boolean(),
  conversation: z
    .enum(TASK_CONVERSATIONS)
    .nullable()
    .describe("Whether its agent shall begin a new conversation or go on in its own; null: nobody said so"),
  onFailure: z.enum(ON_FAILURE),
  causedBy: z.string().nullable(),
  workflow: z.object({ runId: z.string(), step: z.string().nullable() }).nullable(),
  reports: z.array(taskReportView),
  result: z.string().nullable(),
  error: taskErrorView.nullable(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  lastActivityAt: z.iso.datetime().describe("When it was last begun, prompted, reported on, checked or ended"),
  durationMs: z.number().int().nullable().describe("From its first start until its end, or until now"),
});
export type TaskView = z.infer<typeof taskView>;
