import { AppError } from "../../core/errors.ts";
import type { Coordination } from "../../core/team/coordination.ts";
import { nextStep } from "../../core/team/next-step.ts";
import type { Context } from "../context.ts";
import { askAgents } from "./ask-agents.ts";

/**
 * Carries a coordination on: until it is over, or until then (monotonic ms; 0 for as far as it goes now). Each step's
 * outcome is journalled before the next one begins, and each prompt has a key of its own, so that any process can go on where
 * another one died, and none asks twice.
 * @returns false when another living process works on it, or it is over
 */
export async function workOn(context: Context, id: string, until: number): Promise<boolean> {
  const { store, processes, ids, caller, logger } = context;
  const holder = { ...processes.self(), token: ids.next("nce") };
  const claimed = await store.coordinations.claim(id, holder, (other) => processes.isAlive(other));
  if (!claimed) return false;
  try {
    // Its messages are its creator's, whoever carries it on: envelope, limits and inbox follow from that.
    const asCreator = { ...context, caller: { ...caller, principal: claimed.createdBy } };
    await takeSteps(asCreator, claimed, holder.token, until);
  } finally {
    await store.coordinations.release(id, holder.token).catch((error: unknown) => {
      // The row then names a process; once that has ended, the claim counts for nothing.
      logger.warn("team.not-released", { id, error: String(error) });
    });
  }
  return true;
}

async function takeSteps(context: Context, claimed: Coordination, token: string, until: number): Promise<void> {
  const { clock, logger, store } = context;
  const { id, mode } = claimed;
  const deadline = clock.monotonic() + claimed.remainingMs;
  const remainingMs = () => Math.max(0, Math.round(deadline - clock.monotonic()));
  let coordination = claimed;
  for (;;) {
    const step = nextStep(coordination);
    if (step.kind === "over") {
      await store.coordinations.advance(id, token, {
        state: step.state,
        endedAt: clock.now(),
        remainingMs: remainingMs(),
      });
      logger.info("team.over", { id, mode, state: step.state });
      return;
    }
    const replies = await askAgents(context, coordination, step, { deadline, until });
    if (!replies) {
      await store.coordinations.advance(id, token, { remainingMs: remainingMs() });
      return;
    }
    const change = { stages: [...coordination.stages, { label: step.label, replies }], remainingMs: remainingMs() };
    if (!(await store.coordinations.advance(id, token, change))) return;
    logger.info("team.step", { id, step: step.label, answered: replies.filter(({ text }) => text !== null).length });
    coordination = { ...coordination, ...change };
  }
}

/** Between two looks at one that another process works on; its commits ring the doorbell, too. */
const FOLLOW_MS = 1_000;

/**
 * Waits until a coordination is over, and works on it as long as nobody else does.
 * @throws WAIT_TIMEOUT (it goes on with the next command or server that works on it), COORDINATION_NOT_FOUND, CANCELLED
 */
export async function awaitCoordination(context: Context, id: string, timeoutMs: number): Promise<Coordination> {
  const { clock, doorbell, store, caller } = context;
  const deadline = clock.monotonic() + timeoutMs;
  for (;;) {
    // Who may only look, does not send anything.
    if (caller.principal.kind !== "observer") await workOn(context, id, deadline);
    const coordination = await store.coordinations.get(id);
    if (!coordination) throw new AppError("COORDINATION_NOT_FOUND", `Coordination ${id} was removed with its session`);
    if (coordination.state !== "running") return coordination;
    const left = deadline - clock.monotonic();
    if (left <= 0) {
      throw new AppError("WAIT_TIMEOUT", `Coordination ${id} is not over after ${Math.round(timeoutMs / 1000)} s`, {
        hint: `Nothing was cancelled: look at it with claude-orch team show ${id}.`,
        details: { id },
      });
    }
    await doorbell.wait(Math.min(left, FOLLOW_MS), context.signal);
  }
}
