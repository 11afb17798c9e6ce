import * as z from "zod";
import { EXIT_CODES } from "../../core/errors.ts";
import { taskView } from "../../core/task.ts";
import { readInputs } from "../../core/workflow/inputs.ts";
import { runView } from "../../core/workflow/run.ts";
import { findWorkflow } from "../../core/workflow/workflow-catalogue.ts";
import { goesOnWhen } from "../cancelled-wait.ts";
import { duration, milliseconds, sessionRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveSession } from "../resolve.ts";
import { markTasksSeen } from "../task/seen.ts";
import { taskNames, toTaskView } from "../task/views.ts";
import { awaitRun } from "./await-run.ts";
import { createRun } from "./create-run.ts";
import { workflowsHere } from "./find-workflows.ts";
import { runViewNow } from "./runs.ts";

export const workflowRun = defineOperation({
  name: "workflow.run",
  title: "Run a workflow",
  summary: "Put the steps of a workflow into the queue, with needs between them",
  description:
    "Makes one task for each step of a workflow template (for a parallel step, one for each item) and returns at once with the run's id and its tasks; with `wait`, when the run is over. A step starts when the steps that it needs are done, steps that do not need each other run together, and results of earlier steps stand in the prompts of later ones. Steps whose condition does not hold are left out. workflow list tells which inputs a template takes. All tasks are written at once or none is, and a run goes on after a crash where it was. Something must run for the queue to move: `claude-orch worker`, an MCP server of ours, or a command that waits.",
  effect: "write",
  risk: "medium",
  isIdempotent: false,
  exposure: { mcp: true, worker: false },
  input: z.object({
    workflow: z.string().min(1).describe("Name or alias of the workflow"),
    input: z
      .array(z.string())
      .default([])
      .describe("NAME=VALUE for an input; repeat it for several, and for the items of a list"),
    session: sessionRef,
    wait: z.boolean().default(false).describe("Return when the run is over; exit 7 when it failed, 6 when it goes on"),
    timeout: duration("With wait: how long; default: the setting waitTimeout"),
  }),
  output: z.object({ run: runView, tasks: z.array(taskView) }),
  errors: [
    "WORKFLOW_NOT_FOUND",
    "WORKFLOW_FILE_INVALID",
    "WORKFLOW_INPUT_INVALID",
    "ROLE_FILE_INVALID",
    "SESSION_NOT_FOUND",
    "SESSION_AMBIGUOUS",
    "PERMISSION_DENIED",
  ],
  cli: {
    args: ["workflow"],
    examples: [
      "workflow run feature --input description='A shopping cart' --input check='npm test'",
      "workflow run code-review --input description='the branch feature/cart' --wait --timeout 1h",
    ],
    exitCode: (output, { wait }) => {
      if (wait !== true) return 0;
      const { state } = runView.parse(output.run);
      return state === "done" ? 0 : state === "running" ? EXIT_CODES.timeout : EXIT_CODES.failed;
    },
  },
  async run(input, context) {
    const session = await resolveSession(context, input.session);
    const { roles, ...catalogue } = await workflowsHere(context, session.id);
    const template = findWorkflow(catalogue, input.workflow);
    const inputs = readInputs(template, input.input);
    const run = await createRun(context, { session, template, inputs, roles });
    if (input.wait) {
      await awaitRun(context, run, milliseconds(input.timeout, context.settings.waitTimeout)).catch((error) => {
        throw goesOnWhen(error, `run ${run.id} stays in the queue`, {
          hint: `Look at it with claude-orch workflow show ${run.id}, or end it with claude-orch workflow cancel ${run.id}.`,
          details: { runId: run.id },
        });
      });
    }
    const { view, tasks } = await runViewNow(context, run);
    if (input.wait) await markTasksSeen(context, tasks);
    const names = await taskNames(context);
    const now = context.clock.now();
    return { run: view, tasks: tasks.map((task) => toTaskView(task, names, now)) };
  },
});
