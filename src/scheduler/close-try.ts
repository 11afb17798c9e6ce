import type { Repositories } from "../core/ports/store.ts";
import { endOpenTry, isUnderWay, type Task, type TaskAttempt } from "../core/task.ts";
import type { SchedulerPorts } from "./ports.ts";
import { sentPrompts } from "./sent-prompts.ts";
import type { Step } from "./step-try.ts";

/** Longer than stopping an agent may take: until then whoever cancelled a task is at it. */
const CANCEL_MS = 60_000;

/**
 * Closes a try whose task was ended before it, which its canceller was to do: its agent is stopped and free for other work.
 * A canceller that left this to us had nothing to stop: the agent was only being started.
 */
export async function closeAbandoned(ports: SchedulerPorts, task: Task, attempt: TaskAttempt): Promise<Step> {
  const { store, crew, clock } = ports;
  const agent = attempt.agentId === null ? undefined : await store.agents.get(attempt.agentId);
  const sent = await sentPrompts(store.messages, task.id, attempt);
  if (agent && sent.length > 0) {
    if (clock.now() - (task.endedAt ?? 0) < CANCEL_MS) return { kind: "watch", agent };
    await crew.stop(agent, sent, task.because);
  }
  await store.transaction((repositories) => closeTry(repositories, task.id, attempt.number, clock.now()));
  return { kind: "over", task: await store.tasks.get(task.id) };
}

/** That one and no other: its task, which was ended, may have been tried again meanwhile. */
export async function closeTry(
  { tasks }: Pick<Repositories, "tasks">,
  id: string,
  number: number,
  now: number,
): Promise<void> {
  const task = await tasks.get(id);
  const open = task?.attempts.find(({ endedAt }) => endedAt === null);
  if (!task || isUnderWay(task.state) || open?.number !== number) return;
  await tasks.update(id, { attempts: endOpenTry(task.attempts, { endedAt: now, outcome: "cancelled" }) });
}
