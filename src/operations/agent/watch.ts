import type { Agent } from "../../core/agent.ts";
import type { AgentProgram } from "../../core/ports/agent-program.ts";
import type { Context } from "../context.ts";
import { resolveAgent } from "../resolve.ts";
import { backendOf } from "./observe.ts";
import { watchTerminals } from "./watch-terminals.ts";

/** Resolves with the agent when its evidence may have changed, or after `maxMs`. */
export async function watchAgent(context: Context, ref: string, maxMs: number): Promise<Agent> {
  const agent = await resolveAgent(context, ref);
  await watchTogether(context, [agent], maxMs);
  return resolveAgent(context, agent.id);
}

/**
 * Resolves when the evidence of any agent, what holds its terminal, or the store, may have changed, or after `maxMs`. For
 * processes that live long.
 */
export async function watchAgents(context: Context, maxMs: number): Promise<void> {
  const agents = await context.store.agents.list();
  await firstOf(context, (signal) => [
    watchTogether({ ...context, signal }, agents, maxMs),
    watchTerminals({ ...context, signal }, agents, maxMs),
  ]);
}

/** Resolves when the evidence of one of these agents may have changed, or after `maxMs`. */
export async function watchEvidence(context: Context, agents: readonly Agent[], maxMs: number): Promise<void> {
  const groups = await byProgram(context, agents);
  await firstOf(context, (signal) => [...groups].map(([program, group]) => program.watch(group, maxMs, signal)));
}

async function watchTogether(context: Context, agents: readonly Agent[], maxMs: number): Promise<void> {
  const groups = await byProgram(context, agents);
  await firstOf(context, (signal) => [
    context.doorbell.wait(maxMs, signal),
    ...[...groups].map(([program, group]) => program.watch(group, maxMs, signal)),
  ]);
}

/** Waits for the first of them, and ends the others. */
async function firstOf(context: Context, start: (signal: AbortSignal) => Promise<void>[]): Promise<void> {
  const done = new AbortController();
  const waits = start(AbortSignal.any([context.signal, done.signal]));
  try {
    await Promise.race(waits);
  } finally {
    done.abort();
    await Promise.allSettled(waits);
  }
}

/** Where an agent's evidence stands, only the program of its backend knows. */
async function byProgram(context: Context, agents: readonly Agent[]): Promise<Map<AgentProgram, Agent[]>> {
  const groups = new Map<AgentProgram, Agent[]>();
  for (const agent of agents) {
    const program = await context.program(await backendOf(context, agent));
    groups.set(program, [...(groups.get(program) ?? []), agent]);
  }
  return groups;
}
