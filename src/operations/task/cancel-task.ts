import { isOpenInQueue, type Message } from "../../core/message.ts";
import { isEnded, TASK_STATES, type Task } from "../../core/task.ts";
import { closeTry } from "../../scheduler/close-try.ts";
import { endOrphan } from "../../scheduler/end-orphan.ts";
import { SCHEDULER_DUTY } from "../../scheduler/names.ts";
import { sentPrompts } from "../../scheduler/sent-prompts.ts";
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
  const cancelled = await context.store.transaction(async (repositories): Promise<Task | undefined> => {
    const task = await repositories.tasks.get(id);
    if (!task || isEnded(task.state)) return undefined;
    const change = { state: "cancelled" as const, because, endedAt: context.clock.now(), notBefore: null };
    await repositories.tasks.update(id, change, OPEN);
    await tellDependants(repositories, { ...task, ...change });
    return task;
  });
  if (!cancelled) return false;
  context.logger.info("task.cancelled", { taskId: id, was: cancelled.state });
  const { checker } = cancelled;
  const holder = await context.store.duties.holder(SCHEDULER_DUTY);
  const scheduler = holder && context.processes.isAlive(holder) ? holder : undefined;
  // Whoever runs the queue ends the check that it has started itself; it may have come after the one that did.
  if (checker && (!scheduler || context.processes.parentOf(checker.pid) !== scheduler.pid))
    await endOrphan(context, checker);
  const attempt = cancelled.attempts.at(-1);
  if (attempt?.endedAt !== null) return true;
  const sent = await sentPrompts(context.store.messages, id, attempt);
  // Its agent may be starting for it just now, in its folder: whoever starts it closes the try.
  if (scheduler && sent.length === 0) return true;
  await freeAgent(context, attempt.agentId, sent, because);
  await context.store.transaction((repositories) => closeTry(repositories, id, attempt.number, context.clock.now()));
  return true;
}

/** Its prompts that were not typed are taken back; its turn, and no other, is ended. */
async function freeAgent(
  context: Context,
  agentId: string | null,
  messageIds: readonly string[],
  reason: string,
): Promise<void> {
  const agent = agentId === null ? undefined : await context.store.agents.get(agentId);
  if (!agent) return;
  for (const id of messageIds) await withdrawIfQueued(context, id, reason);
  const messages = await Promise.all(messageIds.map((id) => context.store.messages.get(id)));
  if (messages.some((message) => message !== undefined && isGoingOn(message))) await stopWork(context, agent, reason);
}

function isGoingOn({ state }: Message): boolean {
  return isOpenInQueue(state) || state === "recorded" || state === "unknown";
}
