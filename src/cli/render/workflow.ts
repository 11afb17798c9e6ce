import { commandLine } from "../../core/command-words.ts";
import { drawGraph } from "../../core/workflow/draw-graph.ts";
import { graphOfTemplate } from "../../core/workflow/graph.ts";
import type { RunView } from "../../core/workflow/run.ts";
import type { WorkflowInput, WorkflowStepView, WorkflowView } from "../../core/workflow/template.ts";
import type { TaskItem } from "../../operations/task/views.ts";
import { type Output, printable } from "../output.ts";
import { renderTasks } from "./tasks.ts";
import { formatRun } from "./workflow-run.ts";
import { wrapLines } from "./wrap.ts";

interface Shown {
  workflow?: WorkflowView;
  run?: RunView;
  tasks?: TaskItem[];
  graph?: string;
}

/** With a picture asked for: the picture alone, as a document wants it. */
export function renderWorkflow({ workflow, run, tasks, graph }: Shown, output: Output): void {
  if (graph !== undefined) output.data(printable(graph));
  else if (run) {
    output.data(`${formatRun(run, output)}\n`);
    renderTasks({ tasks: tasks ?? [] }, output);
  } else if (workflow) output.data(formatTemplate(workflow, output));
}

function formatTemplate(workflow: WorkflowView, output: Output): string {
  const { paint } = output;
  const columns = (output.isTerminal ? output.columns : 10_000) - 2;
  const aliases = workflow.aliases.length === 0 ? "" : `  (${workflow.aliases.join(", ")})`;
  return [
    `${paint.bold(printable(workflow.name))}${printable(aliases)}  ${printable(workflow.title)}`,
    ...(workflow.description === "" ? [] : wrapLines(workflow.description, columns).map((line) => `  ${line}`)),
    printable(`  ${workflow.file}`),
    ...(workflow.inputs.length === 0
      ? []
      : [
          "",
          paint.dim("— inputs —"),
          ...workflow.inputs.flatMap((input) => wrapLines(inputLine(input), columns).map((line) => `  ${line}`)),
        ]),
    "",
    ...printable(drawGraph(graphOfTemplate(workflow)))
      .split("\n")
      .map((line) => `  ${line}`),
    ...workflow.steps.flatMap((step) => ["", ...stepLines(step, output)]),
  ].join("\n");
}

function inputLine({ name, description, type, required, default: standard }: WorkflowInput): string {
  const value = typeof standard === "string" ? standard : standard?.join(", ");
  const facts = [
    ...(type === "list" ? ["list"] : []),
    ...(required ? ["required"] : value ? [`default: ${value}`] : ["optional"]),
  ];
  return `${name}  ${description} (${facts.join("; ")})`;
}

function stepLines(step: WorkflowStepView, { paint }: Output): string[] {
  const facts = [
    step.role ?? "general",
    ...(step.needs.length === 0 ? [] : [`needs ${step.needs.join(", ")}`]),
    ...(step.parallel === null ? [] : [`for each of ${itemsOf(step.parallel)}`]),
    ...(step.when === null ? [] : [`when ${step.when}`]),
    ...(step.check === null ? [] : [`check ${commandLine(step.check)}`]),
    ...(step.retries === 0 ? [] : [`${step.retries} ${step.retries === 1 ? "retry" : "retries"}`]),
    ...(step.timeout === null ? [] : [`timeout ${step.timeout}`]),
    ...(step.worktree ? ["in a worktree"] : []),
    ...(step.conversation === null ? [] : [`conversation ${step.conversation}`]),
    ...(step.onFailure === "none" ? [] : [`on failure ${step.onFailure}`]),
  ];
  return [
    `${paint.dim("—")} ${paint.bold(printable(step.id))} ${paint.dim("—")} ${printable(facts.join(" · "))}`,
    ...printable(step.prompt)
      .split("\n")
      .map((line) => `  ${line}`.trimEnd()),
  ];
}

function itemsOf(parallel: NonNullable<WorkflowStepView["parallel"]>): string {
  return "input" in parallel ? `the input ${parallel.input}` : parallel.items.join(", ");
}
