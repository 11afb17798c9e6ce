import type { AgentView } from "../../core/agent.ts";
import { toAppError } from "../../core/errors.ts";
import type { Context } from "../context.ts";

/**
 * Colours terminals by the states of their agents, where their backend can. For processes that show states for as long as
 * they live: a colour that nobody keeps true would lie, so `clear` takes all of them back at the end.
 */
export class Decorations {
  readonly #context: Context;
  readonly #shown = new Map<string, AgentView["state"]>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Colours what has changed since the last time. Never fails: it is an ornament. */
  async show(agents: readonly Pick<AgentView, "id" | "state">[]): Promise<void> {
    const changed = agents.filter(({ id, state }) => this.#shown.get(id) !== state);
    await Promise.all(changed.map(({ id, state }) => this.#decorate(id, state)));
    for (const { id, state } of changed) this.#shown.set(id, state);
  }

  async clear(): Promise<void> {
    await Promise.all([...this.#shown.keys()].map((id) => this.#decorate(id, null)));
    this.#shown.clear();
  }

  async #decorate(agentId: string, state: AgentView["state"] | null): Promise<void> {
    const { store, backend, logger } = this.#context;
    try {
      const terminal = (await store.agents.get(agentId))?.terminal;
      if (!terminal || terminal.id === "") return;
      // Without the signal: the colours are taken back when it has aborted.
      await (await backend(terminal.backend)).decorate?.(terminal, state);
    } catch (thrown) {
      logger.debug("decorate.failed", { agentId, error: toAppError(thrown).message });
    }
  }
}
