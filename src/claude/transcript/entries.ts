import type { ReadOptions } from "../../core/ports/agent-program.ts";
import type { Entry } from "../../core/transcript.ts";
import type { ByteSource } from "./byte-source.ts";
import { EntryBuilder, type PromptAuthor } from "./entry-builder.ts";
import { endOfLastLine } from "./lines.ts";
import { parseRecord, type TranscriptRecord } from "./record.ts";
import { linesFrom, recordsOfLastTurns } from "./turn-reader.ts";

/** Entries, and the offset to go on from: the end of the last complete line that was read. */
export interface EntryPage {
  entries: Entry[];
  offset: number;
}

/**
 * Entries of a transcript: the newest `last` turns (read backwards), or from a byte offset on, or all of it.
 * With `maxChars` the oldest are left out first, in bounded memory.
 */
export async function readEntries(
  source: ByteSource,
  options: ReadOptions,
  authorOf: PromptAuthor,
): Promise<EntryPage> {
  const builder = new EntryBuilder(options.include, authorOf);
  const window = new NewestEntries(options.maxChars ?? Number.POSITIVE_INFINITY);
  if (options.last !== undefined && options.from === undefined) {
    const offset = await endOfLastLine(source);
    for (const record of await recordsOfLastTurns(source, options.last, offset)) window.add(builder.add(record));
    return { entries: window.entries, offset };
  }
  const from = Math.min(options.from ?? 0, source.size);
  for (const record of await turnBefore(source, from)) builder.add(record);
  let offset = await endOfLastLine(source, from);
  for await (const line of linesFrom(source, from)) {
    offset = line.end;
    const record = parseRecord(line);
    if (record) window.add(builder.add(record));
  }
  return { entries: options.last === undefined ? window.entries : lastTurns(window.entries, options.last), offset };
}

/** What stands before the offset tells which turn the first records after it belong to. */
async function turnBefore(source: ByteSource, offset: number): Promise<TranscriptRecord[]> {
  return offset === 0 ? [] : recordsOfLastTurns(source, 1, offset);
}

function lastTurns(entries: Entry[], count: number): Entry[] {
  const promptIds = new Set<string | null>();
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    promptIds.add(entries[index]?.promptId ?? null);
    if (promptIds.size > count) return entries.slice(index + 1);
  }
  return entries;
}

/** Keeps the newest entries within a bound of characters; one entry is always kept. */
class NewestEntries {
  readonly #maxChars: number;
  readonly #entries: Entry[] = [];
  #first = 0;
  #chars = 0;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  get entries(): Entry[] {
    return this.#entries.slice(this.#first);
  }

  add(entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#chars += charsOf(entry);
    }
    while (this.#chars > this.#maxChars && this.#first < this.#entries.length - 1) {
      const oldest = this.#entries[this.#first];
      this.#chars -= oldest ? charsOf(oldest) : 0;
      this.#first += 1;
    }
    if (this.#first > 1024) {
      this.#entries.splice(0, this.#first);
      this.#first = 0;
    }
  }
}

function charsOf({ text, tool }: Entry): number {
  const input = tool?.input === undefined ? 0 : (JSON.stringify(tool.input)?.length ?? 0);
  return (text?.length ?? 0) + input;
}
