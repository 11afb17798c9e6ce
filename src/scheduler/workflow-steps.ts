import type { Repositories, Store } from "../core/ports/store.ts";
import type { Task } from "../core/task.ts";
import { decideBlocked, type Preparation, prepareStep } from "../core/workflow/advance-run.ts";
import type { WorkflowRun } from "../core/workflow/run.ts";

/**
 * To be asked before each try of a task: the text that its agent is given, with the results of the steps before it, or that
 * its step is left out. In that case the task is `cancelled` when this returns, and those that need it need instead what it
 * needed.
 * One transaction: after a crash it is asked again, and comes to the same.
 */
export async function prepareWorkflowTask(store: Store, task: Task, now: number): Promise<Preparation> {
  const { workflowRunId, text } = task;
  if (workflowRunId === null) return { kind: "start", text };
  return store.transaction(async (repositories): Promise<Preparation> => {
    const run = await repositories.workflowRuns.get(workflowRunId);
    if (!run) return { kind: "start", text };
    const tasks = await repositories.tasks.ofRun(run.id);
    const preparation = prepareStep(run, tasks, task);
    if (preparation.kind === "skip")
      await leaveOut(repositories, { run, tasks, now, ...preparation, stepId: task.stepId });
    // Put back into the queue by hand, it is no longer left out.
    else if (run.skipped.some(({ step }) => step === task.stepId)) {
      await repositories.workflowRuns.update(run.id, {
        skipped: run.skipped.filter(({ step }) => step !== task.stepId),
      });
    }
    return preparation;
  });
}

/** Those of these tasks that are really to start: no agent is taken or spawned for a step that is left out. */
export async function leaveOutSteps(store: Store, tasks: readonly Task[], now: number): Promise<Task[]> {
  const wanted: Task[] = [];
  for (const task of tasks) {
    const isAsked = await hasCondition(store, task);
    if (!isAsked || (await prepareWorkflowTask(store, task, now)).kind === "start") wanted.push(task);
  }
  return wanted;
}

/** Is it a step that starts or is left out when what it needs has ended, however that ended? */
export async function hasCondition(
  { workflowRuns }: Pick<Store, "workflowRuns">,
  { workflowRunId, stepId }: Pick<Task, "workflowRunId" | "stepId">,
): Promise<boolean> {
  if (workflowRunId === null) return false;
  const run = await workflowRuns.get(workflowRunId);
  return run?.steps.some((step) => step.id === stepId && step.when !== null) ?? false;
}

/**
 * To be called again and again; what has ended since the last look (epoch ms; 0: ever) is found in the store. Steps with a condition that
 * wait for such a one start all the same, or are left out. Without a condition they stay blocked.
 */
export async function decideHeldUp(store: Store, since: number, now: number): Promise<void> {
  for (const id of await store.workflowRuns.heldUp(since)) {
    await store.transaction(async (repositories) => {
      // One decision may be the reason for the next; there are no more of them than steps.
      let isNew = true;
      for (let left = (await repositories.workflowRuns.get(id))?.steps.length ?? 0; isNew && left > 0; left -= 1) {
        isNew = await decideOne(repositories, id, now);
      }
    });
  }
}

/** @returns false when there is nothing to decide */
async function decideOne(repositories: Repositories, runId: string, now: number): Promise<boolean> {
  const run = await repositories.workflowRuns.get(runId);
  if (!run) return false;
  const tasks = await repositories.tasks.ofRun(runId);
  const [decision] = decideBlocked(run, tasks);
  if (!decision) return false;
  const { stepId, skip } = decision;
  if (skip !== null) {
    await leaveOut(repositories, { run, tasks, now, stepId, because: skip });
    return true;
  }
  const done = new Set(tasks.filter(({ state }) => state === "done").map(({ id }) => id));
  for (const task of tasks.filter(({ id }) => decision.tasks.includes(id))) {
    await repositories.tasks.update(task.id, { needs: task.needs.filter((need) => done.has(need)) }, ["blocked"]);
  }
  await release(repositories, decision.tasks, now);
  return true;
}

interface LeftOut {
  run: WorkflowRun;
  tasks: readonly Task[];
  stepId: string | null;
  because: string;
  now: number;
}

async function leaveOut(repositories: Repositories, { run, tasks, stepId, because, now }: LeftOut): Promise<void> {
  const own = tasks.filter((task) => task.stepId === stepId && task.causedBy === null);
  for (const { id } of own) {
    const change = { state: "cancelled" as const, because: `left out: ${because}`, endedAt: now };
    await repositories.tasks.update(id, change, ["blocked", "queued"]);
  }
  const skipped = run.skipped.filter(({ step }) => step !== stepId);
  if (stepId !== null) {
    await repositories.workflowRuns.update(run.id, { skipped: [...skipped, { step: stepId, because }] });
  }
  const gone = new Set(own.map(({ id }) => id));
  const dependants = tasks.filter(({ needs }) => needs.some((need) => gone.has(need)));
  for (const { id, needs } of dependants) {
    const instead = needs.flatMap((need) => own.find((task) => task.id === need)?.needs ?? [need]);
    await repositories.tasks.update(id, { needs: [...new Set(instead)] });
  }
  await release(
    repositories,
    dependants.map(({ id }) => id),
    now,
  );
}

/** Puts into the queue what waits for nothing any more. */
async function release({ tasks }: Repositories, ids: readonly string[], now: number): Promise<void> {
  for (const id of ids) {
    if ((await tasks.unmetNeeds(id)).length > 0) continue;
    await tasks.update(id, { state: "queued", because: "it waits for its turn", queuedAt: now }, ["blocked"]);
  }
}
