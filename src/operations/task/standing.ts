import type { Task } from "../../core/task.ts";
import { taskName } from "../../scheduler/names.ts";

/** How a task that nobody works on stands in the queue: it may start, or needs others first. */
export function standing(
  needs: readonly Pick<Task, "number" | "state">[],
  now: number,
): Pick<Task, "state" | "because" | "queuedAt"> {
  const missing = needs.filter(({ state }) => state !== "done");
  if (missing.length === 0) return { state: "queued", because: "it waits for its turn", queuedAt: now };
  const names = missing.map((need) => `${taskName(need)} (${need.state})`);
  return { state: "blocked", because: `it needs ${names.join(", ")}`, queuedAt: null };
}
