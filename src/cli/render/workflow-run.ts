import { drawGraph } from "../../core/workflow/draw-graph.ts";
import { graphOfRun } from "../../core/workflow/graph.ts";
import type { RunView } from "../../core/workflow/run.ts";
import { type Output, printable } from "../output.ts";
import { localTime } from "./local-time.ts";
import { paintRunState } from "./run-state.ts";
import { paintStepState } from "./step-state.ts";

/** A run with its steps and their states, drawn. */
export function formatRun(run: RunView, output: Output): string {
  const { paint } = output;
  const ended = run.endedAt === null ? "" : ` · ended ${localTime(run.endedAt)}`;
  const reasons = run.steps
    .filter(({ state, because }) => because !== null && ["failed", "waiting", "skipped", "blocked"].includes(state))
    .map(({ id, because }) => printable(`  ${id}: ${because}`));
  return [
    `${paint.bold(printable(`${run.session.name}/${run.workflow}`))}  ${paintRunState(run.state, run.state, output)}  ${paint.dim(run.id)}`,
    printable(`  ${run.because}`),
    printable(`  started ${localTime(run.createdAt)} by ${run.createdBy}${ended}`),
    "",
    ...picture(run, output),
    ...(reasons.length === 0 ? [] : ["", ...reasons]),
  ].join("\n");
}

export function renderStartedRun({ run }: { run: RunView }, output: Output): void {
  output.data(formatRun(run, output));
  if (run.state === "running") {
    output.note(
      `It goes on while a worker, an MCP server or a waiting command runs: claude-orch workflow show ${run.id}`,
    );
  }
}

export function renderCancelledRun({ run, cancelled }: { run: RunView; cancelled: string[] }, output: Output): void {
  output.data(formatRun(run, output));
  const tasks = cancelled.length === 1 ? "1 task" : `${cancelled.length} tasks`;
  output.note(cancelled.length === 0 ? "It was cancelled before." : `Cancelled ${tasks}.`);
}

function picture(run: RunView, output: Output): string[] {
  // Made printable before our own colours are put around states.
  const steps = run.steps.map((step) => ({
    ...step,
    title: printable(step.title),
    role: step.role && printable(step.role),
  }));
  return drawGraph(graphOfRun({ steps }), (text, state) => paintStepState(state, text, output))
    .split("\n")
    .map((line) => `  ${line}`);
}
