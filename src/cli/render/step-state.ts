import type { StepState } from "../../core/workflow/step-state.ts";
import type { Output } from "../output.ts";
import { paintTaskState } from "./tasks.ts";

export function paintStepState(state: StepState, text: string, output: Output): string {
  return state === "skipped" ? output.paint.dim(text) : paintTaskState(state, text, output);
}
