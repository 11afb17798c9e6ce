import { isOpenInQueue, type Message } from "../../core/message.ts";
import type { Repositories } from "../../core/ports/store.ts";
import { isEnded, TASK_STATES, type Task, type TaskAttempt } from "../../core/task.ts";
import { endOrphan } from "../../scheduler/end-orphan.ts";
import { SCHEDULER_DUTY } from "../../scheduler/names.ts";
import { tellDependants } from "../../scheduler/tell-dependants.ts";
import { withdrawIfQueued } from "../agent/delivery/submit.ts";
import { stopWork } from "../agent/stop-work.ts";
import type { Context } from "../context.ts";

const OPEN = TASK_STATES.filter((state) => !isEnded(state));

/**
 * Ends a task that has not ended: first in the store, so that no scheduler takes it a step further, then its agent's turn.
 * Until that is over its try stays open, so that the agent gets no other task; after a crash a scheduler closes it.
 * @returns false when it had ended already
 */
export async function cancelTask(context: Context, id: string, because: string): Promise<boolean> {
  const now = context.clock.now();
  const cancelled = await context.store.transaction(async (repositories): Promise<Task | undefined> => {
    const task = await repositories.tasks.get(id);
    if (!task || isEnded(task.state)) return undefined;
    const change = { state: "cancelled" as const, because, endedAt: now, notBefore: null };
    await repositories.tasks.update(id, change, OPEN);
    await tellDependants(repositories, { ...task, ...change });
    return task;
  });
  if (!cancelled) return false;
  context.logger.info("task.cancelled", { taskId: id, was: cancelled.state });
  // Whoever runs the queue ends the check that it has started.
  const scheduler = await context.store.duties.holder(SCHEDULER_DUTY);
  if (!scheduler || !context.processes.isAlive(scheduler)) await endOrphan(context, cancelled.checker);
  const attempt = cancelled.attempts.at(-1);
  if (attempt?.endedAt === null) {
    await freeAgent(context, attempt, because);
    await context.store.transaction((repositories) => closeTry(repositories, id, context.clock.now()));
  }
  return true;
}

/** Its prompts that were not typed are taken back; its turn, and no other, is ended. */
async function freeAgent(context: Context, attempt: TaskAttempt, reason: string): Promise<void> {
  const agent = attempt.agentId === null ? undefined : await context.store.agents.get(attempt.agentId);
  if (!agent) return;
  for (const id of attempt.messageIds) await withdrawIfQueued(context, id, reason);
  const messages = await Promise.all(attempt.messageIds.map((id) => context.store.messages.get(id)));
  if (messages.some((message) => message !== undefined && isGoingOn(message))) await stopWork(context, agent, reason);
}

function isGoingOn({ state }: Message): boolean {
  return isOpenInQueue(state) || state === "recorded" || state === "unknown";
}

async function closeTry({ tasks }: Repositories, id: string, now: number): Promise<void> {
  const task = await tasks.get(id);
  if (!task?.attempts.some(({ endedAt }) => endedAt === null)) return;
  const attempts = task.attempts.map(
    (attempt): TaskAttempt => (attempt.endedAt === null ? { ...attempt, endedAt: now, outcome: "cancelled" } : attempt),
  );
  await tasks.update(id, { attempts });
}
