import type { RequestAnswer, RequestOutcome } from "../../../core/request.ts";
import type { Context } from "../../context.ts";
import { contradicts } from "./hand-over.ts";
import { outcomeOf } from "./open-requests.ts";

/**
 * Settles the newest answers whose process died, or gave up, before it saw their effect: from the evidence. What is still
 * open stays as it is, and may be answered again.
 */
export async function settleAbandoned(context: Context, agentId?: string): Promise<void> {
  const { store, processes } = context;
  const newest = await store.answers.list(agentId === undefined ? {} : { agentId });
  for (const row of newest) {
    if (row.state !== "deciding" || (row.holder !== null && processes.isAlive(row.holder))) continue;
    const outcome = await outcomeNow(context, row);
    if (outcome === "open") continue;
    const reason = contradicts(row.decision, row.request, outcome) ? `it was ${outcome} in the terminal first` : null;
    await store.answers.update(row.id, {
      state: "settled",
      outcome,
      reason,
      holder: null,
      settledAt: context.clock.now(),
    });
    context.logger.info("request.recovered", { agentId: row.agentId, requestId: row.id, outcome });
  }
}

async function outcomeNow(context: Context, row: RequestAnswer): Promise<RequestOutcome> {
  const agent = await context.store.agents.get(row.agentId);
  // Started anew since: what it asked ended with its process, and its hooks write to a new file.
  if (!agent || (agent.launchedAt ?? 0) > row.createdAt) return "gone";
  return outcomeOf(context, agent, row.request);
}
