import * as z from "zod";
import { isEnded, type Task, type TaskState } from "../task.ts";
import { combineStates, isStepEnded, type StepState, stepStateView } from "./step-state.ts";
import { type InputValue, inputValueView } from "./template.ts";

/** What of a template's step is kept with a run: a template that is edited later changes no run. */
export interface RunStep {
  id: string;
  title: string;
  role: string | null;
  /** Ids of the steps before it, as the template has them. */
  needs: string[];
  when: string | null;
  /** One task for each; null: one task. */
  items: string[] | null;
}

export interface SkippedStep {
  step: string;
  because: string;
}

/** One run of a template. Its tasks are in the queue; its state is theirs. */
export interface WorkflowRun {
  id: string;
  sessionId: string;
  /** Name of its template. */
  workflow: string;
  title: string;
  inputs: Record<string, InputValue>;
  steps: RunStep[];
  /** Steps that are left out, and why. */
  skipped: SkippedStep[];
  /** `operator`, `manager`, or the id of an agent. */
  createdBy: string;
  createdAt: number;
}

export const RUN_STATES = ["running", "done", "failed", "cancelled"] as const;
export type RunState = (typeof RUN_STATES)[number];

export const runStepView = z.object({
  id: z.string(),
  title: z.string(),
  role: z.string().nullable(),
  needs: z.array(z.string()).describe("Ids of the steps before it"),
  state: stepStateView.describe("The state of its task; of several, one for all of them"),
  because: z.string().nullable().describe("Why it is in this state"),
  done: z.number().int().describe("How many of its tasks are done"),
  tasks: z.array(z.string()).describe("Ids of its tasks: one, or one for each item"),
});
export type RunStepView = z.infer<typeof runStepView>;

export const runView = z.object({
  id: z.string().describe("Run id, `wfr_…`"),
  workflow: z.string().describe("Name of its template"),
  title: z.string(),
  session: z.object({ id: z.string(), name: z.string() }),
  state: z
    .enum(RUN_STATES)
    .describe("running as long as a step can still go on; failed when one has failed and nothing goes on without it"),
  because: z.string().describe("One sentence: what goes on, or what ended it"),
  inputs: z.record(z.string(), inputValueView),
  steps: z.array(runStepView),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});
export type RunView = z.infer<typeof runView>;

/** How far a step is. */
export interface StepStanding {
  step: RunStep;
  /** Ids of the steps that it waits for: in place of one that is left out, those which that one would have waited for. */
  waitsFor: string[];
  state: StepState;
  because: string | null;
  tasks: Task[];
}

/** The steps of a run in the template's order, each with its tasks in the order of its items. */
export function standingsOf(run: WorkflowRun, tasks: readonly Task[]): StepStanding[] {
  const leftOut = new Set(run.skipped.map(({ step }) => step));
  return run.steps.map((step) => {
    // A task that mends a failed one is no step of its own.
    const own = tasks.filter(({ stepId, causedBy }) => stepId === step.id && causedBy === null);
    const ordered = own.toSorted((a, b) => a.number - b.number);
    const reason = run.skipped.find((skipped) => skipped.step === step.id)?.because;
    const states = ordered.map((task) => (task.state === "cancelled" && reason !== undefined ? "skipped" : task.state));
    const state = combineStates(states);
    const telling = ordered[states.indexOf(state)];
    return {
      step,
      waitsFor: needsBeyond(step, run.steps, leftOut),
      state,
      because: state === "skipped" ? (reason ?? null) : (telling?.because ?? null),
      tasks: ordered,
    };
  });
}

/** The needs of a step; each one that is left out is replaced by its own needs. */
export function needsBeyond(
  step: Pick<RunStep, "needs">,
  steps: readonly Pick<RunStep, "id" | "needs">[],
  leftOut: ReadonlySet<string>,
): string[] {
  const needs = new Set<string>();
  const seen = new Set<string>();
  const open = [...step.needs].reverse();
  for (let need = open.pop(); need !== undefined; need = open.pop()) {
    if (seen.has(need)) continue;
    seen.add(need);
    if (leftOut.has(need)) open.push(...(steps.find(({ id }) => id === need)?.needs ?? []));
    else needs.add(need);
  }
  return [...needs];
}

export interface RunStanding {
  state: RunState;
  because: string;
  /** Epoch ms; null while it goes on. */
  endedAt: number | null;
}

/** The state of a run, which is that of its steps: nobody stores it, so that nothing can contradict the tasks. */
export function runStanding(standings: readonly StepStanding[]): RunStanding {
  const open = standings.filter(({ state }) => !isStepEnded(state));
  const stuck = stuckSteps(standings);
  const moving = open.filter(({ step }) => !stuck.has(step.id));
  if (moving.length > 0) return { state: "running", because: sentence(moving), endedAt: null };
  const endedAt = Math.max(0, ...standings.flatMap(({ tasks }) => tasks.map((task) => task.endedAt ?? 0)));
  const of = (wanted: StepState) => standings.filter(({ state }) => state === wanted);
  const waiting = stuck.size === 0 ? "" : `; ${[...stuck].join(", ")} cannot start`;
  const failed = of("failed");
  if (failed.length > 0) return { state: "failed", because: `${names(failed)} failed${waiting}`, endedAt };
  const cancelled = of("cancelled");
  if (cancelled.length > 0) return { state: "cancelled", because: `${names(cancelled)} cancelled${waiting}`, endedAt };
  // Its tasks were removed from the queue.
  if (open.length > 0) return { state: "failed", because: `${names(open)} cannot start`, endedAt };
  const skipped = of("skipped");
  const without = skipped.length === 0 ? "" : `, without ${names(skipped)}`;
  return { state: "done", because: `all steps are done${without}`, endedAt };
}

/** Steps that wait for what has failed, was cancelled, or is stuck itself, unless a condition of theirs will be asked. */
function stuckSteps(standings: readonly StepStanding[]): Set<string> {
  const byId = new Map(standings.map((standing) => [standing.step.id, standing]));
  const stuck = new Set<string>();
  for (let before = -1; before !== stuck.size; ) {
    before = stuck.size;
    for (const { step, state, waitsFor } of standings) {
      if (state !== "blocked" || stuck.has(step.id)) continue;
      const needs = waitsFor.map((need) => byId.get(need)?.state ?? "cancelled");
      const hasEndedBadly = needs.some((need) => need === "failed" || need === "cancelled");
      const isHeld = waitsFor.some((need) => stuck.has(need));
      if (isHeld || (hasEndedBadly && step.when === null)) stuck.add(step.id);
    }
  }
  return stuck;
}

const TELLING: readonly TaskState[] = ["waiting", "running", "checking", "queued", "blocked"];

function sentence(moving: readonly StepStanding[]): string {
  const parts = TELLING.flatMap((state) => {
    const steps = moving.filter((standing) => standing.state === state);
    return steps.length === 0 ? [] : [`${names(steps)} ${state}`];
  });
  return parts.join(", ");
}

function names(standings: readonly StepStanding[]): string {
  return standings.map(({ step }) => step.id).join(", ");
}

export function toRunView(
  run: WorkflowRun,
  tasks: readonly Task[],
  { session, isoTime }: { session: { id: string; name: string }; isoTime: (ms: number) => string },
): RunView {
  const standings = standingsOf(run, tasks);
  const { state, because, endedAt } = runStanding(standings);
  return {
    id: run.id,
    workflow: run.workflow,
    title: run.title,
    session,
    state,
    because,
    inputs: run.inputs,
    steps: standings.map(({ step: { id, title, role, needs }, ...standing }) => ({
      ...{ id, title, role, needs, state: standing.state, because: standing.because },
      done: standing.tasks.filter((task) => task.state === "done").length,
      tasks: standing.tasks.map((task) => task.id),
    })),
    createdBy: run.createdBy,
    createdAt: isoTime(run.createdAt),
    endedAt: endedAt === null ? null : isoTime(Math.max(endedAt, run.createdAt)),
  };
}

/** Tasks of a run that somebody can still take back. */
export function openTasks(tasks: readonly Task[]): Task[] {
  return tasks.filter(({ state }) => !isEnded(state));
}
