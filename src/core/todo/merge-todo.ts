import { isEnded } from "../task.ts";
import { type AddedItem, claimLines, foreignLines } from "./claim-lines.ts";
import { type MergedTask, mergeTask, type TaskChange } from "./merge-task.ts";
import { type BoxMark, parseTaskList, type TaskList } from "./task-list.ts";
import { hasMoved, type MirroredTask, markOf, type TodoBase, type TodoTask } from "./todo-base.ts";
import { editLine, fieldsOf, newLine, tagOf } from "./todo-line.ts";

/** What cannot be as somebody wants it, and why. */
export interface TodoNote {
  task: number;
  /** `removed`: its line comes back, for it is still to be done. `ended`: its box is as its end made it. */
  kind: "removed" | "ended";
}

export interface TodoInput {
  /** The file; undefined where there is none. */
  text: string | undefined;
  /** Null before the first time. */
  base: TodoBase | null;
  /** All tasks that have not ended, and those of `base` that have. */
  tasks: readonly TodoTask[];
  /** First lines of a new file. */
  heading: string;
}

export interface TodoMerge {
  added: AddedItem[];
  changes: TaskChange[];
  notes: TodoNote[];
  /**
   * The base to keep together with the changes, before the file is written: a crash in between loses and repeats nothing.
   * `submitted`: the tasks made of `added`, by line.
   */
  absorbed(submitted: ReadonlyMap<number, TodoTask>): TodoBase;
  /** The file as it is to be, and the base to keep once it is. */
  write(submitted: ReadonlyMap<number, TodoTask>): { text: string; base: TodoBase };
}

/**
 * Three-way merge of a to-do list that people and agents edit with the store of tasks: what both were when they last agreed,
 * the file now, the store now. Every line that is no task's is kept byte for byte. Merging again what this one wrote
 * changes nothing.
 */
export function mergeTodo({ text, base, tasks, heading }: TodoInput): TodoMerge {
  const list = parseTaskList(text ?? heading);
  const known = new Map(tasks.map((task) => [task.number, task]));
  const { claimed, added } = claimLines(list, known, base);
  const foreign = foreignLines(list, known, base);
  const merged = new Map<number, MergedTask>();
  const notes: TodoNote[] = [];
  for (const [number, item] of claimed) {
    const task = known.get(number);
    if (!task) continue;
    const result = mergeTask(item, task, base?.tasks[number]);
    merged.set(number, result);
    if (result.isRefused) notes.push({ task: number, kind: "ended" });
  }

  const missing = tasks
    .filter((task) => !claimed.has(task.number) && isToBeShown(task, base))
    .toSorted((a, b) => a.number - b.number);
  for (const { number } of missing)
    if (base?.tasks[number] && text !== undefined) notes.push({ task: number, kind: "removed" });

  return {
    added,
    changes: [...merged.values()].flatMap(({ changes }) => changes),
    notes,
    absorbed: (submitted) => absorb({ list, merged, submitted, tasks, base, foreign }),
    write: (submitted) => write({ list, merged, claimed, missing, submitted, tasks, base, foreign }),
  };
}

/** What has ended may be taken out of the file; what is still to be done comes back. */
function isToBeShown({ number, state }: TodoTask, base: TodoBase | null): boolean {
  if (!isEnded(state)) return true;
  return base !== null && number > base.seen;
}

interface Merging {
  list: TaskList;
  merged: ReadonlyMap<number, MergedTask>;
  submitted: ReadonlyMap<number, TodoTask>;
  tasks: readonly TodoTask[];
  base: TodoBase | null;
  foreign: string[];
}

/** What of the file is taken over into the store; what of the store is not shown in the file yet stays as it was. */
function absorb({ list, merged, submitted, tasks, base, foreign }: Merging): TodoBase {
  // What had ended before there was a file is not shown in it.
  const absorbed: TodoBase = { seen: base?.seen ?? highest(tasks), tasks: { ...base?.tasks }, ...kept(foreign) };
  for (const [number, { absorbed: entry, edit }] of merged) {
    // A line that nobody remembers (a crash behind its writing) is remembered once it says what the store says.
    const isAgreed = edit.body === undefined && edit.mark === undefined;
    if (absorbed.tasks[number] || isAgreed) absorbed.tasks[number] = entry;
  }
  for (const item of list.items) {
    const task = submitted.get(item.line);
    if (!task) continue;
    const { number, ...store } = task;
    // Its line has no number yet: it is known by the title that it has here.
    absorbed.tasks[number] = { file: fieldsOf(item), store };
  }
  return absorbed;
}

function kept(foreign: string[]): Pick<TodoBase, "foreign"> {
  return foreign.length === 0 ? {} : { foreign };
}

function highest(tasks: Iterable<TodoTask>): number {
  let number = 0;
  for (const task of tasks) number = Math.max(number, task.number);
  return number;
}

interface Writing extends Merging {
  claimed: ReturnType<typeof claimLines>["claimed"];
  missing: readonly TodoTask[];
}

function write({ list, merged, claimed, missing, submitted, tasks, base: before, foreign }: Writing): {
  text: string;
  base: TodoBase;
} {
  const lines = [...list.lines];
  const owned = new Map<number, TodoTask>();
  for (const [number, item] of claimed) {
    const result = merged.get(number);
    if (!result) continue;
    lines[item.line] = editLine(lines[item.line] ?? "", item, result.edit);
    owned.set(item.line, { number, ...result.store });
  }
  for (const item of list.items) {
    const task = submitted.get(item.line);
    if (!task) continue;
    lines[item.line] = editLine(lines[item.line] ?? "", item, { tag: tagOf(task) });
    owned.set(item.line, task);
  }
  const inserted = insert(lines, list, new Set(owned.keys()), { tasks: missing, base: before });

  const text = lines.join("\n");
  const seen = Math.max(before?.seen ?? 0, highest([...tasks, ...submitted.values()]));
  const base: TodoBase = { seen, tasks: {}, ...kept(foreign) };
  const items = new Map(parseTaskList(text).items.map((item) => [item.line, item]));
  const remember = (line: number, { number, ...store }: TodoTask) => {
    const item = items.get(line);
    if (item) base.tasks[number] = { file: fieldsOf(item), store };
  };
  for (const [line, task] of owned) remember(line < inserted.at ? line : line + inserted.count, task);
  for (const [index, task] of missing.entries()) remember(inserted.at + inserted.count - missing.length + index, task);
  return { text, base };
}

/** Puts new lines behind the last task of the list, in its look; else at the end of the file. Tells where, and how many. */
function insert(
  lines: string[],
  list: TaskList,
  owned: ReadonlySet<number>,
  { tasks, base }: { tasks: readonly TodoTask[]; base: TodoBase | null },
): { at: number; count: number } {
  if (tasks.length === 0) return { at: lines.length, count: 0 };
  const neighbour = list.items.findLast(({ line, depth }) => depth === 0 && owned.has(line));
  const at = neighbour?.end ?? lines.findLastIndex((line) => line.trim() !== "") + 1;
  const eol = lines[0]?.endsWith("\r") ? "\r" : "";
  const indent = neighbour?.indent ?? "";
  let bullet = neighbour?.bullet ?? "-";
  const fresh = tasks.map((task) => {
    bullet = nextBullet(bullet, neighbour !== undefined);
    return newLine(task, { indent, bullet, mark: markAgain(task, base?.tasks[task.number]) }) + eol;
  });
  const isBehindProse = at > 0 && neighbour === undefined && !list.items.some(({ end }) => end === at);
  if (isBehindProse) fresh.unshift(eol);
  if (at === lines.length && at > 0) {
    // The last line has no line break of its own yet, and the new last one shall have none either.
    lines[at - 1] += eol;
    fresh[fresh.length - 1] = (fresh.at(-1) ?? "").replace(/\r$/, "");
  }
  lines.splice(at, 0, ...fresh);
  return { at, count: fresh.length };
}

/** A line that was removed comes back as it was, with its tick. */
function markAgain({ state }: TodoTask, before: MirroredTask | undefined): BoxMark {
  const isAsBefore = before !== undefined && !isEnded(state) && !hasMoved(before.store.state, state);
  return isAsBefore ? before.file.mark : markOf(state);
}

/** `3.` → `4.` */
function nextBullet(bullet: string, hasNeighbour: boolean): string {
  const number = /^(\d+)([.)])$/.exec(bullet);
  if (!number || !hasNeighbour) return bullet;
  return `${Number(number[1]) + 1}${number[2]}`;
}
