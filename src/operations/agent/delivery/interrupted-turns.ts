import type { Agent, StateReport } from "../../../core/agent.ts";

/**
 * The turns that this process has interrupted on a message's behalf: each gets one Escape at most. A second one would meet
 * an empty box, where two of them open Claude Code's rewind panel.
 */
export class InterruptedTurns {
  /** The newest interrupted turn of each agent. */
  readonly #newest = new Map<string, string>();

  /** True the first time for each turn: the caller interrupts it. A turn is known by when its agent began to work. */
  claim(agent: Agent, { since }: StateReport): boolean {
    const turn = `${agent.conversationId} ${since}`;
    if (this.#newest.get(agent.id) === turn) return false;
    this.#newest.set(agent.id, turn);
    return true;
  }
}
