import type { Task, TaskAttempt } from "../../core/task.ts";

/** What happened in a try at a task, beside what its agent said: a report, a run of the check, the error that ended it. */
export interface TryEvent {
  id: string;
  kind: "report" | "check" | "error";
  /** Epoch ms; null of an error whose try has not ended. */
  at: number | null;
  text: string;
  /** Of a check; null: it was killed, or could not be started. */
  exitCode?: number | null;
}

/** In the log of the task and in that of its agent they are the same. */
export function tryEvents(task: Pick<Task, "attempts" | "reports">, attempt: TaskAttempt): TryEvent[] {
  const until = task.attempts[task.attempts.indexOf(attempt) + 1]?.startedAt ?? Number.POSITIVE_INFINITY;
  const reports = task.reports
    .filter(({ at }) => at >= attempt.startedAt && at < until)
    .map(({ kind, text, at }): TryEvent => ({ id: `report:${at}`, kind: "report", at, text: `${kind}: ${text}` }));
  const checks = attempt.checks.map(
    ({ startedAt, endedAt, exitCode, output }): TryEvent => ({
      id: `check:${startedAt}`,
      kind: "check",
      at: endedAt,
      text: output,
      exitCode,
    }),
  );
  if (attempt.error === null) return [...reports, ...checks];
  const { kind, message } = attempt.error;
  const end = { id: `end:${attempt.number}`, kind: "error" as const, at: attempt.endedAt, text: `${kind}: ${message}` };
  return [...reports, ...checks, end];
}
