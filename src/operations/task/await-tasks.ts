import { isEnded, type Task } from "../../core/task.ts";
import { keepScheduling } from "../../scheduler/keep-scheduling.ts";
import { taskName } from "../../scheduler/names.ts";
import { hasCondition } from "../../scheduler/workflow-steps.ts";
import type { Context } from "../context.ts";
import { keepTaskFiles } from "../todo/keep-task-files.ts";

interface AwaitOptions {
  mode: "any" | "all";
  timeoutMs: number;
}

interface AwaitResult {
  /** As they are now, in the order in which they were given; those that were removed are left out. */
  tasks: Task[];
  timedOut: boolean;
}

/** A missed ring of the doorbell shows after this long. */
const LOOK_EVERY_MS = 1_000;

/**
 * Waits until any or all of the tasks have ended. One that is blocked for good, because what it needs failed, ends the wait
 * too: only a retry brings it on. Meanwhile this process runs the scheduler, when no other does.
 */
export async function awaitTasks(
  context: Context,
  given: readonly Task[],
  options: AwaitOptions,
): Promise<AwaitResult> {
  const over = new AbortController();
  const working = { ...context, signal: AbortSignal.any([context.signal, over.signal]) };
  const scheduling = Promise.all([keepScheduling(working), keepTaskFiles(working)]);
  try {
    return await lookUntilOver(context, given, options);
  } finally {
    over.abort();
    await scheduling;
  }
}

async function lookUntilOver(
  context: Context,
  given: readonly Task[],
  { mode, timeoutMs }: AwaitOptions,
): Promise<AwaitResult> {
  const deadline = context.clock.monotonic() + timeoutMs;
  for (;;) {
    const tasks = (await Promise.all(given.map(({ id }) => context.store.tasks.get(id)))).flatMap((task) => task ?? []);
    const isOver = await Promise.all(tasks.map((task) => isEnded(task.state) || isStuck(context, task)));
    const over = tasks.filter((_, index) => isOver[index]);
    const isDone = over.length === tasks.length || (mode === "any" && over.length > 0);
    const left = deadline - context.clock.monotonic();
    if (isDone || left <= 0) return { tasks, timedOut: !isDone };
    context.progress({ message: describe(tasks), done: over.length, total: tasks.length });
    await context.doorbell.wait(Math.min(left, LOOK_EVERY_MS), context.signal);
  }
}

/** Something that it needs, at once or by way of others, failed or was cancelled, and no condition will be asked. */
async function isStuck({ store }: Context, task: Task): Promise<boolean> {
  if (task.state !== "blocked") return false;
  const looked = new Set([task.id]);
  const open = [task];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const isAsked = await hasCondition(store, one);
    for (const needId of await store.tasks.unmetNeeds(one.id)) {
      const need = await store.tasks.get(needId);
      if (!isAsked && (need?.state === "failed" || need?.state === "cancelled")) return true;
      if (need?.state !== "blocked" || looked.has(needId)) continue;
      looked.add(needId);
      open.push(need);
    }
  }
  return false;
}

const MAX_NAMED = 3;

function describe(tasks: readonly Task[]): string {
  const open = tasks.filter(({ state }) => !isEnded(state));
  const named = open.slice(0, MAX_NAMED).map((task) => `${taskName(task)} ${task.state}: ${task.because}`);
  return open.length > MAX_NAMED ? `${named.join("; ")}; ${open.length - MAX_NAMED} more` : named.join("; ");
}
