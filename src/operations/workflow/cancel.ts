import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import { openTasks, runView } from "../../core/workflow/run.ts";
import { inParallel } from "../in-parallel.ts";
import { defineOperation } from "../operation.ts";
import { cancelTask } from "../task/cancel-task.ts";
import { resolveRun, runViewNow } from "./runs.ts";

/** Agents that are interrupted at once. */
const MANY = 4;

export const workflowCancel = defineOperation({
  name: "workflow.cancel",
  title: "Cancel a run",
  summary: "Cancel what is left of a workflow's run",
  description:
    "Cancels all tasks of a run that have not ended: those that wait are taken out of the queue, the agents of those that run are interrupted and free for other work. What is done stays done, and what was changed in files stays.",
  effect: "write",
  risk: "medium",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({
    run: z.string().min(1).describe("Id of the run (wfr_…), as workflow run and workflow list show it"),
  }),
  output: z.object({ run: runView, cancelled: z.array(z.string()).describe("Ids of the tasks that this ended") }),
  errors: ["WORKFLOW_RUN_NOT_FOUND", "TASK_ENDED", "PERMISSION_DENIED"],
  cli: { args: ["run"], examples: ["workflow cancel wfr_01kb…"] },
  async run(input, context) {
    const run = await resolveRun(context, input.run);
    const { tasks, view: before } = await runViewNow(context, run);
    const open = openTasks(tasks);
    if (open.length === 0 && before.state !== "cancelled") {
      throw new AppError("TASK_ENDED", `Run ${run.id} (${run.title}) is ${before.state} already`, {
        hint: "There is nothing to cancel; claude-orch workflow show has its results.",
        details: { run: run.id, state: before.state },
      });
    }
    // Those that wait first, the last steps before the first ones: nothing starts while the rest is being ended.
    const waiting = open.filter(({ state }) => state === "blocked" || state === "queued").reverse();
    const others = open.filter((task) => !waiting.includes(task));
    const cancelled: string[] = [];
    const cancel = async (id: string) => {
      const reason = `its run was cancelled by the ${context.caller.principal.kind}`;
      if (await cancelTask(context, id, reason)) cancelled.push(id);
    };
    for (const { id } of waiting) await cancel(id);
    await inParallel(others, MANY, ({ id }) => cancel(id));
    context.logger.info("workflow.cancelled", { runId: run.id, tasks: cancelled.length });
    return { run: (await runViewNow(context, run)).view, cancelled };
  },
});
