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

/** What Claude Code's session file says of the agent's process; absent where none lives. */
export interface SessionEvidence {
  /** It says busy: whatever was written last, more may come. */
  isBusy: boolean;
  /** Epoch ms since when it says that nothing is done; null while something is, or where it does not tell. */
  idleSince: number | null;
  /** Epoch ms of the reading. */
  now: number;
}

export interface TurnEvidence {
  stop?: StopEvidence | undefined;
  session?: SessionEvidence | undefined;
}

/** How long after Stop a record may still be missing; it was never seen to take more than 230 ms (facts §3.2). */
const RECORD_GRACE_MS = 2000;
/** Idle for so long after its prompt, a turn without an end will have none: busy comes 20–60 ms after the prompt (facts §3.2). */
const DROPPED_MS = 3000;

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
 * The answer of a turn and whether it is final, from its records and further evidence. The answer is the text of the last
 * API message, with those before it that ran into max_tokens.
 *
 * Neither a last message nor a Stop event is the end while Claude Code is busy: a Stop hook of the person's may send it
 * on, in the same turn (seen in 2.1.197 and 2.1.330).
 */
export function turnReport(turn: Turn, { stop, session }: TurnEvidence = {}): TurnReport {
  const progress = progressOf(turn);
  const last = progress.messages.at(-1);
  const text = answerText(progress.messages);
  const isLate = stop !== undefined && stop.ageMs > RECORD_GRACE_MS;
  const isFinished = hasFinished(progress, last, stop);
  const isDropped = !isFinished && stop === undefined && hasDropped(turn, session);
  const mayGoOn = session?.isBusy === true && !isSettled(turn, progress);
  const isOver = turn.isSuperseded || isDropped || (!mayGoOn && (isLate || isFinished));
  const isRecordMissing = isLate && !isFinished && stop.lastMessage !== null;
  const isCutOff = isDropped || (turn.isSuperseded && (last === undefined || last.stopReason === "tool_use"));
  return {
    isOver,
    answer: {
      ...answerOf(progress, { turn, isOver, text: isRecordMissing ? stop.lastMessage : text, stop }),
      interrupted: progress.end === "interrupted" || (isCutOff && progress.end === undefined),
    },
  };
}

/** Does more than its records matter? Not where these alone already say for certain that the turn is over. */
export function needsEvidence(turn: Turn): boolean {
  return !isSettled(turn, progressOf(turn));
}

function isSettled(turn: Turn, { end, messages }: Progress): boolean {
  return turn.isSuperseded || end !== undefined || (messages.at(-1)?.apiError ?? null) !== null;
}

/** Escape before the first word leaves neither an event nor a record (facts §3.2, §4): all that tells is that nothing is done. */
function hasDropped({ start }: Turn, session: SessionEvidence | undefined): boolean {
  if (start.at === null || session === undefined || session.idleSince === null) return false;
  return session.idleSince > start.at && session.now - session.idleSince >= DROPPED_MS;
}

function progressOf(turn: Turn): Progress {
  const progress: Progress = { messages: [], toolUses: new Map(), end: undefined, durationMs: null, lastAt: null };
  for (const record of turn.records) take(progress, record);
  return progress;
}

function answerOf(
  progress: Progress,
  { turn, isOver, text, stop }: { turn: Turn; isOver: boolean; text: string | null; stop: StopEvidence | undefined },
): Omit<Answer, "interrupted"> {
  const last = progress.messages.at(-1);
  const startedAt = turn.start.at;
  const elapsed = startedAt !== null && progress.lastAt !== null ? Math.max(0, progress.lastAt - startedAt) : null;
  const usages = progress.messages.flatMap(({ usage, apiError }) => (usage && apiError === null ? [usage] : []));
  return {
    text: text ?? "",
    toolUses: [...progress.toolUses.values()],
    stopReason: last?.stopReason ?? null,
    isError: last?.apiError != null || last?.stopReason === "refusal" || stop?.isFailure === true,
    durationMs: progress.durationMs ?? (isOver ? elapsed : null),
    usage: usages.length === 0 ? null : sumUsage(usages),
  };
}

function hasFinished(progress: Progress, last: ApiMessage | undefined, stop: StopEvidence | undefined): boolean {
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
