import { NORMAL_PRIORITY, parsePriorityMark, priorityMark } from "./priority-mark.ts";
import { BOX_SIGNS, type BoxMark, type ListItem } from "./task-list.ts";
import { markOf, type TodoFields, type TodoTask } from "./todo-base.ts";

/** As long as a task's title may be. */
const LONGEST_TITLE = 200;

export function shortTitle(title: string): string {
  return title.length <= LONGEST_TITLE ? title : `${title.slice(0, LONGEST_TITLE - 1).trimEnd()}…`;
}

/** What its line is read as. */
export function fieldsOf({ title, priority, mark }: ListItem): TodoFields {
  return { title, priority: priority ?? NORMAL_PRIORITY, mark };
}

/** What the line of a task would be read as, were it written from the store. */
export function shownFields({ title, priority, state }: Omit<TodoTask, "number">): TodoFields {
  const read = parsePriorityMark(bodyOf({ title, priority }));
  return { title: read.title, priority: read.priority ?? NORMAL_PRIORITY, mark: markOf(state) };
}

/** A task's title on one line, unable to open a comment, and its priority. */
export function bodyOf({ title, priority }: Pick<TodoTask, "title" | "priority">): string {
  const line = title.replace(/\s+/g, " ").trim().replaceAll("<!--", "<! --");
  return `${line === "" ? "(untitled)" : line}${priorityMark(priority)}`;
}

/** The comment that ties a line to its task, and tells who reads the file who is on it. */
export function tagOf({ number, state, owner }: Pick<TodoTask, "number" | "state" | "owner">): string {
  const by = owner === null ? "" : ` by ${owner}`;
  switch (state) {
    case "blocked":
    case "queued":
      return `<!-- TASK_${number} -->`;
    case "running":
    case "waiting":
    case "checking":
      return owner === null ? `<!-- TASK_${number}: under way -->` : `<!-- TASK_${number}: ${owner} is on it -->`;
    case "done":
    case "failed":
      return `<!-- TASK_${number}: ${state}${by} -->`;
    case "cancelled":
      return `<!-- TASK_${number}: cancelled -->`;
  }
}

/** A new line for a task. */
export function newLine(task: TodoTask, look: { indent: string; bullet: string; mark: BoxMark }): string {
  return `${look.indent}${look.bullet} [${BOX_SIGNS[look.mark]}] ${bodyOf(task)} ${tagOf(task)}`;
}

export interface LineEdit {
  mark?: BoxMark;
  body?: string;
  tag?: string;
}

/** The line with these parts replaced, and every other byte of it as it was. */
export function editLine(line: string, item: ListItem, edit: LineEdit): string {
  // From the back, so that the positions in front stay right.
  let text = line;
  const replace = ({ from, to }: { from: number; to: number }, by: string) => {
    text = text.slice(0, from) + by + text.slice(to);
  };
  if (edit.tag !== undefined) replace(item.tag, item.tag.from === item.tag.to ? ` ${edit.tag}` : edit.tag);
  if (edit.body !== undefined) replace(item.body, item.body.from === item.body.to ? `${edit.body} ` : edit.body);
  if (edit.mark !== undefined) replace(item.sign, BOX_SIGNS[edit.mark]);
  return text;
}
