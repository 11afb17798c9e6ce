import type { Agent } from "../../core/agent.ts";
import type { Message } from "../../core/message.ts";
import type { AgentProgram } from "../../core/ports/agent-program.ts";

export interface EntriesOptions {
  include: ReadonlySet<"tools" | "thinking">;
  /** Bound of the page in characters; without it everything is read. */
  maxChars?: number;
}

/** What stands in the agent's transcript of the turn that this message started; undefined before it is there. */
export async function messageEntries(
  program: AgentProgram,
  agent: Agent,
  { conversationId, promptId, transcriptOffset }: Message,
  options: EntriesOptions,
) {
  if (!conversationId || !promptId) return undefined;
  const page = await program.entries(agent, conversationId, { ...options, from: transcriptOffset ?? 0 });
  const entries = page.entries.filter((entry) => entry.promptId === promptId);
  return { conversationId, ...page, entries };
}
