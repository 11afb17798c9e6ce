import type { Agent } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import type { WaitRepository } from "../../../core/ports/store.ts";
import type { Context } from "../../context.ts";

/**
 * Runs an agent's call that waits for `target`: for its answer, or until it can take a message. Refused at once where
 * that agent, perhaps through others, waits for the caller: each turn would wait for the end of the other one. People and
 * managers wait for whom they like: nobody waits for them. What an agent sends to itself is refused elsewhere.
 * @throws MESSAGE_LOOP
 */
export async function whileWaitingFor<T>(
  context: Context,
  target: Agent,
  options: { mayInterrupt: boolean },
  work: () => Promise<T>,
): Promise<T> {
  const { store, ids, processes, caller } = context;
  if (caller.principal.kind !== "worker" || caller.principal.agentId === target.id) return work();
  const waiterId = caller.principal.agentId;
  const id = ids.next("nce");
  // Look and write under one lock: of two agents that turn to each other at the same moment, one is refused.
  await store.transaction(async ({ waits }) => {
    // What interrupts the target's turn ends its wait, too.
    if (!options.mayInterrupt && (await waitsFor(context, waits, target.id, waiterId))) {
      throw new AppError("MESSAGE_LOOP", `Agent ${target.name} waits for you, so you cannot wait for it`, {
        hint: "End your turn: what you answer is what it waits for. Ask it in your answer, or ask somebody else.",
        details: { agentId: target.id },
      });
    }
    await waits.begin({ id, waiterId, targetId: target.id, holder: processes.self() });
  });
  try {
    return await work();
  } finally {
    // Should the store be out of reach: the row counts for nothing once this process has ended.
    await store.waits.end(id).catch(() => undefined);
  }
}

async function waitsFor(context: Context, waits: WaitRepository, from: string, wanted: string): Promise<boolean> {
  const seen = new Set([from]);
  for (const agentId of seen) {
    if (agentId === wanted) return true;
    const targets = await waits.targets(agentId, (holder) => context.processes.isAlive(holder));
    for (const target of targets) seen.add(target);
  }
  return false;
}
