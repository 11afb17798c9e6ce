import * as z from "zod";
import { taskView } from "../../core/task.ts";
import { defineOperation } from "../operation.ts";
import { taskRef } from "./fields.ts";
import { resolveTask } from "./resolve-task.ts";
import { markTasksSeen } from "./seen.ts";
import { taskViewNow } from "./views.ts";

const relatedTask = taskView.pick({ id: true, number: true, state: true });
export type RelatedTask = z.output<typeof relatedTask>;

export const taskShow = defineOperation({
  name: "task.show",
  title: "Show a task",
  summary: "Show a task: state, agent, tries, reports, checks and result",
  description:
    "Shows all of one task: its state with the reason, what it needs, who works on it, each try with what its check said, what was reported, how long it took and its result. A task that ended leaves the inbox once it is shown.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: true },
  input: z.object({ task: taskRef }),
  output: z.object({
    task: taskView,
    related: z.array(relatedTask).describe("The tasks of `needs` and `causedBy`, as far as they are kept"),
  }),
  errors: ["TASK_NOT_FOUND", "TASK_AMBIGUOUS", "SESSION_NOT_FOUND", "PERMISSION_DENIED"],
  cli: { args: ["task"], examples: ["task show 7", "task show shop/TASK_7 --json"] },
  async run(input, context) {
    const task = await resolveTask(context, input.task);
    await markTasksSeen(context, [task]);
    const ids = [...task.needs, ...(task.causedBy === null ? [] : [task.causedBy])];
    const related = await Promise.all(ids.map((id) => context.store.tasks.get(id)));
    return {
      task: await taskViewNow(context, task),
      related: related.flatMap((one) => (one ? { id: one.id, number: one.number, state: one.state } : [])),
    };
  },
});
