import type { Repositories } from "../../core/ports/store.ts";
import { isEnded, TASK_STATES, type Task } from "../../core/task.ts";
import type { TaskDetails } from "../../core/todo/task-file.ts";
import type { TodoBase, TodoTask } from "../../core/todo/todo-base.ts";

const OPEN = TASK_STATES.filter((state) => !isEnded(state));

/** The tasks that task files are about, without reading all that ended long ago. */
export interface MirroredTasks {
  /** For the list: what is open, what has ended since, and what has ended and stands in it as it was then. */
  listed: TodoTask[];
  /** Those of them that were read from the store. */
  read: Map<number, Task>;
  details(task: Task): Promise<TaskDetails>;
}

export async function mirroredTasks(
  { tasks, agents }: Pick<Repositories, "tasks" | "agents">,
  sessionId: string,
  base: TodoBase | null,
): Promise<MirroredTasks> {
  const open = await tasks.list({ sessionId, states: OPEN });
  const read = new Map(open.map((task) => [task.number, task]));
  const take = async (number: number) => {
    const task = read.get(number) ?? (await tasks.findByNumber(sessionId, number));
    if (task) read.set(number, task);
    return task;
  };
  const listed: TodoTask[] = [];
  for (const [key, { store }] of Object.entries(base?.tasks ?? {})) {
    const number = Number(key);
    // What has ended changes no more; what was opened again is among the open ones.
    if (isEnded(store.state) && !read.has(number)) listed.push({ number, ...store });
    else await take(number);
  }
  // Numbers have no gaps: what came and ended since the last look. Before the first one, only what is open is of interest.
  for (let number = (base?.seen ?? 0) + 1; base && (await take(number)); number += 1);

  const names = new Map((await agents.list(sessionId)).map(({ id, name }) => [id, name]));
  const numbers = new Map([...read.values()].map(({ id, number }) => [id, number]));
  const toListed = (task: Task): TodoTask => {
    const { number, title, priority, state } = task;
    const agentId = task.attempts.at(-1)?.agentId ?? task.agentId;
    return { number, title, priority, state, owner: agentId === null ? null : (names.get(agentId) ?? null) };
  };
  const numberOf = async (id: string) => numbers.get(id) ?? (await tasks.get(id))?.number;
  listed.push(...[...read.values()].map(toListed));
  return {
    listed,
    read,
    async details(task) {
      const needs = await Promise.all(task.needs.map(numberOf));
      const { because, text, role, check, reports, result, error } = task;
      return {
        ...toListed(task),
        ...{ because, text, role, check, reports, result },
        error: error?.message ?? null,
        needs: needs.filter((number) => number !== undefined),
        causedBy: task.causedBy === null ? null : ((await numberOf(task.causedBy)) ?? null),
      };
    },
  };
}
