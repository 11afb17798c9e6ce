import * as z from "zod";
import { drawGraph } from "../../core/workflow/draw-graph.ts";
import { graphOfRun, graphOfTemplate, type WorkflowGraph } from "../../core/workflow/graph.ts";
import { toMermaid } from "../../core/workflow/mermaid.ts";
import { runView } from "../../core/workflow/run.ts";
import { workflowView } from "../../core/workflow/template.ts";
import { findWorkflow } from "../../core/workflow/workflow-catalogue.ts";
import { sessionRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { taskItem, taskNames, toTaskItem } from "../task/views.ts";
import { workflowsHere } from "./find-workflows.ts";
import { isRunId, resolveRun, runViewNow } from "./runs.ts";
import { toWorkflowView } from "./template-view.ts";

export const workflowShow = defineOperation({
  name: "workflow.show",
  title: "Show a workflow",
  summary: "Show a workflow's inputs and steps, or how far a run of it is",
  description:
    "With a name or alias: the template, its inputs, its steps with role, needs, check and prompt. With a run's id (wfr_…): the run, its steps with their states and its tasks. With `graph`, the picture of its steps as well: text for a terminal of 80 columns, or Mermaid for documents.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({
    workflow: z.string().min(1).describe("Name or alias of a workflow, or id of a run (wfr_…)"),
    graph: z
      .enum(["text", "mermaid"])
      .optional()
      .describe("The picture of its steps: text for a terminal, mermaid for documents"),
    session: sessionRef,
  }),
  output: z.object({
    workflow: workflowView.optional(),
    run: runView.optional(),
    tasks: z.array(taskItem).optional(),
    graph: z.string().optional().describe("With graph: the steps and what they wait for, as text or Mermaid"),
  }),
  errors: [
    "WORKFLOW_NOT_FOUND",
    "WORKFLOW_FILE_INVALID",
    "WORKFLOW_RUN_NOT_FOUND",
    "SESSION_NOT_FOUND",
    "SESSION_AMBIGUOUS",
    "PERMISSION_DENIED",
  ],
  cli: {
    args: ["workflow"],
    examples: [
      "workflow show feature",
      "workflow show bug-fix --graph mermaid",
      "workflow show wfr_01kb… --graph text",
    ],
  },
  async run(input, context) {
    const drawn = (graph: WorkflowGraph) => {
      if (input.graph === undefined) return {};
      return { graph: input.graph === "mermaid" ? toMermaid(graph) : drawGraph(graph) };
    };
    if (isRunId(input.workflow)) {
      const { view, tasks } = await runViewNow(context, await resolveRun(context, input.workflow));
      const names = await taskNames(context);
      const now = context.clock.now();
      return {
        run: view,
        tasks: tasks.map((task) => toTaskItem(task, names, now)),
        ...drawn(graphOfRun(view)),
      };
    }
    const workflow = toWorkflowView(findWorkflow(await workflowsHere(context, input.session), input.workflow));
    return { workflow, ...drawn(graphOfTemplate(workflow)) };
  },
});
