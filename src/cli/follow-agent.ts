import { formatCursor } from "../operations/agent/cursor.ts";
import { agentRead } from "../operations/agent/read.ts";
import { watchAgent } from "../operations/agent/watch.ts";
import { callOperation } from "../operations/call.ts";
import type { Invocation } from "./base-command.ts";
import { formatEntry } from "./render/messages.ts";

/** `agent read --follow`: what is there, then each new entry as it is written, until interrupted. */
export async function followAgent(
  { context, output, isJson, signal }: Invocation,
  input: Record<string, unknown>,
): Promise<void> {
  let next: Record<string, unknown> = input;
  while (!signal.aborted) {
    const { entries, cursor } = await callOperation(agentRead, next, context);
    for (const entry of entries) output.data(isJson ? JSON.stringify(entry) : `${formatEntry(entry, output)}\n`);
    if (cursor !== "") next = { agent: input.agent, include: input.include ?? [], since: cursor };
    const { conversationId } = await watchAgent(context, String(input.agent), 1_000);
    // Cleared and started again: the agent goes on in another conversation, and so do we, from its beginning.
    if (conversationId !== null && cursor !== "" && !cursor.startsWith(conversationId)) {
      next = { ...next, since: formatCursor({ conversationId, offset: 0 }) };
    }
  }
}
