import { isEnded } from "../task.ts";
import type { ListItem } from "./task-list.ts";
import { hasMoved, type MirroredTask, markOf, type TodoTask } from "./todo-base.ts";
import { bodyOf, fieldsOf, type LineEdit, shortTitle, shownFields, tagOf } from "./todo-line.ts";

/** What somebody did in the file that the store is to hear of. */
export type TaskChange =
  | { kind: "title"; task: number; title: string }
  | { kind: "priority"; task: number; priority: number }
  /** A box was ticked, unticked, marked as under way or dropped: progress, never an end. */
  | { kind: "mark"; task: number; mark: ListItem["mark"] };

export interface MergedTask {
  changes: TaskChange[];
  /** What becomes of its line. */
  edit: LineEdit;
  /** The base once the changes are made, while the file is as it was read. */
  absorbed: MirroredTask;
  /** What the store says once the changes are made. */
  store: MirroredTask["store"];
  /** A box of a task that has ended was changed, and is changed back. */
  isRefused: boolean;
}

/**
 * Brings together what file and store say of one task since they last agreed. Where only one of them changed a field, the
 * other one follows; where both did, the file goes first, for somebody wrote that by hand. Only the end of a task is the
 * store's alone.
 */
export function mergeTask(item: ListItem, task: TodoTask, base: MirroredTask | undefined): MergedTask {
  const { number, ...now } = task;
  const file = fieldsOf(item);
  const shown = shownFields(now);
  const before = base ?? { file: shown, store: now };
  const changes: TaskChange[] = [];
  const edit: LineEdit = {};
  const store = { ...now };
  // Not shown yet: the next look shall still see that the store changed it.
  const absorbed: MirroredTask = { file, store: { ...before.store } };
  const isOver = isEnded(now.state);

  let title = file.title;
  let priority = file.priority;
  // What has ended is not changed any more; what somebody calls it in the file may stay there.
  if (base && file.title !== base.file.title && file.title !== "") {
    if (!isOver && file.title !== shown.title) {
      store.title = absorbed.store.title = shortTitle(file.title);
      changes.push({ kind: "title", task: number, title: store.title });
    }
  } else if (file.title === "" || !base || now.title !== base.store.title) title = shown.title;
  if (base && file.priority !== base.file.priority) {
    if (!isOver && file.priority !== shown.priority) {
      store.priority = absorbed.store.priority = file.priority;
      changes.push({ kind: "priority", task: number, priority: file.priority });
    }
  } else if (!base || now.priority !== base.store.priority) priority = shown.priority;
  if (title !== file.title || priority !== file.priority) {
    // The store's own title where it is the one shown: what was cut or cleaned for the line is not cut twice.
    edit.body = title === shown.title && priority === shown.priority ? bodyOf(now) : bodyOf({ title, priority });
  }

  const isMarked = file.mark !== before.file.mark;
  const isMoved = !base || hasMoved(base.store.state, now.state);
  let mark = file.mark;
  if (isOver) {
    if (isMoved || isMarked) mark = markOf(now.state);
  } else if (isMarked && !(isMoved && base && file.mark === markOf(now.state))) {
    changes.push({ kind: "mark", task: number, mark: file.mark });
  } else if (isMoved && base) mark = markOf(now.state);
  if (mark !== file.mark) edit.mark = mark;

  const tag = tagOf(task);
  edit.tag = tag;
  return { changes, edit, absorbed, store, isRefused: isOver && isMarked && !isMoved };
}
