import { toAppError } from "../../../core/errors.ts";
import type { Context } from "../../context.ts";
import { pumpQueue } from "./drive.ts";

/** Behind the doorbell: a ring that was missed, and agents that became idle without anybody writing to the store. */
const SLOW_POLL_MS = 2_000;

/**
 * Delivers what is queued for any agent until the context's signal aborts: messages whose sender gave up waiting or
 * died. For long-lived processes; several may run at once, the agents' input leases keep them apart.
 */
export async function keepQueuesMoving(context: Context): Promise<void> {
  while (!context.signal.aborted) {
    try {
      const waiting = await context.store.messages.queueLengths();
      for (const agentId of waiting.keys()) {
        const agent = await context.store.agents.get(agentId);
        if (agent) await pumpQueue(context, agent);
      }
      await context.doorbell.wait(SLOW_POLL_MS, context.signal);
    } catch (thrown) {
      if (context.signal.aborted) return;
      context.logger.warn("delivery.keep-moving-failed", { error: toAppError(thrown).message });
      await context.clock.sleep(SLOW_POLL_MS, context.signal).catch(() => undefined);
    }
  }
}
