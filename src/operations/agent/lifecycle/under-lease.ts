import { parseDuration } from "../../../core/duration.ts";
import { AppError } from "../../../core/errors.ts";
import type { Context } from "../../context.ts";

/**
 * Does the work while no other process starts this agent or types into its terminal.
 * @throws AGENT_BUSY when another one does not let go of it, AGENT_NOT_FOUND, CANCELLED
 */
export async function underLease<T>(context: Context, agentId: string, work: () => Promise<T>): Promise<T> {
  const { clock, processes, store } = context;
  const token = context.ids.next("nce");
  const holder = { ...processes.self(), token };
  const deadline = clock.monotonic() + (parseDuration(context.settings.backendTimeout) ?? 10_000);
  while (!(await store.leases.acquire(agentId, holder, (other) => processes.isAlive(other)))) {
    const left = deadline - clock.monotonic();
    if (left <= 0) {
      throw new AppError("AGENT_BUSY", "Another process is starting this agent, or typing into its terminal", {
        hint: "Try again in a moment.",
        details: { agentId },
      });
    }
    await context.doorbell.wait(Math.min(left, 200), context.signal);
  }
  try {
    return await work();
  } finally {
    await store.leases.release(agentId, token);
  }
}
