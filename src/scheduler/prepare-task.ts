import type { Task } from "../core/task.ts";
import type { Preparation } from "../core/workflow/advance-run.ts";

/** What becomes of a task that is about to start. Asked at each try, so that what a task needs has its result by then. */
export type PrepareTask = (task: Task) => Promise<Preparation>;
