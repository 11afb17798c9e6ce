import type { EntryPage, ReadOptions } from "../../core/ports/agent-program.ts";
import type { Entry } from "../../core/transcript.ts";
import type { ByteSource } from "./byte-source.ts";
import { EntryBuilder, type PromptAuthor } from "./entry-builder.ts";
import { endOfLastLine } from "./lines.ts";
import { parseRecord, type TranscriptRecord } from "./record.ts";
import { linesFrom, recordsOfLastTurns } from "./turn-reader.ts";

/**
 * Entries of a transcript: the newest `last` turns (read backwards), of which `maxChars` leaves out the oldest; or, from
 * a byte offset on, as many as `maxChars` allows (one record at least), with the offset of the next page.
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
    return { entries: window.entries, offset, hasMore: false };
  }
  const from = Math.min(options.from ?? 0, source.size);
  for (const record of await turnBefore(source, from)) builder.add(record);
  const entries: Entry[] = [];
  let chars = 0;
  let offset = await endOfLastLine(source, from);
  for await (const line of linesFrom(source, from)) {
    const record = parseRecord(line);
    const added = record ? builder.add(record) : [];
    chars += added.reduce((sum, entry) => sum + charsOf(entry), 0);
    if (chars > (options.maxChars ?? Number.POSITIVE_INFINITY) && entries.length > 0) {
      return { entries, offset, hasMore: true };
    }
    entries.push(...added);
    offset = line.end;
  }
  return { entries, offset, hasMore: false };
}

/** What stands before the offset tells which turn the first records after it belong to. */
async function turnBefore(source: ByteSource, offset: number): Promise<TranscriptRecord[]> {
  return offset === 0 ? [] : recordsOfLastTurns(source, 1, offset);
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
