import { toAppError } from "../../../core/errors.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Context } from "../../context.ts";
import { pumpQueue } from "./drive.ts";
import { resumeHeld } from "./resume.ts";

/** Behind the doorbell: a ring that was missed, and agents that became idle without anybody writing to the store. */
const SLOW_POLL_MS = 2_000;
/** A limit lasts minutes at least, and looking for one reads the evidence of all agents. */
const LIMITS_EVERY_MS = 10_000;
/** A queue that a limit holds is tried again this seldom: it may have been lifted. */
const LONGEST_REST_MS = 30_000;

/**
 * Delivers what is queued for any agent until the context's signal aborts: messages whose sender gave up waiting or
 * died. Agents that hit a rate or usage limit are told to go on once it is over. For long-lived processes; several may run at once, the agents' input leases keep them apart.
 */
export async function keepQueuesMoving(context: Context): Promise<void> {
  const { clock, doorbell, signal, store } = context;
  const rests = new Rests(clock);
  let nextLimitsAt = 0;
  while (!signal.aborted) {
    try {
      // Settings are read anew: a server that runs for days obeys `config set` (⊕A15).
      const current = { ...context, settings: context.settingsSource.current() };
      if (clock.monotonic() >= nextLimitsAt) {
        const next = ((await resumeHeld(current)) ?? Number.POSITIVE_INFINITY) - clock.now();
        nextLimitsAt = clock.monotonic() + Math.min(LIMITS_EVERY_MS, Math.max(next, 500));
      }
      const waiting = await store.messages.queueLengths();
      await Promise.all(
        rests.due(waiting).map(async (agentId) => {
          const heldUntil = await move(current, agentId);
          if (heldUntil !== undefined) rests.prolong(agentId, heldUntil - clock.now());
        }),
      );
      const untilLimits = Math.max(0, nextLimitsAt - clock.monotonic());
      await doorbell.wait(Math.min(rests.untilNext(), untilLimits), signal);
    } catch (thrown) {
      if (signal.aborted) return;
      context.logger.warn("delivery.keep-moving-failed", { error: toAppError(thrown).message });
      await clock.sleep(SLOW_POLL_MS, signal).catch(() => undefined);
    }
  }
}

/** What goes wrong with one agent must not keep the others waiting. */
async function move(context: Context, agentId: string): Promise<number | undefined> {
  try {
    const agent = await context.store.agents.get(agentId);
    return agent && (await pumpQueue(context, agent));
  } catch (thrown) {
    if (context.signal.aborted) return undefined;
    context.logger.warn("delivery.keep-moving-failed", { agentId, error: toAppError(thrown).message });
    return undefined;
  }
}

/**
 * A try rings the doorbell, because it takes the agent's lease: without a rest after each try, two processes would wake
 * each other without end over an agent that works.
 */
class Rests {
  readonly #clock: Clock;
  readonly #tried = new Map<string, { length: number; until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The agents to try now: those whose queue has changed, or that have rested. They rest from now on. */
  due(waiting: ReadonlyMap<string, number>): string[] {
    for (const agentId of this.#tried.keys()) if (!waiting.has(agentId)) this.#tried.delete(agentId);
    const now = this.#clock.monotonic();
    const due = [...waiting].filter(([agentId, length]) => {
      const last = this.#tried.get(agentId);
      return last?.length !== length || now >= last.until;
    });
    for (const [agentId, length] of due) this.#tried.set(agentId, { length, until: now + SLOW_POLL_MS });
    return due.map(([agentId]) => agentId);
  }

  /** Nothing will come of a try for so long, as far as is known. */
  prolong(agentId: string, ms: number): void {
    const tried = this.#tried.get(agentId);
    if (tried) tried.until = this.#clock.monotonic() + Math.min(Math.max(ms, SLOW_POLL_MS), LONGEST_REST_MS);
  }

  untilNext(): number {
    const now = this.#clock.monotonic();
    const next = Math.min(now + SLOW_POLL_MS, ...[...this.#tried.values()].map(({ until }) => until));
    return Math.max(0, next - now);
  }
}
