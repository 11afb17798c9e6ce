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
    await watchAgent(context, String(input.agent), 1_000);
  }
}
