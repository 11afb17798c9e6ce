import { AppError } from "../../core/errors.ts";
import { senderName } from "../../core/principal.ts";
import { findRole, type RoleCatalogue } from "../../core/role-catalogue.ts";
import type { Session } from "../../core/session.ts";
import { type Task, untried } from "../../core/task.ts";
import type { InputValues } from "../../core/workflow/inputs.ts";
import { type PlannedTask, planRun } from "../../core/workflow/plan-run.ts";
import type { WorkflowRun } from "../../core/workflow/run.ts";
import type { InputValue, WorkflowTemplate } from "../../core/workflow/template.ts";
import type { Context } from "../context.ts";
import { milliseconds } from "../fields.ts";
import { standing } from "../task/standing.ts";

interface Wanted {
  session: Session;
  template: WorkflowTemplate;
  inputs: Record<string, InputValue>;
  roles: RoleCatalogue;
}

/**
 * Writes a run and all its tasks in one transaction: after a crash all of it is there, or nothing.
 * @throws WORKFLOW_INPUT_INVALID, ROLE_FILE_INVALID
 */
export async function createRun(context: Context, { session, template, inputs, roles }: Wanted): Promise<WorkflowRun> {
  const plan = planRun(template, inputs satisfies InputValues);
  if (plan.tasks.length === 0) {
    throw new AppError("WORKFLOW_INPUT_INVALID", `With these inputs, workflow ${template.name} has no step to do`, {
      details: { workflow: template.name, skipped: plan.skipped },
    });
  }
  const now = context.clock.now();
  const run: WorkflowRun = {
    id: context.ids.next("wfr"),
    sessionId: session.id,
    workflow: template.name,
    title: template.title,
    inputs,
    steps: plan.steps,
    skipped: plan.skipped,
    createdBy: senderName(context.caller.principal),
    createdAt: now,
  };
  const ids = new Map(plan.tasks.map(({ key }) => [key, context.ids.next("tsk")]));
  const tasks = plan.tasks.map((planned) => {
    const role = planned.role === null ? null : findRole(roles, planned.role).name;
    return toTask(context, { planned: { ...planned, role }, run, ids, now });
  });
  await context.store.transaction(async (repositories) => {
    await repositories.workflowRuns.insert(run);
    const stored = await repositories.tasks.insert(tasks);
    await sayWhatTheyNeed(stored, async (id, because) => void (await repositories.tasks.update(id, { because })));
  });
  context.logger.info("workflow.started", { runId: run.id, sessionId: session.id, tasks: tasks.length });
  return run;
}

interface Making {
  planned: PlannedTask;
  run: WorkflowRun;
  ids: ReadonlyMap<string, string>;
  now: number;
}

function toTask(context: Context, { planned, run, ids, now }: Making): Omit<Task, "number"> {
  const needs = planned.needs.flatMap((key) => ids.get(key) ?? []);
  const isReady = needs.length === 0;
  return {
    id: ids.get(planned.key) ?? context.ids.next("tsk"),
    sessionId: run.sessionId,
    title: planned.title,
    text: planned.text,
    role: planned.role,
    priority: 5,
    needs,
    agentId: null,
    state: isReady ? "queued" : "blocked",
    because: isReady ? "it waits for its turn" : "it needs other steps",
    timeoutMs: planned.timeoutMs ?? milliseconds(undefined, context.settings.taskTimeout),
    retries: planned.retries,
    check: planned.check,
    worktree: planned.worktree,
    conversation: planned.conversation,
    onFailure: planned.onFailure,
    causedBy: null,
    workflowRunId: run.id,
    stepId: planned.stepId,
    createdBy: run.createdBy,
    ...untried(),
    createdAt: now,
    queuedAt: isReady ? now : null,
  };
}

/** Tasks are named by their numbers, which they have only now. */
async function sayWhatTheyNeed(
  tasks: readonly Task[],
  write: (id: string, because: string) => Promise<void>,
): Promise<void> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  for (const task of tasks) {
    if (task.state !== "blocked") continue;
    const needed = task.needs.flatMap((id) => byId.get(id) ?? []);
    await write(task.id, standing(needed, task.createdAt).because);
  }
}
