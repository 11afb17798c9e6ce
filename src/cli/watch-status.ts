import { watchAgents } from "../operations/agent/watch.ts";
import { callOperation } from "../operations/call.ts";
import { status } from "../operations/status.ts";
import type { Invocation } from "./base-command.ts";
import { formatStatus } from "./render/status.ts";

/** `status --watch`: redrawn in place on a terminal, one JSON object per change with --json, a new block otherwise. */
export async function watchStatus(
  { context, output, isJson, signal }: Invocation,
  input: Record<string, unknown>,
): Promise<void> {
  const draw = await drawer(output.isTerminal && !isJson);
  let last = "";
  while (!signal.aborted) {
    const result = await callOperation(status, input, context);
    const text = isJson ? JSON.stringify(result) : formatStatus(result, output);
    // Ages in the evidence change every second; on a terminal that is wanted, for a program only real changes are.
    const identity = isJson
      ? JSON.stringify({ ...result, agents: result.agents.map(({ because: _, ...agent }) => agent) })
      : text;
    if (identity !== last) {
      last = identity;
      if (draw) draw(text);
      else output.data(text);
    }
    await watchAgents(context, 1_000);
  }
}

async function drawer(isLive: boolean): Promise<((text: string) => void) | undefined> {
  if (!isLive) return undefined;
  const { default: logUpdate } = await import("log-update");
  return (text) => logUpdate(text);
}
