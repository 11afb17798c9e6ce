import { isEnded } from "../task.ts";
import { NORMAL_PRIORITY } from "./priority-mark.ts";
import type { ListItem, TaskList } from "./task-list.ts";
import type { TodoBase, TodoTask } from "./todo-base.ts";
import { shortTitle, shownFields } from "./todo-line.ts";

/** An item that somebody added: a new task. */
export interface AddedItem {
  /** Line of the file, from 0. */
  line: number;
  title: string;
  /** What its line says, and what stands below it: notes and steps. */
  text: string;
  priority: number;
}

export interface ClaimedLines {
  /** The line of each task that has one. */
  claimed: Map<number, ListItem>;
  added: AddedItem[];
}

/**
 * Whose line is which. A comment with a task's number decides; without one, the title of a task that has no line any more:
 * who writes a file anew, as agents do, leaves comments out. What is left and open, and stands in no other item, is new. A
 * line with a number that nobody knows is left alone, and so is one of an earlier session.
 */
export function claimLines(list: TaskList, known: ReadonlyMap<number, TodoTask>, base: TodoBase | null): ClaimedLines {
  const claimed = new Map<number, ListItem>();
  const free: ListItem[] = [];
  for (const item of list.items) {
    if (item.task === null) free.push(item);
    else if (known.has(item.task) && !isForeign(item, { known, base })) claimTagged(item, item.task);
  }
  function claimTagged(item: ListItem, number: number): void {
    const earlier = claimed.get(number);
    if (!earlier) {
      claimed.set(number, item);
      return;
    }
    // Of a copied line, the copy is the one that was given another title.
    const title = base?.tasks[number]?.file.title;
    const isOriginal = item.title === title && earlier.title !== title;
    if (isOriginal) claimed.set(number, item);
    const copy = isOriginal ? earlier : item;
    if (copy.title !== (isOriginal ? item : earlier).title) free.push(copy);
  }

  const lost = [...known.values()].filter(({ number }) => !claimed.has(number));
  const byTitle = new Map<string, TodoTask[]>();
  for (const task of lost) {
    for (const title of new Set([base?.tasks[task.number]?.file.title ?? "", task.title, shownFields(task).title]))
      if (title !== "") byTitle.set(title, [...(byTitle.get(title) ?? []), task]);
  }
  const added: AddedItem[] = [];
  for (const item of free.toSorted((a, b) => a.line - b.line)) {
    const task = byTitle.get(item.title)?.find((one) => !claimed.has(one.number) && mayHaveLine(one, base));
    if (task) claimed.set(task.number, item);
    else if (isNew(item)) added.push({ line: item.line, ...describe(item, list) });
  }
  return { claimed, added };
}

/** Lines of an earlier session of this codebase, as they were found at first sight: their numbers mean other tasks now. */
export function foreignLines(list: TaskList, known: ReadonlyMap<number, TodoTask>, base: TodoBase | null): string[] {
  if (base) return base.foreign ?? [];
  return list.items.filter((item) => isForeign(item, { known, base })).map(keyOf);
}

function isForeign(
  item: ListItem,
  { known, base }: { known: ReadonlyMap<number, TodoTask>; base: TodoBase | null },
): boolean {
  if (item.task === null) return false;
  const task = known.get(item.task);
  if (!base) return task === undefined || shownFields(task).title !== item.title;
  return base.tasks[item.task]?.file.title !== item.title && base.foreign?.includes(keyOf(item)) === true;
}

function keyOf({ task, title }: ListItem): string {
  return `${task} ${title}`;
}

/** Whose line was taken out after its end, has none any more: its title again is the same work once more. */
function mayHaveLine({ number, state }: TodoTask, base: TodoBase | null): boolean {
  return !isEnded(state) || base?.tasks[number] !== undefined;
}

/** What is ticked already is history, what stands in another item a step of it. */
function isNew({ depth, mark, title }: ListItem): boolean {
  return depth === 0 && title !== "" && (mark === "open" || mark === "doing");
}

function describe({ line, end, title, priority }: ListItem, { lines }: TaskList): Omit<AddedItem, "line"> {
  const below = lines.slice(line + 1, end).map((text) => text.replace(/\s+$/, ""));
  const indents = below.filter((text) => text !== "").map((text) => /^\s*/.exec(text)?.[0].length ?? 0);
  const shift = Math.min(...indents, 80);
  const details = below
    .map((text) => text.slice(shift))
    .join("\n")
    .trim();
  return {
    title: shortTitle(title),
    text: details === "" ? title : `${title}\n\n${details}`,
    priority: priority ?? NORMAL_PRIORITY,
  };
}
