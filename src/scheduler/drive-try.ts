import { toAppError } from "../core/errors.ts";
import { isUnderWay, type Task } from "../core/task.ts";
import { endTry } from "./end-try.ts";
import type { SchedulerPorts } from "./ports.ts";
import { type Step, stepTry } from "./step-try.ts";

/** Behind the doorbell and the agents' evidence. */
const SLOW_POLL_MS = 2_000;
/** A write of our own rings, too: steps keep this distance, whatever rings. */
const STEP_DISTANCE_MS = 200;
/** What goes wrong so often in a row is no passing trouble. */
const MAX_TROUBLES = 20;

/**
 * Takes a try that is under way from step to step, until it is over or this process ends. Never throws.
 * @returns its task then; undefined when that is gone, or this process ends first
 */
export async function driveTry(ports: SchedulerPorts, taskId: string): Promise<Task | undefined> {
  const { clock, signal, logger } = ports;
  let troubles = 0;
  while (!signal.aborted) {
    try {
      const step = await whileUnderWay(ports, taskId, (until) => stepTry(ports, taskId, until));
      troubles = 0;
      if (step.kind === "over") return step.task;
      if (step.kind === "watch") await rest(ports, step);
    } catch (thrown) {
      if (signal.aborted) return undefined;
      const { message } = toAppError(thrown);
      logger.warn("scheduler.step-failed", { taskId, error: message });
      troubles += 1;
      if (troubles >= MAX_TROUBLES) {
        await endTry(ports, taskId, { outcome: "failed", error: { kind: "agent", message } }).catch(() => undefined);
      }
      await clock.sleep(SLOW_POLL_MS, signal).catch(() => undefined);
    }
  }
  return undefined;
}

/** Cuts the work off when somebody ends the task meanwhile. */
async function whileUnderWay<T>(
  { doorbell, signal, store }: SchedulerPorts,
  taskId: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const [ended, done] = [new AbortController(), new AbortController()];
  const until = AbortSignal.any([signal, done.signal]);
  const watching = (async () => {
    while (!until.aborted) {
      await doorbell.wait(SLOW_POLL_MS, until);
      const task = await store.tasks.get(taskId);
      if (!task || !isUnderWay(task.state)) return ended.abort();
    }
  })().catch(() => undefined);
  try {
    return await work(AbortSignal.any([signal, ended.signal]));
  } finally {
    done.abort();
    await watching;
  }
}

/** Until the agent's evidence or the store changes. */
async function rest(
  { crew, clock, doorbell, signal }: SchedulerPorts,
  { agent }: Step & { kind: "watch" },
): Promise<void> {
  const done = new AbortController();
  const until = AbortSignal.any([signal, done.signal]);
  const startedAt = clock.monotonic();
  const waits = [crew.watch(agent, SLOW_POLL_MS, until), doorbell.wait(SLOW_POLL_MS, until)];
  try {
    await Promise.race(waits);
  } finally {
    done.abort();
    await Promise.allSettled(waits);
  }
  await clock.sleep(Math.max(0, STEP_DISTANCE_MS - (clock.monotonic() - startedAt)), signal);
}
