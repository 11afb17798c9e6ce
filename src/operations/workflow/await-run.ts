import type { RunStepView, WorkflowRun } from "../../core/workflow/run.ts";
import { isStepEnded } from "../../core/workflow/step-state.ts";
import { keepScheduling } from "../../scheduler/keep-scheduling.ts";
import type { Context } from "../context.ts";
import { keepTaskFiles } from "../todo/keep-task-files.ts";
import { runViewNow } from "./runs.ts";

/** A missed ring of the doorbell shows after this long. */
const LOOK_EVERY_MS = 1_000;

/** Waits until a run is over, or the time is; meanwhile this process runs the scheduler, when no other does. */
export async function awaitRun(context: Context, run: WorkflowRun, timeoutMs: number): Promise<void> {
  const over = new AbortController();
  const working = { ...context, signal: AbortSignal.any([context.signal, over.signal]) };
  const scheduling = Promise.all([keepScheduling(working), keepTaskFiles(working)]);
  try {
    const deadline = context.clock.monotonic() + timeoutMs;
    for (;;) {
      const { view } = await runViewNow(context, run);
      const left = deadline - context.clock.monotonic();
      if (view.state !== "running" || left <= 0) return;
      const done = view.steps.filter(({ state }) => isStepEnded(state)).length;
      context.progress({ message: describe(view.steps), done, total: view.steps.length });
      await context.doorbell.wait(Math.min(left, LOOK_EVERY_MS), context.signal);
    }
  } finally {
    over.abort();
    await scheduling;
  }
}

/** `plan done, build running (1 of 3 done), review blocked` */
function describe(steps: readonly RunStepView[]): string {
  return steps
    .map(({ id, state, tasks, done }) => {
      const count = tasks.length > 1 && state !== "done" ? ` (${done} of ${tasks.length} done)` : "";
      return `${id} ${state}${count}`;
    })
    .join(", ");
}
