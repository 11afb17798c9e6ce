import type { Agent } from "../../core/agent.ts";
import type { Entry } from "../../core/transcript.ts";
import type { Context } from "../context.ts";

/** Entries with the author of each prompt: what we delivered is ours or another agent's, the rest a person typed. */
export function withAuthors(context: Context, agent: Agent, entries: readonly Entry[]): Promise<Entry[]> {
  return Promise.all(
    entries.map(async (entry): Promise<Entry> => {
      if (entry.kind !== "prompt" || entry.promptId === null) return entry;
      const message = await context.store.messages.findByPromptId(agent.id, entry.promptId);
      if (!message) return { ...entry, from: "person" };
      return { ...entry, from: message.sender.startsWith("agt_") ? "agent" : "orchestrator" };
    }),
  );
}
