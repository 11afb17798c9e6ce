import { formatAge } from "../core/duration.ts";
import type { Repositories } from "../core/ports/store.ts";
import { type CheckResult, endOpenTry, isUnderWay, type Task, type TaskError } from "../core/task.ts";
import { backOff } from "./back-off.ts";
import { failureFix } from "./failure-fix.ts";
import { taskName } from "./names.ts";
import type { Outcome } from "./next-move.ts";
import type { JournalPorts } from "./ports.ts";
import { tellDependants } from "./tell-dependants.ts";

interface End {
  /** Of the try that this was decided of; by default whichever is open. */
  number?: number;
  outcome: Outcome;
  error: TaskError | null;
  result?: string;
  /** It does not count; the next try waits until then (epoch ms). */
  heldUntil?: number;
  /** What its check said at last. */
  check?: CheckResult;
}

/** Its agent has reported since the end was decided, or another try has begun: decide again. */
export const STALE = Symbol("stale");

/**
 * Ends a try, and with it the task or the wait for its next try; what follows from that (reasons of the tasks that need
 * it, a task that mends the failure) is written in the same transaction, and so exactly once.
 * @param decidedOn the task as it was when this was decided, where a report may change the decision
 * @returns the task as it stands then; undefined when it was not under way any more
 */
export async function endTry(
  ports: JournalPorts,
  id: string,
  end: End,
  decidedOn?: Task,
): Promise<Task | typeof STALE | undefined> {
  const ended = await ports.store.transaction(async (repositories) => {
    const task = await repositories.tasks.get(id);
    if (!task || !isUnderWay(task.state)) return undefined;
    if (end.number !== undefined && end.number !== task.attempts.length) return STALE;
    if (decidedOn && hasNews(decidedOn, task)) return STALE;
    const change = changeFor(task, end, ports.clock.now());
    await repositories.tasks.update(id, change);
    const after = { ...task, ...change };
    if (after.state === "failed") await afterFailure(repositories, ports, after);
    return after;
  });
  if (ended && ended !== STALE) {
    const { outcome, error } = end;
    ports.logger.info("task.try-ended", {
      taskId: id,
      outcome,
      state: ended.state,
      ...(error ? { kind: error.kind } : {}),
    });
  }
  return ended;
}

/** Reports are bounded: their number alone does not tell. */
export function hasNews(before: Task, now: Task): boolean {
  return before.reports.length !== now.reports.length || before.reports.at(-1)?.at !== now.reports.at(-1)?.at;
}

function changeFor(task: Task, end: End, now: number): Partial<Task> {
  return { ...nextStateOf(task, end, now), ...(end.check ? { checker: null } : {}) };
}

function nextStateOf(task: Task, { outcome, error, result, heldUntil, check }: End, now: number): Partial<Task> {
  const checks = check ? { checks: [...(task.attempts.at(-1)?.checks ?? []), check] } : {};
  const attempts = endOpenTry(task.attempts, { endedAt: now, outcome, error, ...checks });
  const message = error?.message ?? "";
  if (outcome === "done") {
    const because = task.check === null ? "its agent reported the result" : "its agent reported, and its check passed";
    return { state: "done", because, attempts, result: result ?? "", error: null, notBefore: null, endedAt: now };
  }
  if (heldUntil !== undefined) {
    return { state: "queued", because: message, attempts, error, notBefore: heldUntil, queuedAt: now };
  }
  const failures = failuresOf({ ...task, attempts });
  if (failures <= task.retries) {
    const rest = backOff(failures);
    const because = `try ${attempts.length} failed (${message}); it is tried again after ${formatAge(rest)}`;
    return { state: "queued", because, attempts, error, notBefore: now + rest, queuedAt: now };
  }
  const times = failures > 1 ? `failed ${failures} times, at last: ` : "";
  return { state: "failed", because: `${times}${message}`, attempts, error, notBefore: null, endedAt: now };
}

/** Since it was put into the queue by hand: a `task retry` gives it all its tries again. */
function failuresOf({ attempts, startedAt }: Task): number {
  return attempts.filter(
    (attempt) => attempt.startedAt >= (startedAt ?? 0) && ["failed", "timeout", "lost"].includes(attempt.outcome ?? ""),
  ).length;
}

async function afterFailure(repositories: Repositories, ports: JournalPorts, task: Task): Promise<void> {
  await tellDependants(repositories, task);
  const fix = await failureFix(repositories, ports, task);
  if (!fix) return;
  const [stored] = await repositories.tasks.insert([fix]);
  if (stored) {
    const because = `${task.because}; ${taskName(stored)} shall find the cause and mend it`;
    await repositories.tasks.update(task.id, { because });
  }
}

/** Fails a task that nobody can work on. */
export async function giveUp(ports: JournalPorts, task: Task, because: string): Promise<void> {
  await ports.store.transaction(async (repositories) => {
    const now = ports.clock.now();
    const error: TaskError = { kind: "spawn", message: because };
    const change = { state: "failed" as const, because, error, notBefore: null, endedAt: now };
    if (!(await repositories.tasks.update(task.id, change, ["queued"]))) return;
    await afterFailure(repositories, ports, { ...task, ...change });
  });
  ports.logger.info("task.given-up", { taskId: task.id });
}
