import type { Agent } from "../core/agent.ts";
import { formatCursor, parseCursor } from "../operations/agent/cursor.ts";
import { agentRead } from "../operations/agent/read.ts";
import { watchAgent } from "../operations/agent/watch.ts";
import { callOperation } from "../operations/call.ts";
import type { Context } from "../operations/context.ts";
import type { Invocation } from "./base-command.ts";
import { jsonLine } from "./output.ts";
import { formatEntry } from "./render/messages.ts";

/** `agent read --follow`: what is there, then each new entry as it is written, until interrupted. */
export async function followAgent(
  { context, output, isJson, signal }: Invocation,
  input: Record<string, unknown>,
): Promise<void> {
  const ends = new ReadEnds(context.clock.now());
  const show = async (read: Record<string, unknown>) => {
    const { entries, cursor } = await callOperation(agentRead, read, context);
    for (const entry of entries) output.data(isJson ? jsonLine(entry) : `${formatEntry(entry, output)}\n`);
    ends.note(cursor);
  };
  await show(input);
  while (!signal.aborted) {
    const agent = await watchAgent(context, String(input.agent), 1_000);
    if (signal.aborted) return;
    for (const since of await ends.cursors(context, agent)) {
      await show({ agent: input.agent, include: input.include ?? [], since });
    }
  }
}

/** How far each conversation of the agent was read: cleared and started again, it goes on in another one. */
class ReadEnds {
  readonly #begunAt: number;
  readonly #ends = new Map<string, string>();
  #newest: string | undefined;

  constructor(begunAt: number) {
    this.#begunAt = begunAt;
  }

  note(cursor: string): void {
    if (cursor === "") return;
    this.#newest = parseCursor(cursor).conversationId;
    this.#ends.set(this.#newest, cursor);
  }

  /**
   * Where to read on: in the agent's conversation; where that has changed, first in the one before, to its end, and in
   * those that were begun and left meanwhile. One that was read before is not read from its beginning again.
   */
  async cursors(context: Context, { id, conversationId }: Agent): Promise<string[]> {
    if (conversationId === null) return [];
    if (conversationId === this.#newest) return [this.#cursor(conversationId)];
    const conversations = await context.store.conversations.list(id);
    const isMissed = (one: { id: string; startedAt: number }) =>
      one.id !== conversationId && !this.#ends.has(one.id) && one.startedAt >= this.#begunAt;
    const missed = conversations.filter(isMissed).map((one) => one.id);
    const before = this.#newest === undefined ? [] : [this.#newest];
    return [...before, ...missed, conversationId].map((one) => this.#cursor(one));
  }

  #cursor(conversationId: string): string {
    return this.#ends.get(conversationId) ?? formatCursor({ conversationId, offset: 0 });
  }
}
