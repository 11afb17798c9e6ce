import type { Agent } from "../../../core/agent.ts";
import { parseDuration } from "../../../core/duration.ts";
import type { Context } from "../../context.ts";

/**
 * An agent whose opener died between opening the terminal and writing it down gets the terminal that carries its tag.
 * Changes `agent` in place.
 */
export async function findOpened(context: Context, agent: Agent): Promise<void> {
  if (agent.lifecycle !== "opening" || !agent.terminal || agent.terminal.id !== "") return;
  const { tag } = agent.terminal;
  const backend = await context.backend(agent.terminal.backend);
  const terminal = await backend.find(tag, context.signal);
  if (!terminal) return;
  const opened = { terminal, lifecycle: "open" } as const;
  await context.store.transaction(async ({ agents }) => {
    const current = await agents.get(agent.id);
    // Ended, or started anew, meanwhile: what was found is being closed.
    if (current?.lifecycle === "opening" && current.terminal?.tag === tag) await agents.update(agent.id, opened);
  });
  Object.assign(agent, opened);
}

/** Its terminal is not there yet, and whoever opens it may be about to. */
export function isBeingOpened(context: Context, agent: Agent): boolean {
  const bound = parseDuration(context.settings.backendTimeout) ?? 10_000;
  return agent.lifecycle === "opening" && context.clock.now() - (agent.launchedAt ?? 0) < bound;
}
