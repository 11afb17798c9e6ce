import { toAppError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { workOn } from "./work-on.ts";

/** Behind the doorbell, which rings when a coordination begins. */
const SLOW_POLL_MS = 2_000;

/**
 * Carries on every coordination that nobody works on, until the context's signal aborts: those begun without waiting, and
 * those whose process died. For long-lived processes; several may run at once.
 */
export async function keepTeamsMoving(context: Context): Promise<void> {
  const { clock, doorbell, logger, signal, store } = context;
  const moving = new Map<string, Promise<void>>();
  const move = async (id: string) => {
    try {
      const current = { ...context, settings: context.settingsSource.current() };
      await workOn(current, id, Number.POSITIVE_INFINITY);
    } catch (thrown) {
      if (!signal.aborted) logger.warn("team.keep-moving-failed", { id, error: toAppError(thrown).message });
    } finally {
      moving.delete(id);
    }
  };
  while (!signal.aborted) {
    try {
      for (const { id } of await store.coordinations.list({ state: "running" })) {
        if (!moving.has(id)) moving.set(id, move(id));
      }
      await doorbell.wait(SLOW_POLL_MS, signal);
      // Work rings, too: at most some looks a second.
      await clock.sleep(REST_MS, signal);
    } catch (thrown) {
      if (signal.aborted) break;
      logger.warn("team.keep-moving-failed", { error: toAppError(thrown).message });
      await clock.sleep(SLOW_POLL_MS, signal).catch(() => undefined);
    }
  }
  await Promise.all(moving.values());
}

const REST_MS = 200;
