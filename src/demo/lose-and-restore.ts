import { agentShow } from "../operations/agent/show.ts";
import { callOperation } from "../operations/call.ts";
import type { Context } from "../operations/context.ts";
import { sessionRestore } from "../operations/session/restore.ts";

const LOOK_EVERY_MS = 20;

export interface Recovery {
  agent: string;
  /** What `session restore` made of it; null when it was not among those looked at. */
  outcome: string | null;
  isSameConversation: boolean;
}

/** Kills an agent's process, as a crash would, and brings the session back. */
export async function loseAndRestore(context: Context, agent: string): Promise<Recovery> {
  const before = (await callOperation(agentShow, { agent }, context)).agent;
  const identity = before.pid === null ? undefined : context.processes.identify(before.pid);
  if (identity) {
    context.processes.kill(identity.pid, "SIGKILL");
    while (context.processes.isAlive(identity)) await context.clock.sleep(LOOK_EVERY_MS, context.signal);
  }
  const { agents } = await callOperation(sessionRestore, { session: "demo" }, context);
  const after = (await callOperation(agentShow, { agent }, context)).agent;
  return {
    agent,
    outcome: agents.find(({ id }) => id === before.id)?.outcome ?? null,
    isSameConversation: before.conversationId !== null && after.conversationId === before.conversationId,
  };
}
