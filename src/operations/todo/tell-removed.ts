import { isEnded, type Task } from "../../core/task.ts";
import type { TodoNote } from "../../core/todo/merge-todo.ts";
import { shortened } from "../../scheduler/note-report.ts";
import type { Context } from "../context.ts";
import { TODO_FILE } from "./take-over.ts";

/** Its line is back already; whoever looks at the task reads why. */
export async function tellRemoved(
  { store, clock }: Context,
  notes: readonly TodoNote[],
  known: ReadonlyMap<number, Task>,
): Promise<void> {
  const text = `Its line was taken out of ${TODO_FILE} and is back, for it is still to be done; task cancel ends it`;
  for (const { task: number, kind } of notes) {
    const id = known.get(number)?.id;
    if (kind !== "removed" || id === undefined) continue;
    await store.transaction(async ({ tasks }) => {
      const task = await tasks.get(id);
      if (!task || isEnded(task.state) || task.reports.at(-1)?.text === text) return;
      const report = { kind: "progress" as const, text, at: clock.now() };
      await tasks.update(id, { reports: shortened([...task.reports, report]) });
    });
  }
}
