import * as z from "zod";
import { isEnded, TASK_STATES, type Task } from "../../core/task.ts";
import { BY_NEED, byUrgency } from "../../core/task-order.ts";
import { sessionRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveSession, visibleSessions } from "../resolve.ts";
import { taskItem, taskNames, toTaskItem } from "./views.ts";

/** What a program gets unless it asks for more: a queue may hold thousands (claude-code-facts §12 on long results). */
const PROGRAM_LIMIT = 30;

export const taskList = defineOperation({
  name: "task.list",
  title: "List tasks",
  summary: "List tasks with their states, those that wait or run first",
  description:
    "Lists the tasks of a session, or of all sessions: first those that wait for somebody, then those that run, then the queue in the order in which it will be worked off, then what is blocked, then what is over, newest first. Long texts are shortened; task show has all of one task. `total` counts what matches, also beyond the limit.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: true },
  input: z.object({
    session: sessionRef.describe("Session id or name; default: all sessions"),
    state: z.array(z.enum(TASK_STATES)).default([]).describe("Only tasks in these states"),
    limit: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .describe(`At most this many; default: all on the command line, ${PROGRAM_LIMIT} for programs`),
  }),
  output: z.object({ tasks: z.array(taskItem), total: z.number().int() }),
  errors: ["SESSION_NOT_FOUND", "PERMISSION_DENIED"],
  cli: {
    examples: ["task list", "task list --state failed --state waiting", "task list --session shop --json"],
  },
  async run(input, context) {
    const sessions =
      input.session === undefined ? await visibleSessions(context) : [await resolveSession(context, input.session)];
    const states = input.state.length === 0 ? {} : { states: input.state };
    const found = (
      await Promise.all(sessions.map(({ id }) => context.store.tasks.list({ sessionId: id, ...states })))
    ).flat();
    const now = context.clock.now();
    const limit = input.limit ?? (context.caller.principal.kind === "operator" ? found.length : PROGRAM_LIMIT);
    const names = await taskNames(context);
    return {
      tasks: inOrder(found, now)
        .slice(0, limit)
        .map((task) => toTaskItem(task, names, now)),
      total: found.length,
    };
  },
});

function inOrder(tasks: readonly Task[], now: number): Task[] {
  const first = byUrgency(now);
  return [...tasks].sort((a, b) => {
    const place = BY_NEED.indexOf(a.state) - BY_NEED.indexOf(b.state);
    if (place !== 0) return place;
    return isEnded(a.state) ? (b.endedAt ?? 0) - (a.endedAt ?? 0) : first(a, b);
  });
}
