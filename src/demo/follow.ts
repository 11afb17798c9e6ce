import type { Task } from "../core/task.ts";
import type { Context } from "../operations/context.ts";
import { answerAsked } from "./answer-asked.ts";
import { taskEvents } from "./task-events.ts";

/** A missed ring of the doorbell shows after this long. */
const LOOK_EVERY_MS = 200;

export interface FollowedTask {
  id: string;
  /** Name of the agent that is to do it. */
  agent: string;
}

interface Follow {
  tasks: readonly FollowedTask[];
  project: string;
  say: (line: string) => void;
  /** Called once for each task when an agent has got it. */
  onStart: ((task: Task) => Promise<void>) | undefined;
}

/** Says what happens with the tasks, and answers what their agents ask, until they are `over`; then once more. */
export async function followTasks(context: Context, { tasks, project, say, onStart }: Follow, over: AbortSignal) {
  const started = new Set<string>();
  const said = new Set<string>();
  for (;;) {
    const isLast = over.aborted;
    for (const { id, agent } of tasks) {
      const task = await context.store.tasks.get(id);
      if (!task) continue;
      const prompts = await promptsOf(context, task);
      for (const { at, text } of taskEvents(task, agent, prompts)) {
        const key = `${at} ${text}`;
        if (!said.has(key)) say(text);
        said.add(key);
      }
      if (!started.has(id) && prompts.some(({ recordedAt }) => recordedAt !== null)) {
        started.add(id);
        await onStart?.(task);
      }
      if (task.state === "waiting") await answerAsked(context, project, say);
    }
    if (isLast) return;
    await context.doorbell.wait(LOOK_EVERY_MS, context.signal);
  }
}

async function promptsOf({ store }: Context, { attempts }: Task) {
  const ids = attempts.at(-1)?.messageIds ?? [];
  return (await Promise.all(ids.map((id) => store.messages.get(id)))).flatMap((message) => message ?? []);
}
