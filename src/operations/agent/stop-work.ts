import type { Agent } from "../../core/agent.ts";
import { toAppError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { interruptAgent } from "./interrupt.ts";
import { endAgent } from "./lifecycle/end.ts";
import { observeAgent } from "./observe.ts";
import { answerRequest } from "./respond/hand-over.ts";
import { openRequests } from "./respond/open-requests.ts";

/** How long an agent may take to stop before its terminal is closed. */
const STOP_MS = 10_000;
/** A turn may ask again after each refusal. */
const MAX_ROUNDS = 5;

/**
 * Ends what an agent is doing, whatever it is: what it asks is denied with the reason, its turn is interrupted. When that
 * does not help, its Claude Code is ended, unless it was adopted: that one is its person's. Never fails for the agent's
 * sake; says whether the agent is free.
 */
export async function stopWork(context: Context, agent: Agent, reason: string): Promise<boolean> {
  try {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const { state } = await observeAgent(context, agent);
      if (state !== "waiting" && state !== "working") return true;
      if (state === "waiting") await denyAll(context, agent, reason);
      else await interruptAgent(context, agent, STOP_MS);
    }
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.kind === "cancelled") throw error;
    context.logger.warn("agent.stop-failed", { agentId: agent.id, error: error.message });
  }
  if (agent.isAdopted) return false;
  await endAgent(context, agent);
  return true;
}

/** Somebody may answer at the same moment: the next look tells. */
async function denyAll(context: Context, agent: Agent, reason: string): Promise<void> {
  for (const request of await openRequests(context, agent)) {
    await answerRequest(context, agent, request, { kind: "deny", reason }).catch((thrown: unknown) => {
      const error = toAppError(thrown);
      if (error.kind !== "conflict" && error.kind !== "unproved") throw error;
    });
  }
}
