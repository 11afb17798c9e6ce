import type { Task } from "../task.ts";
import { holds, isConditionProblem, type Lookup, parseCondition } from "./condition.ts";
import { fillPrompt, inputText, type StepOutcome } from "./fill-prompt.ts";
import { notHolding } from "./plan-run.ts";
import { type StepStanding, standingsOf, type WorkflowRun } from "./run.ts";
import { isStepEnded } from "./step-state.ts";

/** What becomes of a task that is about to start. */
export type Preparation = { kind: "start"; text: string } | { kind: "skip"; because: string };

/**
 * The prompt of a run's task with the results of the steps before it, or why its step is left out.
 * @param tasks all tasks of the run
 */
export function prepareStep(
  run: WorkflowRun,
  tasks: readonly Task[],
  task: Pick<Task, "stepId" | "text">,
): Preparation {
  const standings = standingsOf(run, tasks);
  const step = run.steps.find(({ id }) => id === task.stepId);
  if (step && step.when !== null && !isWanted(step.when, run, standings)) {
    return { kind: "skip", because: notHolding(step.when) };
  }
  return { kind: "start", text: fillPrompt(task.text, { inputs: run.inputs, results: outcomes(standings) }) };
}

/** A step with a condition that waits for steps which have all ended, not all of them well. */
export interface BlockedDecision {
  stepId: string;
  /** Ids of its tasks that are blocked. */
  tasks: string[];
  /** Null: it starts all the same. */
  skip: string | null;
}

/** What a failed or cancelled step would block for ever is decided by the conditions of those who need it. */
export function decideBlocked(run: WorkflowRun, tasks: readonly Task[]): BlockedDecision[] {
  const standings = standingsOf(run, tasks);
  const states = new Map(standings.map(({ step, state }) => [step.id, state]));
  return standings.flatMap(({ step, waitsFor, tasks: own }) => {
    const blocked = own.filter(({ state }) => state === "blocked");
    if (step.when === null || blocked.length === 0) return [];
    const needs = waitsFor.map((need) => states.get(need) ?? "cancelled");
    const hasEndedBadly = needs.some((state) => state === "failed" || state === "cancelled");
    if (!needs.every(isStepEnded) || !hasEndedBadly) return [];
    const skip = isWanted(step.when, run, standings) ? null : notHolding(step.when);
    return [{ stepId: step.id, tasks: blocked.map(({ id }) => id), skip }];
  });
}

function isWanted(condition: string, run: WorkflowRun, standings: readonly StepStanding[]): boolean {
  const parsed = parseCondition(condition);
  // It was read when the run was made; what cannot be read any more is not obeyed.
  if (isConditionProblem(parsed)) return true;
  const known = outcomes(standings);
  const lookup: Lookup = (reference) => {
    if (reference.kind === "input") return inputText(reference, run.inputs, undefined) ?? "";
    if (reference.kind === "item") return "";
    const outcome = known[reference.step];
    return (reference.kind === "state" ? outcome?.state : outcome?.result) ?? "";
  };
  return holds(parsed, lookup);
}

function outcomes(standings: readonly StepStanding[]): Record<string, StepOutcome> {
  return Object.fromEntries(
    standings.map((standing) => [standing.step.id, { state: standing.state, result: resultOf(standing) }]),
  );
}

/** Of several tasks, all results, each under its item. */
function resultOf({ step, state, tasks }: StepStanding): string | null {
  if (step.items === null) return tasks[0]?.state === "done" ? shortened(tasks[0]) : null;
  if (state === "skipped") return null;
  return step.items
    .map((item, index) => {
      const task = tasks[index];
      const text = task?.state === "done" ? shortened(task) : `(no result: ${task?.state ?? "not made"})`;
      return `## ${item}\n\n${text}`;
    })
    .join("\n\n");
}

/** Enough for a report; what is longer is read where it stands. */
const MAX_RESULT = 20_000;

function shortened({ id, result }: Task): string {
  const text = (result ?? "").trim();
  if (text.length <= MAX_RESULT) return text;
  return `${text.slice(0, MAX_RESULT)}\n(cut here; ${text.length - MAX_RESULT} more characters: task_show ${id})`;
}
