import { AppError } from "../../core/errors.ts";
import { nearNames } from "../../core/near-names.ts";
import type { Task } from "../../core/task.ts";
import { type RunView, toRunView, type WorkflowRun } from "../../core/workflow/run.ts";
import type { Context } from "../context.ts";
import { assertSameSession } from "../policy/authorise.ts";
import { isoTime } from "../views.ts";

const PREFIX = "wfr_";
/** Among so many of the latest runs one is looked for whose id was mistyped. */
const MAX_KNOWN = 100;

/** Does this name a run? Else it names a template. */
export function isRunId(ref: string): boolean {
  return ref.startsWith(PREFIX);
}

/** @throws WORKFLOW_RUN_NOT_FOUND, PERMISSION_DENIED */
export async function resolveRun(context: Context, id: string): Promise<WorkflowRun> {
  const run = await context.store.workflowRuns.get(id);
  if (run) {
    assertSameSession(context.caller.principal, run.sessionId);
    return run;
  }
  const runs = await visibleRuns(context, MAX_KNOWN);
  const near = nearNames(
    id,
    runs.map((known) => known.id),
  );
  const ofName = runs.filter(({ workflow }) => workflow === id).map((known) => known.id);
  const meant = [...near, ...ofName.slice(0, 3)];
  throw new AppError("WORKFLOW_RUN_NOT_FOUND", `There is no run ${JSON.stringify(id)}`, {
    ...(meant.length > 0
      ? { hint: `Did you mean ${meant.join(" or ")}? claude-orch workflow list shows them all.` }
      : {}),
    details: { run: id, near: meant },
  });
}

/** Runs that the caller may see, newest first. */
export function visibleRuns({ store, caller: { principal } }: Context, limit: number): Promise<WorkflowRun[]> {
  return store.workflowRuns.list({ ...(principal.kind === "worker" ? { sessionId: principal.sessionId } : {}), limit });
}

/** A run as its tasks have it now. */
export async function runViewNow(context: Context, run: WorkflowRun): Promise<{ view: RunView; tasks: Task[] }> {
  const { store } = context;
  const [current, tasks, session] = await Promise.all([
    store.workflowRuns.get(run.id),
    store.tasks.ofRun(run.id),
    store.sessions.get(run.sessionId),
  ]);
  const names = { session: { id: run.sessionId, name: session?.name ?? run.sessionId }, isoTime };
  return { view: toRunView(current ?? run, tasks, names), tasks };
}
