import * as z from "zod";
import { NORMAL_PRIORITY } from "./priority-mark.ts";
import { type ListItem, parseTaskList } from "./task-list.ts";

/** Where the to-do list of a codebase is looked for: the first that holds one counts. */
export const TODO_FILES = ["TODO.md", "development/TODO.md", ".claude-orch/TODO.md"] as const;

export const todoView = z.object({
  path: z.string().describe("The file, relative to the codebase's root"),
  done: z.number().int(),
  total: z.number().int().describe("Items with a box, without those that were dropped ([-])"),
  current: z.string().nullable().describe("The item that is under way ([~]), else the most urgent open one"),
  updatedAt: z.iso.datetime(),
});
export type TodoView = z.infer<typeof todoView>;

export function summariseTodo(text: string): Pick<TodoView, "done" | "total" | "current"> {
  const items = parseTaskList(text).items.filter(({ mark }) => mark !== "dropped");
  return {
    done: items.filter(({ mark }) => mark === "done").length,
    total: items.length,
    current: currentOf(items)?.title ?? null,
  };
}

/** Of an item and its open parts, one works on the part. */
function currentOf(items: readonly ListItem[]): ListItem | undefined {
  const unfinished = items.filter(({ mark }) => mark === "open" || mark === "doing");
  const leaves = unfinished.filter((item) => !unfinished.some(({ line }) => line > item.line && line < item.end));
  const candidates = leaves.some(({ mark }) => mark === "doing")
    ? leaves.filter(({ mark }) => mark === "doing")
    : leaves;
  return candidates.toSorted((a, b) => (b.priority ?? NORMAL_PRIORITY) - (a.priority ?? NORMAL_PRIORITY))[0];
}
