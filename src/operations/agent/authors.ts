import type { Agent } from "../../core/agent.ts";
import type { Entry } from "../../core/transcript.ts";
import type { Context } from "../context.ts";

/**
 * Entries with the author of each prompt: what we delivered is ours or another agent's, the rest a person typed. By its
 * text, too: a running turn takes up what anybody types meanwhile.
 */
export function withAuthors(context: Context, agent: Agent, entries: readonly Entry[]): Promise<Entry[]> {
  return Promise.all(
    entries.map(async (entry): Promise<Entry> => {
      if (entry.kind !== "prompt" || entry.promptId === null) return entry;
      const messages = await context.store.messages.ofPrompt(agent.id, entry.promptId);
      const message = messages.find(({ text, sentText }) => (sentText ?? text) === entry.text);
      if (!message) return { ...entry, from: "person" };
      return { ...entry, from: message.sender.startsWith("agt_") ? "agent" : "orchestrator" };
    }),
  );
}
