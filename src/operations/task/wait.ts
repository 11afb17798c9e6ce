import * as z from "zod";
import { AppError, EXIT_CODES } from "../../core/errors.ts";
import { duration, milliseconds } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { awaitTasks } from "./await-tasks.ts";
import { resolveTasks } from "./resolve-task.ts";
import { markTasksSeen } from "./seen.ts";
import { taskItem, taskNames, toTaskItem } from "./views.ts";

const output = z.object({ tasks: z.array(taskItem), timedOut: z.boolean() });

export const taskWait = defineOperation({
  name: "task.wait",
  title: "Wait for tasks",
  summary: "Wait until tasks have ended",
  description:
    "Waits until all (or any) of the tasks are done, failed or cancelled, and runs the queue meanwhile when nothing else does. A task that is blocked for good, because what it needs failed, ends the wait too. After the timeout it returns with timedOut true; nothing is cancelled.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({
    tasks: z.array(z.string().min(1)).min(1).describe("Task ids, numbers or titles"),
    any: z.boolean().default(false).describe("Return as soon as one of them has ended"),
    all: z.boolean().default(false).describe("Wait for all of them (the default)"),
    timeout: duration("How long to wait; default: the setting waitTimeout"),
  }),
  output,
  errors: [
    "TASK_NOT_FOUND",
    "TASK_AMBIGUOUS",
    "SESSION_NOT_FOUND",
    "INVALID_INPUT",
    "WAIT_TIMEOUT",
    "PERMISSION_DENIED",
  ],
  cli: {
    args: ["tasks"],
    examples: ["task wait 7 8 9", "task wait 7 8 --any --timeout 30m"],
    exitCode: (result, { any }) => exitCodeOf(output.parse(result), any === true),
  },
  async run(input, context) {
    if (input.any && input.all) throw new AppError("INVALID_INPUT", "Choose any or all, not both");
    const given = await resolveTasks(context, input.tasks);
    const { tasks, timedOut } = await awaitTasks(context, given, {
      mode: input.any ? "any" : "all",
      timeoutMs: milliseconds(input.timeout, context.settings.waitTimeout),
    });
    await markTasksSeen(context, tasks);
    const names = await taskNames(context);
    return { tasks: tasks.map((task) => toTaskItem(task, names, context.clock.now())), timedOut };
  },
});

/** Of several, one that failed is worse than the time that ran out; of any, one that is done is enough. */
function exitCodeOf({ tasks, timedOut }: z.output<typeof output>, isAny: boolean): number {
  const hasDone = tasks.some(({ state }) => state === "done");
  const isOver = ({ state }: { state: string }) => ["failed", "cancelled"].includes(state);
  if (isAny ? !timedOut && !hasDone : tasks.some(isOver)) return EXIT_CODES.failed;
  if (timedOut) return EXIT_CODES.timeout;
  return isAny || tasks.every(({ state }) => state === "done") ? 0 : EXIT_CODES.failed;
}
