import type { Agent } from "../../core/agent.ts";
import type { Context } from "../context.ts";
import { resolveAgent } from "../resolve.ts";
import { backendOf } from "./observe.ts";

/** Resolves with the agent when its evidence may have changed, or after `maxMs`. */
export async function watchAgent(context: Context, ref: string, maxMs: number): Promise<Agent> {
  const agent = await resolveAgent(context, ref);
  await watchTogether(context, [agent], maxMs);
  return resolveAgent(context, agent.id);
}

/** Resolves when the evidence of any agent, or the store, may have changed, or after `maxMs`. */
export async function watchAgents(context: Context, maxMs: number): Promise<void> {
  await watchTogether(context, await context.store.agents.list(), maxMs);
}

async function watchTogether(context: Context, agents: readonly Agent[], maxMs: number): Promise<void> {
  const done = new AbortController();
  const signal = AbortSignal.any([context.signal, done.signal]);
  const waits: Promise<void>[] = [context.doorbell.wait(maxMs, signal)];
  const [first] = agents;
  if (first) waits.push((await context.program(await backendOf(context, first))).watch(agents, maxMs, signal));
  try {
    await Promise.race(waits);
  } finally {
    done.abort();
    await Promise.allSettled(waits);
  }
}
