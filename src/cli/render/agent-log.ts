import type { AgentEventView } from "../../core/agent-event.ts";
import { cut } from "../../core/text-width.ts";
import { type Output, printable } from "../output.ts";
import { localSecond } from "./local-time.ts";

export function renderAgentLog({ events, more }: { events: AgentEventView[]; more?: boolean }, output: Output): void {
  if (more) output.note("Older events are left out.");
  output.data(
    events.length === 0 ? "Nothing happened." : events.map((event) => formatAgentEvent(event, output)).join("\n"),
  );
}

const KIND_COLUMNS = 23;

/** Time, kind, and what happened: one line, cut to the terminal. */
export function formatAgentEvent({ at, kind, summary, exitCode }: AgentEventView, output: Output): string {
  const { paint } = output;
  const time = localSecond(at);
  const room = output.isTerminal ? output.columns - time.length - KIND_COLUMNS - 3 : Number.POSITIVE_INFINITY;
  const text = cut(printable(summary.replace(/\s+/g, " ").trim()), Math.max(8, room));
  const isBad = /^error\.(?!recovered)|failed$|unknown$|denied$|lost$/.test(kind) || (exitCode ?? 0) !== 0;
  const word = kind.padEnd(KIND_COLUMNS);
  return `${paint.dim(time)}  ${isBad ? paint.red(word) : word} ${text}`;
}
