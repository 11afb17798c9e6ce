import * as z from "zod";
import { runView } from "../../core/workflow/run.ts";
import { WORKFLOW_ORIGINS, workflowView } from "../../core/workflow/template.ts";
import { sessionRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { workflowsHere } from "./find-workflows.ts";
import { runViewNow, visibleRuns } from "./runs.ts";

/** As many runs as somebody looks at; `workflow show ID` finds the older ones. */
const MAX_RUNS = 20;

export const workflowList = defineOperation({
  name: "workflow.list",
  title: "List workflows",
  summary: "List the workflows that can be run, and the latest runs",
  description:
    "Lists the workflow templates of a session's codebase, the user's and the built-in ones, with the inputs that each takes, and the latest runs with their states. Of several templates with one name the first counts: .claude-orch/workflows of the project, workflows in our home folder, built-in. `problems` lists what is wrong with files that cannot be used.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({ session: sessionRef }),
  output: z.object({
    workflows: z.array(
      workflowView
        .omit({ steps: true })
        .extend({ steps: z.array(z.string()).describe("Ids of its steps, in the order of its file") }),
    ),
    runs: z.array(runView.omit({ steps: true, inputs: true })).describe(`The latest ${MAX_RUNS}, newest first`),
    problems: z.array(
      z.object({
        origin: z.enum(WORKFLOW_ORIGINS),
        file: z.string(),
        line: z.number().int(),
        column: z.number().int(),
        message: z.string(),
        hint: z.string().nullable(),
      }),
    ),
  }),
  errors: ["SESSION_NOT_FOUND", "SESSION_AMBIGUOUS", "PERMISSION_DENIED"],
  cli: { examples: ["workflow list", "workflow list --session shop --json"] },
  async run(input, context) {
    const { templates, problems } = await workflowsHere(context, input.session);
    const runs = await visibleRuns(context, MAX_RUNS);
    return {
      workflows: templates
        .map(({ steps, ...template }) => ({ ...template, steps: steps.map(({ id }) => id) }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      runs: await Promise.all(runs.map(async (run) => (await runViewNow(context, run)).view)),
      problems: problems.map(({ name: _, ...problem }) => problem),
    };
  },
});
