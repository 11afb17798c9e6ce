import * as z from "zod";
import { TASK_STATES, type TaskState } from "../task.ts";

/** How a step ends; what a condition can ask for. */
export const STEP_STATES = ["done", "failed", "cancelled", "skipped"] as const;

export const stepStateView = z.enum([...TASK_STATES, "skipped"]);
export type StepState = TaskState | "skipped";

/** Of several tasks, the first of these that one of them has is the state of all. */
const ORDER: readonly StepState[] = [
  ...(["running", "checking", "waiting", "queued", "blocked"] as const),
  ...(["failed", "cancelled", "done", "skipped"] as const),
];

/** One state for all tasks of a step: it goes on as long as one of them does, and has failed when one has. */
export function combineStates(states: readonly StepState[]): StepState {
  return ORDER.find((state) => states.includes(state)) ?? "skipped";
}

export function isStepEnded(state: StepState): boolean {
  return STEP_STATES.some((end) => end === state);
}
