import type { Task } from "../../core/task.ts";
import { taskName } from "../../scheduler/names.ts";
import { isForPeople } from "../agent/delivery/seen.ts";
import type { Context } from "../context.ts";
import { type TaskNames, taskNames, toTaskView } from "../task/views.ts";
import { TODO_AUTHOR } from "../todo/admitted-items.ts";
import { isoTime } from "../views.ts";
import { attentionOf } from "./attention.ts";
import type { InboxItem } from "./inbox-item.ts";

/** Sessions and agents that a look is about; agents by id, with what is known of their states. */
interface Seen {
  sessionIds: ReadonlySet<string>;
  agents: ReadonlyMap<string, Parameters<typeof attentionOf>[0]>;
}

/** Tasks that ask somebody something, or failed and nobody has looked; what their agents' states tell already is left out. */
export async function tasksInNeed({ store }: Context, { sessionIds, agents }: Seen): Promise<Task[]> {
  const [waiting, failed] = await Promise.all([
    store.tasks.list({ states: ["waiting"] }),
    store.tasks.unseen(["failed"]),
  ]);
  return [...waiting, ...failed].filter((task) => sessionIds.has(task.sessionId) && !isToldByAgent(task, agents));
}

/** Tasks of people and managers, and of the list that people write too, that are done and that nobody has looked at. */
export async function finishedTasks({ store }: Context, { sessionIds }: Pick<Seen, "sessionIds">): Promise<Task[]> {
  const done = await store.tasks.unseen(["done"]);
  return done.filter(
    ({ sessionId, createdBy }) => sessionIds.has(sessionId) && (isForPeople(createdBy) || createdBy === TODO_AUTHOR),
  );
}

/** Its agent asks, or is in error, and has an item of its own. */
function isToldByAgent(task: Task, agents: Seen["agents"]): boolean {
  const agentId = task.attempts.at(-1)?.agentId;
  const agent = agentId ? agents.get(agentId) : undefined;
  return (
    agent !== undefined &&
    attentionOf(agent) !== undefined &&
    (task.state === "waiting" || task.error?.kind === "agent")
  );
}

/** The inbox's items of these tasks. */
export async function taskItems(context: Context, tasks: readonly Task[]): Promise<InboxItem[]> {
  if (tasks.length === 0) return [];
  const names = await taskNames(context);
  return tasks.map((task) => taskItem(task, names, context.clock.now()));
}

function taskItem(task: Task, names: TaskNames, now: number): InboxItem {
  const { id, number, state, title, result } = task;
  const { session, agent } = toTaskView(task, names, now);
  const ref = `${session.name}/${number}`;
  return {
    id,
    kind: state === "done" ? "finished" : state === "failed" ? "failed" : "input",
    agent,
    session,
    since: isoTime(task.endedAt ?? task.reports.at(-1)?.at ?? task.startedAt ?? task.createdAt),
    summary: summaryOf(task),
    because: task.because,
    task: { id, number, title, state, ...(result === null ? {} : { result: shortened(result, MAX_RESULT) }) },
    respond: remedies(task, ref, agent === null ? null : `${session.name}/${agent.name}`),
  };
}

const MAX_RESULT = 500;
const MAX_SUMMARY = 200;

/** What it asks, why it failed, or what came of it, in one line. */
export function summaryOf(task: Task): string {
  const text =
    task.state === "done"
      ? task.result || task.title
      : task.state === "failed"
        ? (task.error?.message ?? task.because)
        : (task.reports.findLast(({ kind }) => kind === "needs-input")?.text ?? task.because);
  const [line = ""] = text.trim().split("\n");
  return shortened(line, MAX_SUMMARY);
}

function shortened(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

function remedies({ id, state }: Task, ref: string, agent: string | null): string[] {
  switch (state) {
    case "done":
      return [`claude-orch task show ${ref}`, `claude-orch inbox done ${id}`];
    case "failed":
      return [`claude-orch task logs ${ref}`, `claude-orch task retry ${ref}`, `claude-orch inbox done ${id}`];
    default:
      return [
        ...(agent === null ? [] : [`claude-orch agent send ${agent} 'ANSWER'`]),
        `claude-orch task show ${ref}`,
        `claude-orch task cancel ${ref}`,
      ];
  }
}

/** `shop/TASK_7`: what it is called over all sessions. */
export function fullName(task: Task, { sessions }: TaskNames): string {
  return `${sessions.get(task.sessionId)?.name ?? task.sessionId}/${taskName(task)}`;
}
