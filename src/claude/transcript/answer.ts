import { type Answer, sumUsage, type ToolUse, type Usage } from "../../core/message.ts";
import type { TurnReport } from "../../core/ports/agent-program.ts";
import type { AssistantRecord, TranscriptRecord } from "./record.ts";
import type { Turn } from "./turns.ts";

/** A Stop or StopFailure hook event of the turn. */
export interface StopEvidence {
  isFailure: boolean;
  /** The last text block only (facts §0.3). */
  lastMessage: string | null;
  /** Milliseconds since it was written. */
  ageMs: number;
}

/** How long after Stop a record may still be missing; it was never seen to take more than 230 ms (facts §3.2). */
const RECORD_GRACE_MS = 2000;

/** One API message put together from its lines. */
interface ApiMessage {
  id: string;
  texts: string[];
  stopReason: string | null;
  usage: Usage | null;
  apiError: string | null;
}

interface Progress {
  messages: ApiMessage[];
  toolUses: Map<string, ToolUse>;
  /** What the newest record that matters says. */
  end: "interrupted" | "duration" | undefined;
  durationMs: number | null;
  lastAt: number | null;
}

/**
 * The answer of a turn and whether it is final, from its records and, as further evidence, its Stop event.
 * The answer is the text of the last API message, with those before it that ran into max_tokens.
 */
export function turnReport(turn: Turn, stop?: StopEvidence): TurnReport {
  const progress = progressOf(turn);
  const last = progress.messages.at(-1);
  const text = answerText(progress.messages);
  const isLate = stop !== undefined && stop.ageMs > RECORD_GRACE_MS;
  const isOver = turn.isSuperseded || isLate || isFinished(progress, last, stop);
  const isRecordMissing = isLate && !isFinished(progress, last, stop) && stop.lastMessage !== null;
  return {
    isOver,
    answer: answerOf(progress, { turn, isOver, text: isRecordMissing ? stop.lastMessage : text, stop }),
  };
}

/** Does its Stop event matter? Not where the records alone already say for certain that the turn is over. */
export function needsStop(turn: Turn): boolean {
  const progress = progressOf(turn);
  return !turn.isSuperseded && progress.end === undefined && (progress.messages.at(-1)?.apiError ?? null) === null;
}

function progressOf(turn: Turn): Progress {
  const progress: Progress = { messages: [], toolUses: new Map(), end: undefined, durationMs: null, lastAt: null };
  for (const record of turn.records) take(progress, record);
  return progress;
}

function answerOf(
  progress: Progress,
  { turn, isOver, text, stop }: { turn: Turn; isOver: boolean; text: string | null; stop: StopEvidence | undefined },
): Answer {
  const last = progress.messages.at(-1);
  const startedAt = turn.start.at;
  const elapsed = startedAt !== null && progress.lastAt !== null ? Math.max(0, progress.lastAt - startedAt) : null;
  const usages = progress.messages.flatMap(({ usage, apiError }) => (usage && apiError === null ? [usage] : []));
  return {
    text: text ?? "",
    toolUses: [...progress.toolUses.values()],
    stopReason: last?.stopReason ?? null,
    interrupted: progress.end === "interrupted",
    isError: last?.apiError != null || last?.stopReason === "refusal" || stop?.isFailure === true,
    durationMs: progress.durationMs ?? (isOver ? elapsed : null),
    usage: usages.length === 0 ? null : sumUsage(usages),
  };
}

function isFinished(progress: Progress, last: ApiMessage | undefined, stop: StopEvidence | undefined): boolean {
  if (progress.end !== undefined) return true;
  if (!last) return false;
  if (last.apiError !== null) return true;
  if (last.stopReason === "tool_use" || last.texts.length === 0) return false;
  if (stop && !stop.isFailure) return stop.lastMessage === null || isSameText(last.texts.at(-1), stop.lastMessage);
  // `stop_sequence` and null also mark what Esc cut off, whose interruption record follows (facts §4).
  return last.stopReason === "end_turn";
}

function isSameText(written: string | undefined, reported: string): boolean {
  return written !== undefined && written.trim() === reported.trim();
}

function answerText(messages: readonly ApiMessage[]): string {
  const parts: string[] = [];
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index];
    if (!message || (parts.length > 0 && message.stopReason !== "max_tokens" && message.stopReason !== "pause_turn"))
      break;
    parts.unshift(message.texts.join(""));
  }
  return parts.join("");
}

function take(progress: Progress, record: TranscriptRecord): void {
  if (record.type === "assistant") {
    progress.end = undefined;
    progress.lastAt = record.at ?? progress.lastAt;
    takeMessage(progress, record);
  } else if (record.type === "user" && record.role === "tool_result") {
    progress.end = undefined;
    for (const { toolUseId, isError } of record.results) {
      const use = progress.toolUses.get(toolUseId);
      if (use) use.isError = isError;
    }
  } else if (record.type === "user" && record.role === "interruption") {
    progress.end = "interrupted";
    progress.lastAt = record.at ?? progress.lastAt;
  } else if (record.type === "system" && record.subtype === "turn_duration") {
    progress.end ??= "duration";
    progress.durationMs = record.durationMs;
  }
}

function takeMessage(progress: Progress, record: AssistantRecord): void {
  const id = record.messageId ?? record.uuid ?? "";
  let message = progress.messages.at(-1);
  if (message?.id !== id) {
    message = { id, texts: [], stopReason: null, usage: null, apiError: null };
    progress.messages.push(message);
  }
  message.stopReason = record.stopReason;
  message.usage = record.usage ?? message.usage;
  message.apiError = record.apiError;
  for (const block of record.blocks) {
    if (block.kind === "text") message.texts.push(block.text);
    if (block.kind === "tool_use" && !progress.toolUses.has(block.id)) {
      progress.toolUses.set(block.id, { id: block.id, name: block.name, input: block.input });
    }
  }
}
