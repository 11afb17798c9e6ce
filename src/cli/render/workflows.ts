import type { RunView } from "../../core/workflow/run.ts";
import type { WorkflowView } from "../../core/workflow/template.ts";
import { describeProblem } from "../../core/workflow/workflow-catalogue.ts";
import { type Output, printable } from "../output.ts";
import { localTime } from "./local-time.ts";
import { paintRunState } from "./run-state.ts";
import { type Column, formatTable } from "./table.ts";

type Template = Pick<WorkflowView, "name" | "aliases" | "title" | "inputs" | "origin">;
type Run = Omit<RunView, "steps" | "inputs">;

interface Listed {
  workflows: Template[];
  runs: Run[];
  problems: Parameters<typeof describeProblem>[0][];
}

export function renderWorkflows({ workflows, runs, problems }: Listed, output: Output): void {
  const columns: Column<Template>[] = [
    { title: "workflow", value: ({ name }) => name },
    { title: "aliases", value: ({ aliases }) => aliases.join(", ") || "-" },
    { title: "from", value: ({ origin }) => origin },
    { title: "inputs", value: ({ inputs }) => inputs.map(inputName).join(" ") || "-" },
    { title: "what it is", value: ({ title }) => title, isElastic: true },
  ];
  output.data(formatTable(workflows, columns, output));
  if (runs.length > 0) output.data(`\n${formatRuns(runs, output)}`);
  for (const problem of problems) output.note(printable(describeProblem(problem)));
}

function inputName({ name, required }: WorkflowView["inputs"][number]): string {
  return required ? name : `[${name}]`;
}

function formatRuns(runs: readonly Run[], output: Output): string {
  const columns: Column<Run>[] = [
    { title: "run", value: ({ id }) => id },
    { title: "workflow", value: ({ session, workflow }) => `${session.name}/${workflow}` },
    { title: "state", value: ({ state }) => state, paint: (text, { state }) => paintRunState(state, text, output) },
    { title: "since", value: ({ createdAt }) => localTime(createdAt) },
    { title: "because", value: ({ because }) => because, isElastic: true },
  ];
  return formatTable(runs, columns, output);
}
