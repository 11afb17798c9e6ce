import type { Task } from "../core/task.ts";

/** The duty of running the queue, which one process has at a time. */
export const SCHEDULER_DUTY = "scheduler";

/** The idempotency key of a try's n-th prompt (0, 1, 2 …), by which it is sent once. */
export function promptKey(taskId: string, attempt: number, index: number): string {
  return `task:${taskId}:${attempt}:${index}`;
}

/** As people, files and prompts call it. */
export function taskName({ number }: Pick<Task, "number">): string {
  return `TASK_${number}`;
}
