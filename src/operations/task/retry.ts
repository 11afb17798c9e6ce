import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import { isEnded, taskView } from "../../core/task.ts";
import { taskName } from "../../scheduler/names.ts";
import { defineOperation } from "../operation.ts";
import { taskRef } from "./fields.ts";
import { resolveTask } from "./resolve-task.ts";
import { standing } from "./standing.ts";
import { taskViewNow } from "./views.ts";

export const taskRetry = defineOperation({
  name: "task.retry",
  title: "Retry a task",
  summary: "Put a failed or cancelled task back into the queue",
  description:
    "Puts a task that failed or was cancelled back into the queue, with its earlier tries kept to look at. Tasks that are blocked because they need it can go on once it is done.",
  effect: "write",
  risk: "medium",
  isIdempotent: false,
  exposure: { mcp: true, worker: false },
  input: z.object({ task: taskRef }),
  output: z.object({ task: taskView }),
  errors: ["TASK_NOT_FOUND", "TASK_AMBIGUOUS", "TASK_ENDED", "TASK_RUNNING", "SESSION_NOT_FOUND", "PERMISSION_DENIED"],
  cli: { args: ["task"], examples: ["task retry 7"] },
  async run(input, context) {
    const task = await resolveTask(context, input.task);
    await context.store.transaction(async ({ tasks }) => {
      const current = (await tasks.get(task.id)) ?? task;
      if (current.state === "done") {
        throw new AppError("TASK_ENDED", `${taskName(task)} (${task.title}) is done`, {
          hint: "Submit a new task for what is still to be done.",
          details: { task: task.id, state: current.state },
        });
      }
      if (!isEnded(current.state)) {
        throw new AppError("TASK_RUNNING", `${taskName(task)} (${task.title}) has not ended: it is ${current.state}`, {
          hint: "Wait for it with claude-orch task wait.",
          details: { task: task.id, state: current.state },
        });
      }
      if (current.attempts.at(-1)?.endedAt === null) {
        throw new AppError("TASK_RUNNING", `The agent of ${taskName(task)} (${task.title}) is still being stopped`, {
          hint: "Try again in a moment; while nothing runs the queue, start claude-orch worker first.",
          details: { task: task.id, state: current.state },
        });
      }
      const needed = await Promise.all(current.needs.map((id) => tasks.get(id)));
      await tasks.update(
        task.id,
        {
          ...standing(
            needed.flatMap((need) => need ?? []),
            context.clock.now(),
          ),
          result: null,
          error: null,
          notBefore: null,
          endedAt: null,
          seenAt: null,
        },
        [current.state],
      );
    });
    context.logger.info("task.retried", { taskId: task.id });
    return { task: await taskViewNow(context, task) };
  },
});
