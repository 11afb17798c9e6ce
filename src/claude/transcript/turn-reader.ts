import type { ByteSource } from "./byte-source.ts";
import { type Line, linesBackward, linesForward } from "./lines.ts";
import { parseRecord, type TranscriptRecord, type UserRecord } from "./record.ts";
import { assembleTurns, isTurnStart, type Turn } from "./turns.ts";

/** How far behind the next turn's start a late record of this turn is still looked for. */
const LATE_BYTES = 64 * 1024;
/** How far before a turn's start its parent is looked for, to see whether it joins an earlier prompt. */
const PARENT_BYTES = 64 * 1024;

/** Complete lines from an offset on; one inside a line goes on with the next. */
export async function* linesFrom(source: ByteSource, offset: number): AsyncGenerator<Line> {
  const from = Math.max(0, offset);
  let isAligned = from === 0;
  if (!isAligned) {
    const before = Buffer.alloc(1);
    isAligned = (await source.read(before, from - 1)) === 1 && before[0] === 0x0a;
  }
  for await (const line of linesForward(source, from)) {
    if (isAligned) yield line;
    isAligned = true;
  }
}

/**
 * The turn that `promptId` began, looking from `fromOffset` on; reads little more than the turn. A message that a running
 * turn took up belongs to a turn that began before it: that one is found too.
 */
export async function readTurn(source: ByteSource, promptId: string, fromOffset: number): Promise<Turn | undefined> {
  const turn = await readTurnFrom(source, promptId, fromOffset);
  if (turn) return turn;
  const running = await turnBefore(source, fromOffset);
  return running?.promptId === promptId ? readTurnFrom(source, promptId, running.offset) : undefined;
}

/** The record that began the newest turn before `offset`. */
export async function turnBefore(source: ByteSource, offset: number): Promise<UserRecord | undefined> {
  const records = await recordsOfLastTurns(source, 1, offset);
  return assembleTurns(records).at(-1)?.start;
}

async function readTurnFrom(source: ByteSource, promptId: string, fromOffset: number): Promise<Turn | undefined> {
  const records: TranscriptRecord[] = [];
  let isFound = false;
  let stopAt = Number.POSITIVE_INFINITY;
  for await (const line of linesFrom(source, fromOffset)) {
    if (line.offset > stopAt) break;
    const record = parseRecord(line);
    if (!record) continue;
    if (isTurnStart(record)) {
      if (record.promptId === promptId) isFound = true;
      else if (isFound && record.role !== "command") stopAt = Math.min(stopAt, line.end + LATE_BYTES);
    }
    if (isFound) records.push(withoutResultTexts(record));
  }
  return assembleTurns(records).find(({ start }) => start.promptId === promptId);
}

/** The newest `count` turns, oldest first, reading backwards from the end. */
export async function readLastTurns(source: ByteSource, count: number): Promise<Turn[]> {
  const records = await recordsOfLastTurns(source, count);
  return assembleTurns(records.map(withoutResultTexts)).slice(-count);
}

/** All records since the start of the newest `count` turns, in file order. */
export async function recordsOfLastTurns(
  source: ByteSource,
  count: number,
  to = source.size,
): Promise<TranscriptRecord[]> {
  const records: TranscriptRecord[] = [];
  let found = 0;
  /** The oldest start seen, while its parent is not: it may join an earlier prompt. */
  let oldest: UserRecord | undefined;
  let hasAnswer = false;
  for await (const line of linesBackward(source, to)) {
    if (oldest && found >= count && line.end < oldest.offset - PARENT_BYTES) break;
    const record = parseRecord(line);
    if (!record || record.isSidechain) continue;
    if (
      found >= count &&
      oldest &&
      record.uuid === oldest.parent &&
      !isTurnStart(record) &&
      record.type !== "attachment"
    ) {
      break;
    }
    if (found >= count && isTurnStart(record) && record.promptId !== oldest?.promptId) break;
    records.push(record);
    if (record.type === "assistant") hasAnswer = true;
    if (!isTurnStart(record) || (record.role === "command" && !hasAnswer)) continue;
    if (record.promptId === null || record.promptId !== oldest?.promptId) found += 1;
    oldest = record;
    hasAnswer = false;
    if (record.parent === null && found >= count) break;
  }
  return records.reverse();
}

/** A turn may hold hundreds of megabytes of tool output; only whether a tool failed matters for its answer. */
function withoutResultTexts(record: TranscriptRecord): TranscriptRecord {
  if (record.type !== "user" || record.results.length === 0) return record;
  return { ...record, text: "", results: record.results.map((result) => ({ ...result, text: "" })) };
}
