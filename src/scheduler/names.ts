import type { Task } from "../core/task.ts";

/** The duty of running the queue, which one process has at a time. */
export const SCHEDULER_DUTY = "scheduler";

/** As people, files and prompts call it. */
export function taskName({ number }: Pick<Task, "number">): string {
  return `TASK_${number}`;
}
