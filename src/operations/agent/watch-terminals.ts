import type { Agent, TerminalRef } from "../../core/agent.ts";
import type { BackendName } from "../../core/session.ts";
import type { Context } from "../context.ts";

/**
 * Resolves when what holds these agents' terminals tells that one of them may have changed, or after `maxMs`. Terminals
 * that have another id since their terminal program was restarted are written down.
 */
export async function watchTerminals(context: Context, agents: readonly Agent[], maxMs: number): Promise<void> {
  const groups = new Map<BackendName, TerminalRef[]>();
  for (const { terminal } of agents) {
    if (!terminal || terminal.id === "") continue;
    groups.set(terminal.backend, [...(groups.get(terminal.backend) ?? []), terminal]);
  }
  const { clock, signal } = context;
  const watches = [...groups].map(async ([name, refs]) => {
    const backend = await context.backend(name);
    if (!backend.watch) return clock.sleep(maxMs, signal);
    await writeDown(context, await backend.watch(refs, maxMs, signal));
  });
  await (watches.length === 0 ? clock.sleep(maxMs, signal) : Promise.race(watches));
}

async function writeDown({ store, logger }: Context, moved: readonly TerminalRef[]): Promise<void> {
  if (moved.length === 0) return;
  await store.transaction(async ({ agents }) => {
    for (const agent of await agents.list()) {
      const terminal = moved.find(({ tag }) => tag === agent.terminal?.tag);
      // Started anew meanwhile, it has another tag.
      if (terminal) await agents.update(agent.id, { terminal });
    }
  });
  for (const { tag, id } of moved) logger.info("agent.terminal-moved", { tag, terminal: id });
}
