import { isEnded, type TaskState } from "../task.ts";
import type { BoxMark } from "./task-list.ts";

/** What a list of tasks shows of one. */
export interface TodoTask {
  /** `TASK_<number>`, unique within the session. */
  number: number;
  title: string;
  /** 1 (can wait) to 10 (first). */
  priority: number;
  state: TaskState;
  /** Name of the agent that works, or worked, on it. */
  owner: string | null;
}

/** What its line says: as it was read, or as it will be read once it is written. */
export interface TodoFields {
  title: string;
  priority: number;
  mark: BoxMark;
}

/** A task that has a line, as file and store were when they last agreed. */
export interface MirroredTask {
  file: TodoFields;
  store: Omit<TodoTask, "number">;
}

export interface TodoBase {
  /** Up to this number tasks were met: one that has ended and has no line was taken out, or never shown. */
  seen: number;
  tasks: Record<number, MirroredTask>;
  /** Lines whose numbers are those of an earlier session's tasks, as `<number> <title>`. */
  foreign?: string[];
  /** How many steps were ticked in the file of each task, such as `2 of 5`. */
  steps?: Record<number, string>;
}

/** What the store makes of a box. A tick never makes a task done, so that the store's open box may be a ticked one. */
export function markOf(state: TaskState): BoxMark {
  if (state === "done") return "done";
  return state === "cancelled" ? "dropped" : "open";
}

/** Did the store change in a way that the box shows? An end counts also where its box is the same: a failure unticks. */
export function hasMoved(before: TaskState, now: TaskState): boolean {
  return markOf(before) !== markOf(now) || isEnded(before) !== isEnded(now);
}
