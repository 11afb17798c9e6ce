import type { HookEvent } from "./hook-event.ts";

/**
 * What the hooks already tell of a turn's answer at Stop, 30–130 ms before its record stands in the transcript (facts
 * §0.3). The text is whole when MessageDisplay came too (`isWhole`), else only the last text block. Tool uses and token
 * counts are not in it. Undefined until Stop or StopFailure of this prompt.
 */
export function earlyAnswer(
  events: readonly HookEvent[],
  promptId: string,
): { text: string; isError: boolean; isWhole: boolean } | undefined {
  const ours = events.filter((event) => event.promptId === promptId && event.subagentId === null);
  const stop = ours.findLast(({ name }) => name === "Stop" || name === "StopFailure");
  if (!stop) return undefined;
  const last = stop.lastMessage ?? "";
  const shown = displayed(ours);
  const isWhole = shown?.trimEnd().endsWith(last.trimEnd()) === true;
  return { text: isWhole && shown !== undefined ? shown : last, isError: stop.name === "StopFailure", isWhole };
}

/** Text of the newest message that was shown: its parts in order of their index. */
function displayed(events: readonly HookEvent[]): string | undefined {
  const newest = events.findLast(({ display }) => display)?.display?.messageId;
  const parts = events.flatMap(({ display }) => (display && display.messageId === newest ? [display] : []));
  if (parts.length === 0) return undefined;
  return parts
    .sort((a, b) => a.index - b.index)
    .map(({ text }) => text)
    .join("");
}
