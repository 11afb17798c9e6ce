import { agentLog } from "../operations/agent/log.ts";
import { watchAgent } from "../operations/agent/watch.ts";
import { callOperation } from "../operations/call.ts";
import type { Invocation } from "./base-command.ts";
import { jsonLine } from "./output.ts";
import { formatAgentEvent } from "./render/agent-log.ts";

/** A missed change shows after this long. */
const LOOK_EVERY_MS = 1_000;
/** Each look reads the agent's transcripts, and an agent that works changes them many times a second. */
const REST_MS = 500;

/** `agent log --follow`: what is there, then each new event as it happens, until interrupted. */
export async function followAgentLog(
  { context, output, isJson, signal }: Invocation,
  input: Record<string, unknown>,
): Promise<void> {
  const told = new Set<string>();
  while (!signal.aborted) {
    const { events } = await callOperation(agentLog, input, context);
    for (const event of events) {
      const json = jsonLine(event);
      if (told.has(json)) continue;
      told.add(json);
      output.data(isJson ? json : formatAgentEvent(event, output));
    }
    await watchAgent(context, String(input.agent), LOOK_EVERY_MS);
    await context.clock.sleep(REST_MS, signal);
  }
}
