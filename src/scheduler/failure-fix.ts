import type { Repositories } from "../core/ports/store.ts";
import { isEnded, type Task, untried } from "../core/task.ts";
import { taskName } from "./names.ts";
import type { JournalPorts } from "./ports.ts";
import { fixPrompt } from "./prompts.ts";

/** The role that finds causes. */
const DEBUGGER = "debugger";
const MAX_TITLE = 80;

/**
 * The task that shall mend this failure; undefined where none is wanted, one is at work already, or the failed task was
 * to mend another failure itself: then a person has to look.
 */
export async function failureFix(
  { tasks }: Pick<Repositories, "tasks">,
  { ids, clock }: Pick<JournalPorts, "ids" | "clock">,
  task: Task,
): Promise<Omit<Task, "number"> | undefined> {
  if (task.onFailure !== "fix" || task.causedBy !== null) return undefined;
  if ((await tasks.causedBy(task.id)).some(({ state }) => !isEnded(state))) return undefined;
  const { number: _, ...same } = task;
  const now = clock.now();
  return {
    ...same,
    id: ids.next("tsk"),
    title: `Mend ${taskName(task)}: ${task.title}`.slice(0, MAX_TITLE),
    text: fixPrompt(task, task.error?.message ?? task.because),
    role: DEBUGGER,
    needs: [],
    agentId: null,
    conversation: null,
    state: "queued",
    because: "it waits for its turn",
    onFailure: "none",
    causedBy: task.id,
    // What a fix is for is known from its cause: it is no step of a workflow.
    workflowRunId: null,
    stepId: null,
    ...untried(),
    createdAt: now,
    queuedAt: now,
  };
}
