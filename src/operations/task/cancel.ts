import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import { taskView } from "../../core/task.ts";
import { taskName } from "../../scheduler/names.ts";
import { defineOperation } from "../operation.ts";
import { cancelTask } from "./cancel-task.ts";
import { taskRef } from "./fields.ts";
import { resolveTask } from "./resolve-task.ts";
import { taskViewNow } from "./views.ts";

export const taskCancel = defineOperation({
  name: "task.cancel",
  title: "Cancel a task",
  summary: "Take a task out of the queue, or stop the agent that works on it",
  description:
    "Cancels a task. One that waits is taken out of the queue at once; of one that runs the agent's turn is interrupted (what it asks is denied), and the agent is free for other work. What was changed in files stays. Tasks that need it stay blocked until it is retried and done.",
  effect: "write",
  risk: "medium",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({ task: taskRef }),
  output: z.object({ task: taskView }),
  errors: ["TASK_NOT_FOUND", "TASK_AMBIGUOUS", "TASK_ENDED", "SESSION_NOT_FOUND", "PERMISSION_DENIED"],
  cli: { args: ["task"], examples: ["task cancel 7"] },
  async run(input, context) {
    const task = await resolveTask(context, input.task);
    const hasEnded = !(await cancelTask(context, task.id, `cancelled by the ${context.caller.principal.kind}`));
    const current = await taskViewNow(context, task);
    // Cancelled twice is cancelled; what is done or failed cannot be.
    if (hasEnded && current.state !== "cancelled") {
      throw new AppError("TASK_ENDED", `${taskName(task)} (${task.title}) is ${current.state} already`, {
        hint: "There is nothing to cancel; claude-orch task show has its result.",
        details: { task: task.id, state: current.state },
      });
    }
    return { task: current };
  },
});
