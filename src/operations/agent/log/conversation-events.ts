import type { Agent } from "../../../core/agent.ts";
import type { AgentEvent } from "../../../core/agent-event.ts";
import type { AgentProgram } from "../../../core/ports/agent-program.ts";

/** So much of a transcript is in memory at once. */
const PAGE_CHARS = 1_000_000;
const NOTHING_ELSE: ReadonlySet<"tools" | "thinking"> = new Set();

/** Failed requests and interruptions of a conversation, whoever had prompted. Read page by page. */
export async function conversationEvents(
  program: AgentProgram,
  agent: Agent,
  conversationId: string,
): Promise<AgentEvent[]> {
  const events: AgentEvent[] = [];
  for (let from = 0; ; ) {
    const page = await program.entries(agent, conversationId, { from, include: NOTHING_ELSE, maxChars: PAGE_CHARS });
    for (const { kind, at, text = "", error } of page.entries) {
      if (at === null) continue;
      if (kind === "error") {
        const until = error?.retryAt === undefined ? {} : { retryAt: error.retryAt };
        events.push({ at: Date.parse(at), kind: `error.${error?.kind ?? "api"}`, summary: text, ...until });
      }
      if (kind === "interruption") {
        events.push({ at: Date.parse(at), kind: "lifecycle.interrupted", summary: "the turn was interrupted" });
      }
    }
    if (!page.hasMore) return events;
    from = page.offset;
  }
}
