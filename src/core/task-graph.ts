import { AppError } from "./errors.ts";

interface Needing {
  id: string;
  needs: readonly string[];
}

/** The ids of a circle of needs, its first one again at the end; undefined when there is none. */
export function findCycle(tasks: readonly Needing[]): string[] | undefined {
  const needs = new Map(tasks.map((task) => [task.id, task.needs]));
  const done = new Set<string>();
  for (const { id } of tasks) {
    const cycle = cycleFrom(id, needs, done);
    if (cycle) return cycle;
  }
  return undefined;
}

/** An own stack instead of recursion: chains may be as long as the queue. */
function cycleFrom(
  start: string,
  needs: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
): string[] | undefined {
  const path: { id: string; next: number }[] = [{ id: start, next: 0 }];
  const onPath = new Set([start]);
  for (let here = path.at(-1); here !== undefined; here = path.at(-1)) {
    const need = needs.get(here.id)?.[here.next++];
    if (need === undefined || done.has(here.id)) {
      done.add(here.id);
      onPath.delete(here.id);
      path.pop();
    } else if (onPath.has(need)) {
      const ids = path.map(({ id }) => id);
      return [...ids.slice(ids.indexOf(need)), need];
    } else if (!done.has(need) && needs.has(need)) {
      onPath.add(need);
      path.push({ id: need, next: 0 });
    }
  }
  return undefined;
}

/** @throws TASK_CYCLE naming the circle by what `name` calls each task */
export function assertNoCycle(tasks: readonly Needing[], name: (id: string) => string): void {
  const cycle = findCycle(tasks);
  if (!cycle) return;
  throw new AppError("TASK_CYCLE", `These tasks would wait for each other: ${cycle.map(name).join(" → ")}`, {
    details: { cycle },
  });
}
