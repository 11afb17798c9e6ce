import * as z from "zod";
import type { Agent } from "../../core/agent.ts";
import type { Session } from "../../core/session.ts";
import { type Task, type TaskView, taskView } from "../../core/task.ts";
import type { Context } from "../context.ts";
import { isoTime } from "../views.ts";

/** A task in a list: without its tries and with its texts shortened, so that a long queue stays readable. */
export const taskItem = taskView
  .omit({ attempts: true, reports: true })
  .extend({ tries: z.number().int().describe("How often it was begun") });
export type TaskItem = z.output<typeof taskItem>;

/** Names that views of tasks need, read once for all of them. */
export interface TaskNames {
  sessions: ReadonlyMap<string, Pick<Session, "id" | "name">>;
  agents: ReadonlyMap<string, Pick<Agent, "id" | "name" | "cwd">>;
}

export async function taskNames({ store }: Context): Promise<TaskNames> {
  const [sessions, agents] = await Promise.all([store.sessions.list(), store.agents.list()]);
  return {
    sessions: new Map(sessions.map((session) => [session.id, session])),
    agents: new Map(agents.map((agent) => [agent.id, agent])),
  };
}

export function toTaskView(task: Task, names: TaskNames, now: number): TaskView {
  const session = names.sessions.get(task.sessionId);
  const iso = (ms: number | null) => (ms === null ? null : isoTime(ms));
  return {
    id: task.id,
    number: task.number,
    title: task.title,
    session: { id: task.sessionId, name: session?.name ?? task.sessionId },
    state: task.state,
    because: task.because,
    text: task.text,
    role: task.role,
    priority: task.priority,
    needs: task.needs,
    agent: agentOf(task, names),
    cwd: names.agents.get(agentIdOf(task) ?? "")?.cwd ?? null,
    attempts: task.attempts,
    timeoutMs: task.timeoutMs,
    retries: task.retries,
    check: task.check,
    worktree: task.worktree,
    conversation: task.conversation,
    onFailure: task.onFailure,
    causedBy: task.causedBy,
    workflow: task.workflowRunId === null ? null : { runId: task.workflowRunId, step: task.stepId },
    reports: task.reports,
    result: task.result,
    error: task.error,
    createdBy: task.createdBy,
    createdAt: isoTime(task.createdAt),
    startedAt: iso(task.startedAt),
    endedAt: iso(task.endedAt),
    lastActivityAt: isoTime(lastActivity(task)),
    durationMs: task.startedAt === null ? null : (task.endedAt ?? now) - task.startedAt,
  };
}

function agentIdOf(task: Task): string | null {
  return task.attempts.at(-1)?.agentId ?? task.agentId;
}

function lastActivity({ createdAt, endedAt, attempts, reports }: Task): number {
  const ofTries = attempts.flatMap((attempt) => [
    attempt.startedAt,
    attempt.endedAt ?? 0,
    ...attempt.prompts.map(({ at }) => at),
    ...attempt.checks.map((check) => check.endedAt),
  ]);
  return Math.max(createdAt, endedAt ?? 0, ...ofTries, ...reports.map(({ at }) => at));
}

/** A deleted agent is still named, by its id. */
function agentOf(task: Task, { agents }: TaskNames): TaskView["agent"] {
  const id = agentIdOf(task);
  return id === null ? null : { id, name: agents.get(id)?.name ?? id };
}

const MAX_TEXT = 500;

export function toTaskItem(task: Task, names: TaskNames, now: number): TaskItem {
  const { attempts, reports: _, ...view } = toTaskView(task, names, now);
  return {
    ...view,
    text: shortened(view.text),
    result: view.result === null ? null : shortened(view.result),
    tries: attempts.length,
  };
}

function shortened(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}… (${text.length - MAX_TEXT} more characters)`;
}

/** One task as it stands now in the store. */
export async function taskViewNow(context: Context, task: Task): Promise<TaskView> {
  const current = (await context.store.tasks.get(task.id)) ?? task;
  return toTaskView(current, await taskNames(context), context.clock.now());
}
