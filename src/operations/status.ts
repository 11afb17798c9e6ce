import * as z from "zod";
import { type AgentView, agentView } from "../core/agent.ts";
import { sumUsage, usageView } from "../core/message.ts";
import { type Session, sessionView } from "../core/session.ts";
import { TASK_STATES, type TaskState } from "../core/task.ts";
import { todoView } from "../core/todo/todo-summary.ts";
import { agentViews } from "./agent/agent-views.ts";
import { ATTENTION_KINDS, attentionOf } from "./attention/attention.ts";
import { fullName, summaryOf, tasksInNeed } from "./attention/task-items.ts";
import type { Context } from "./context.ts";
import { defineOperation } from "./operation.ts";
import { resolveSession, visibleSessions } from "./resolve.ts";
import { taskNames } from "./task/views.ts";
import { readTodo } from "./todo/read-todo.ts";
import { toSessionView } from "./views.ts";

const count = z.number().int();
const taskCounts = Object.fromEntries(TASK_STATES.map((state) => [state, count])) as Record<TaskState, typeof count>;

const ORDER: Record<AgentView["state"], number> = {
  waiting: 0,
  errored: 1,
  lost: 2,
  exited: 3,
  starting: 4,
  working: 5,
  idle: 6,
};

export const status = defineOperation({
  name: "status",
  title: "Status",
  summary: "Show everything at a glance, those that need a person first",
  description:
    "Shows all sessions and agents with their states, those that need somebody first, and how many tasks are in which state. `attention` lists the agents that wait for a person, with the reason; inbox has what they ask in full.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: true },
  input: z.object({ session: z.string().min(1).optional().describe("Only this session; default: all") }),
  output: z.object({
    sessions: z.array(
      sessionView.extend({ todo: todoView.nullable().describe("How far its to-do list is; null: it has none") }),
    ),
    agents: z.array(agentView.extend({ queued: z.number().int().describe("Messages that wait for it") })),
    tasks: z.object({
      ...taskCounts,
      attention: z
        .array(
          z.object({
            task: z.string().describe("session/TASK_7"),
            taskId: z.string(),
            state: z.enum(TASK_STATES),
            title: z.string(),
            summary: z.string().describe("What it asks, or why it failed"),
          }),
        )
        .describe("Those that ask something or failed, unless their agent's own entry tells it"),
    }),
    usage: usageView.describe("Tokens of all answers to messages sent through claude-orch"),
    attention: z.array(
      z.object({
        agent: z.string().describe("session/name"),
        agentId: z.string(),
        state: z.string(),
        kind: z.enum(ATTENTION_KINDS).describe("As in the inbox"),
        summary: z.string(),
        since: z.iso.datetime(),
        requestId: z.string().optional().describe("To answer with agent respond"),
        retryAt: z.iso.datetime().optional().describe("When a limit is over"),
      }),
    ),
  }),
  errors: ["SESSION_NOT_FOUND", "PERMISSION_DENIED"],
  cli: { args: ["session"], examples: ["status", "status shop --json", "status --watch"] },
  async run(input, context) {
    const sessions =
      input.session === undefined ? await visibleSessions(context) : [await resolveSession(context, input.session)];
    const queued = await context.store.messages.queueLengths();
    const views = await agentViews(context, sessions);
    const agents = views
      .map((view) => ({ ...view, queued: queued.get(view.id) ?? 0 }))
      .sort((a, b) => ORDER[a.state] - ORDER[b.state]);
    const totals = await context.store.messages.usageTotals();
    return {
      sessions: await Promise.all(
        sessions.map(async (session) => ({
          ...toSessionView(session, agents.filter((agent) => agent.session.id === session.id).length),
          todo: await readTodo(context, session),
        })),
      ),
      agents,
      tasks: await taskStatus(context, sessions, agents),
      usage: sumUsage(agents.flatMap(({ id }) => totals.get(id) ?? [])),
      attention: agents
        .flatMap((agent) => {
          const attention = attentionOf(agent);
          if (!attention) return [];
          const { id: agentId, state, since } = agent;
          return [{ agent: `${agent.session.name}/${agent.name}`, agentId, state, since, ...attention }];
        })
        .sort((a, b) => ATTENTION_KINDS.indexOf(a.kind) - ATTENTION_KINDS.indexOf(b.kind)),
    };
  },
});

async function taskStatus(context: Context, sessions: readonly Session[], agents: readonly AgentView[]) {
  const bySession = await context.store.tasks.counts();
  const ofAll = (state: TaskState) => sessions.reduce((sum, { id }) => sum + (bySession.get(id)?.[state] ?? 0), 0);
  const counts = Object.fromEntries(TASK_STATES.map((state) => [state, ofAll(state)])) as Record<TaskState, number>;
  const inNeed = await tasksInNeed(context, {
    sessionIds: new Set(sessions.map(({ id }) => id)),
    agents: new Map(agents.map((agent) => [agent.id, agent])),
  });
  const names = await taskNames(context);
  return {
    ...counts,
    attention: inNeed.map((task) => ({
      task: fullName(task, names),
      taskId: task.id,
      state: task.state,
      title: task.title,
      summary: summaryOf(task),
    })),
  };
}
