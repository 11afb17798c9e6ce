import { toAppError } from "../../../core/errors.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Context } from "../../context.ts";
import { pumpQueue } from "./drive.ts";

/** Behind the doorbell: a ring that was missed, and agents that became idle without anybody writing to the store. */
const SLOW_POLL_MS = 2_000;

/**
 * Delivers what is queued for any agent until the context's signal aborts: messages whose sender gave up waiting or
 * died. For long-lived processes; several may run at once, the agents' input leases keep them apart.
 */
export async function keepQueuesMoving(context: Context): Promise<void> {
  const { clock, doorbell, signal, store } = context;
  const rests = new Rests(clock);
  while (!signal.aborted) {
    try {
      const waiting = await store.messages.queueLengths();
      await Promise.all(rests.due(waiting).map((agentId) => move(context, agentId)));
      await doorbell.wait(rests.untilNext(), signal);
    } catch (thrown) {
      if (signal.aborted) return;
      context.logger.warn("delivery.keep-moving-failed", { error: toAppError(thrown).message });
      await clock.sleep(SLOW_POLL_MS, signal).catch(() => undefined);
    }
  }
}

/** What goes wrong with one agent must not keep the others waiting. */
async function move(context: Context, agentId: string): Promise<void> {
  try {
    const agent = await context.store.agents.get(agentId);
    // Settings are read anew: a server that runs for days obeys `config set` (⊕A15).
    if (agent) await pumpQueue({ ...context, settings: context.settingsSource.current() }, agent);
  } catch (thrown) {
    if (context.signal.aborted) return;
    context.logger.warn("delivery.keep-moving-failed", { agentId, error: toAppError(thrown).message });
  }
}

/**
 * A try rings the doorbell, because it takes the agent's lease: without a rest after each try, two processes would wake
 * each other without end over an agent that works.
 */
class Rests {
  readonly #clock: Clock;
  readonly #tried = new Map<string, { length: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The agents to try now: those whose queue has changed, or that have rested. They rest from now on. */
  due(waiting: ReadonlyMap<string, number>): string[] {
    for (const agentId of this.#tried.keys()) if (!waiting.has(agentId)) this.#tried.delete(agentId);
    const now = this.#clock.monotonic();
    const due = [...waiting].filter(([agentId, length]) => {
      const last = this.#tried.get(agentId);
      return last?.length !== length || now - last.at >= SLOW_POLL_MS;
    });
    for (const [agentId, length] of due) this.#tried.set(agentId, { length, at: now });
    return due.map(([agentId]) => agentId);
  }

  untilNext(): number {
    const oldest = Math.min(this.#clock.monotonic(), ...[...this.#tried.values()].map(({ at }) => at));
    return Math.max(0, oldest + SLOW_POLL_MS - this.#clock.monotonic());
  }
}
