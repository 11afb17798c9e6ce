import type { Task } from "../core/task.ts";

/** As people, files and prompts call it. */
export function taskName({ number }: Pick<Task, "number">): string {
  return `TASK_${number}`;
}
