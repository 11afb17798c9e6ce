import type { AgentView } from "../../core/agent.ts";
import type { MessageView, Usage } from "../../core/message.ts";
import { cut } from "../../core/text-width.ts";
import type { Entry } from "../../core/transcript.ts";
import { type Output, printable, undeceiving } from "../output.ts";
import { formatAgent } from "./agents.ts";
import { formatEntry } from "./messages.ts";

interface Details {
  agent: AgentView;
  screen: string[];
  recent: Entry[];
  messages: MessageView[];
  usage: Usage;
  loss?: string[];
}

export function renderAgentDetails(
  { agent, screen, recent, messages, usage, loss = [] }: Details,
  output: Output,
): void {
  const { paint } = output;
  const parts = [formatAgent(agent, output), `  ${formatUsage(usage)}`, ...loss.map((lost) => printable(`  ${lost}`))];
  if (recent.length > 0)
    parts.push(paint.dim("— conversation —"), ...recent.map((entry) => formatEntry(entry, output)));
  const open = messages.filter(({ state }) => state !== "answered");
  if (open.length > 0)
    parts.push(
      paint.dim("— messages without an answer —"),
      ...open.map(({ state, id, text }) => printable(`${state} ${id} ${firstLine(text)}`)),
    );
  // Its terminal may be wider than this one.
  const columns = output.isTerminal ? output.columns : Number.POSITIVE_INFINITY;
  if (screen.length > 0) parts.push(paint.dim("— screen —"), ...screen.map((line) => cut(undeceiving(line), columns)));
  output.data(parts.join("\n"));
}

/** "tokens: 1,234 in, 56 out, cache 7,890 written, 12,345 read" */
function formatUsage({ inputTokens, outputTokens, cacheCreationTokens, cacheReadTokens }: Usage): string {
  const [input, out, written, read] = [inputTokens, outputTokens, cacheCreationTokens, cacheReadTokens].map((count) =>
    count.toLocaleString("en"),
  );
  return `tokens: ${input} in, ${out} out, cache ${written} written, ${read} read`;
}

function firstLine(text: string): string {
  const [line = ""] = text.split("\n");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
