import type { Task, TaskState } from "./task.ts";

/** What somebody has to answer comes first, then what is under way, then the queue, then what is over. */
export const BY_NEED: readonly TaskState[] = [
  "waiting",
  "running",
  "checking",
  "queued",
  "blocked",
  "failed",
  "cancelled",
  "done",
];

/** After each of these, a waiting task counts as one step more urgent: from 1 to 10 in an hour and a half. */
export const AGEING_MS = 10 * 60_000;

/**
 * How urgent a queued task is now: its priority, and one more for each ten minutes that it could have started. It has no
 * upper end, so that what has waited long enough is before everything that comes later, whatever its priority.
 */
export function urgency(
  { priority, queuedAt, createdAt }: Pick<Task, "priority" | "queuedAt" | "createdAt">,
  now: number,
) {
  return priority + Math.max(0, now - (queuedAt ?? createdAt)) / AGEING_MS;
}

/** The most urgent first; of equals the older one. */
export function byUrgency(now: number): (a: Task, b: Task) => number {
  return (a, b) => urgency(b, now) - urgency(a, now) || a.createdAt - b.createdAt || a.number - b.number;
}
