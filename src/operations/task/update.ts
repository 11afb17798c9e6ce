import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import type { Repositories } from "../../core/ports/store.ts";
import { isEnded, isUnderWay, TASK_STATES, type Task, taskView } from "../../core/task.ts";
import { assertNoCycle } from "../../core/task-graph.ts";
import { parsePriority } from "../../core/task-priority.ts";
import { taskName } from "../../scheduler/names.ts";
import type { Context } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { resolveSession } from "../resolve.ts";
import { resolveRole } from "../role/resolve-role.ts";
import { ABOUT_PRIORITY, needs, priority, taskRef, title } from "./fields.ts";
import { resolveTask, resolveTasks } from "./resolve-task.ts";
import { standing } from "./standing.ts";
import { assertOneSession } from "./submit.ts";
import { taskViewNow } from "./views.ts";

type Change = Partial<Pick<Task, "priority" | "needs" | "role" | "title">>;

const NOT_DONE = TASK_STATES.filter((state) => state !== "done");

export const taskUpdate = defineOperation({
  name: "task.update",
  title: "Change a task",
  summary: "Change the priority, needs, role or title of a task that waits",
  description:
    "Changes a task that has not started: what it is called, how urgent it is, what it needs first (the whole list is replaced), which role does it. Of a task that an agent works on only the title can be changed, of one that ended nothing.",
  effect: "write",
  risk: "medium",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({
    task: taskRef,
    priority: priority.optional().describe(ABOUT_PRIORITY),
    needs: needs.optional().describe("A task that must be done before, instead of those so far; repeat it for several"),
    noNeeds: z.boolean().default(false).describe("It needs no other task any more"),
    role: z.string().min(1).optional().describe("Role or alias of the agent that is to do it"),
    title: title.optional().describe("What to call it"),
  }),
  output: z.object({ task: taskView }),
  errors: [
    "TASK_NOT_FOUND",
    "TASK_AMBIGUOUS",
    "TASK_RUNNING",
    "TASK_ENDED",
    "TASK_CYCLE",
    "SESSION_NOT_FOUND",
    "ROLE_NOT_FOUND",
    "ROLE_FILE_INVALID",
    "INVALID_INPUT",
    "PERMISSION_DENIED",
  ],
  cli: {
    args: ["task"],
    examples: ["task update 7 --priority urgent", "task update 7 --needs 3 --needs 5", "task update 7 --role reviewer"],
  },
  async run(input, context) {
    const task = await resolveTask(context, input.task);
    const change = await changeOf(context, task, input);
    await context.store.transaction((repositories) => apply(repositories, task.id, change, context.clock.now()));
    context.logger.info("task.updated", { taskId: task.id, changed: Object.keys(change) });
    return { task: await taskViewNow(context, task) };
  },
});

interface Wanted {
  priority?: string | number | undefined;
  needs?: string[] | undefined;
  noNeeds: boolean;
  role?: string | undefined;
  title?: string | undefined;
}

async function changeOf(context: Context, task: Task, wanted: Wanted): Promise<Change> {
  if (wanted.noNeeds && wanted.needs) throw new AppError("INVALID_INPUT", "Give --needs or --no-needs, not both");
  const session = await resolveSession(context, task.sessionId);
  const needed = wanted.needs ? await resolveTasks(context, wanted.needs, session.id) : wanted.noNeeds ? [] : undefined;
  if (needed) assertOneSession(session, needed);
  if (wanted.role !== undefined && task.agentId !== null) {
    throw new AppError("INVALID_INPUT", `${taskName(task)} is for one agent, whose role counts`, {
      hint: "Change that agent's role with claude-orch agent assign-role.",
      details: { agentId: task.agentId },
    });
  }
  const change: Change = {
    ...(wanted.priority === undefined ? {} : { priority: parsePriority(String(wanted.priority)) ?? task.priority }),
    ...(needed === undefined ? {} : { needs: needed.map(({ id }) => id) }),
    ...(wanted.role === undefined ? {} : { role: (await resolveRole(context, session, wanted.role)).name }),
    ...(wanted.title === undefined ? {} : { title: wanted.title }),
  };
  if (Object.keys(change).length > 0) return change;
  throw new AppError("INVALID_INPUT", "Say what is to be changed", {
    hint: "Give --priority, --needs, --no-needs, --role or --title.",
  });
}

/** In one transaction with the look at its state: a scheduler may be about to start it. */
async function apply({ tasks }: Repositories, id: string, change: Change, now: number): Promise<void> {
  const task = await tasks.get(id);
  if (!task) throw new AppError("TASK_NOT_FOUND", `There is no task ${id} any more`);
  assertChangeable(task, change);
  if (!change.needs) {
    await tasks.update(id, change);
    return;
  }
  // What is done needs nothing any more: no circle leads through it, however many of them there are.
  const open = await tasks.list({ sessionId: task.sessionId, states: NOT_DONE });
  const needed = (await Promise.all(change.needs.map((need) => tasks.get(need)))).flatMap((need) => need ?? []);
  const byId = new Map(open.map((each) => [each.id, each]));
  const wished = open.map((each) => (each.id === id ? { ...each, needs: change.needs ?? [] } : each));
  assertNoCycle(wished, (each) => {
    const named = byId.get(each);
    return named ? taskName(named) : each;
  });
  const place = standing(needed, now);
  // What has waited keeps its age.
  await tasks.update(id, { ...change, ...place, queuedAt: place.queuedAt && (task.queuedAt ?? place.queuedAt) });
}

/** @throws TASK_ENDED, TASK_RUNNING */
function assertChangeable(task: Task, change: Change): void {
  const name = `${taskName(task)} (${task.title})`;
  if (isEnded(task.state)) {
    throw new AppError("TASK_ENDED", `${name} is ${task.state} already`, {
      ...(task.state === "done" ? { hint: "Submit a new task for what is still to be done." } : {}),
      details: { task: task.id, state: task.state },
    });
  }
  const { title: _, ...others } = change;
  if (!isUnderWay(task.state) || Object.keys(others).length === 0) return;
  throw new AppError("TASK_RUNNING", `${name} is ${task.state}: only its title can be changed`, {
    details: { task: task.id, state: task.state },
  });
}
