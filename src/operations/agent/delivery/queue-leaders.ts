import type { Clock } from "../../../core/ports/clock.ts";

interface Follower {
  messageId: string;
  wake: () => void;
}

/**
 * Within one process, one caller works on an agent's queue for all: the leader. The others wait until it says that their
 * message is settled, or until it is their turn to lead. Between processes the agent's input lease does the same; this
 * keeps two hundred senders of one server from asking for that lease in turns.
 */
export class QueueLeaders {
  readonly #led = new Set<string>();
  /** Who waits for which message, by agent, in order of arrival. */
  readonly #followers = new Map<string, Set<Follower>>();

  /** True when the caller leads from now on, until it resigns. */
  tryLead(agentId: string): boolean {
    if (this.#led.has(agentId)) return false;
    this.#led.add(agentId);
    return true;
  }

  /** The leader has settled this message: whoever waits for it goes on. */
  announce(agentId: string, messageId: string): void {
    for (const follower of this.#followers.get(agentId) ?? []) if (follower.messageId === messageId) follower.wake();
  }

  /** The first who waits is woken, to lead on. */
  resign(agentId: string): void {
    this.#led.delete(agentId);
    const [first] = this.#followers.get(agentId) ?? [];
    first?.wake();
  }

  /** Resolves when the message is settled, when it is the caller's turn to lead, or after `maxMs`. */
  async follow(
    { agentId, messageId }: { agentId: string; messageId: string },
    { maxMs, clock, signal }: { maxMs: number; clock: Clock; signal: AbortSignal },
  ): Promise<void> {
    const woken = new AbortController();
    const waiting = this.#followers.get(agentId) ?? new Set<Follower>();
    this.#followers.set(agentId, waiting);
    const follower: Follower = { messageId, wake: () => woken.abort() };
    waiting.add(follower);
    try {
      await clock.sleep(maxMs, AbortSignal.any([signal, woken.signal]));
    } catch (error) {
      if (!woken.signal.aborted) throw error;
    } finally {
      waiting.delete(follower);
      if (waiting.size === 0 && this.#followers.get(agentId) === waiting) this.#followers.delete(agentId);
    }
  }
}
