import { BLOCK_BYTES, type ByteSource, blocks, readSpan } from "./byte-source.ts";
import { StringShortener } from "./string-shortener.ts";

/** One complete line (a half-written last line is not one). `bytes` is without the line break. */
export interface Line {
  /** Byte offset of its first byte. */
  offset: number;
  /** Byte offset just after its line break. */
  end: number;
  bytes: Buffer;
}

/** Lines longer than this get their long strings cut before anybody parses them. A prompt of 1 MB stays whole. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;
const MAX_STRING_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;

/** Cuts a stream of chunks into lines, whatever the chunking. Keeps at most one line in memory, and of a huge one little. */
export class LineSplitter {
  readonly #maxLine: number;
  #start: number;
  #parts: Buffer[] = [];
  #length = 0;
  #shortener: StringShortener | undefined;

  constructor(offset: number, maxLine = MAX_LINE_BYTES) {
    this.#start = offset;
    this.#maxLine = maxLine;
  }

  /** Offset where the line begins that is not complete yet. */
  get offset(): number {
    return this.#start;
  }

  push(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      this.#take(chunk.subarray(from, at));
      const end = this.#start + this.#length + 1;
      const bytes = this.#finish();
      if (bytes && bytes.length > 0) lines.push({ offset: this.#start, end, bytes });
      this.#start = end;
      this.#length = 0;
      from = at + 1;
    }
    this.#take(chunk.subarray(from));
    return lines;
  }

  #take(part: Buffer): void {
    if (part.length === 0) return;
    this.#length += part.length;
    if (!this.#shortener && this.#length > this.#maxLine) {
      this.#shortener = new StringShortener({ maxString: MAX_STRING_BYTES, maxTotal: this.#maxLine });
      for (const earlier of this.#parts) this.#shortener.push(earlier);
      this.#parts = [];
    }
    if (this.#shortener) this.#shortener.push(part);
    else this.#parts.push(part);
  }

  #finish(): Buffer | undefined {
    const bytes = this.#shortener
      ? this.#shortener.result()
      : this.#parts.length === 1
        ? this.#parts[0]
        : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#shortener = undefined;
    return bytes;
  }
}

/** Complete lines of `[from, to)` in order. `from` must be the start of a line; a `to` inside a line leaves that line out. */
export async function* linesForward(source: ByteSource, from: number, to = source.size): AsyncGenerator<Line> {
  const splitter = new LineSplitter(from);
  for await (const block of blocks(source, from, to)) yield* splitter.push(block);
}

/** Complete lines before `to`, newest first, reading blocks of 64 KB backwards and no more of them than are asked for. */
export async function* linesBackward(source: ByteSource, to = source.size): AsyncGenerator<Line> {
  /** Offset just after the line break that ends the line being put together; undefined before the first one is seen. */
  let end: number | undefined;
  /** Bytes of that line known so far, earliest first; empty while it is too long to keep. */
  let parts: Buffer[] = [];
  let kept = 0;
  for (let blockEnd = to; blockEnd > 0; ) {
    const blockStart = Math.max(0, blockEnd - BLOCK_BYTES);
    const block = await readSpan(source, blockStart, blockEnd);
    let before = block.length;
    while (before > 0) {
      const at = block.lastIndexOf(LINE_FEED, before - 1);
      if (at < 0) break;
      if (end !== undefined) {
        const line = await finish(blockStart + at + 1, block.subarray(at + 1, before));
        if (line) yield line;
      }
      end = blockStart + at + 1;
      parts = [];
      kept = 0;
      before = at;
    }
    if (end !== undefined && before > 0) {
      kept += before;
      // What is too long to keep is read again from its start, once that is found.
      if (kept <= MAX_LINE_BYTES) parts.unshift(block.subarray(0, before));
      else parts = [];
    }
    blockEnd = blockStart;
  }
  if (end !== undefined) {
    const line = await finish(0, Buffer.alloc(0));
    if (line) yield line;
  }

  async function finish(start: number, head: Buffer): Promise<Line | undefined> {
    const lineEnd = end ?? 0;
    if (kept + head.length > MAX_LINE_BYTES) {
      for await (const line of linesForward(source, start, lineEnd)) return line;
      return undefined;
    }
    const bytes = parts.length === 0 ? head : Buffer.concat([head, ...parts]);
    return bytes.length === 0 ? undefined : { offset: start, end: lineEnd, bytes };
  }
}

/** Offset just after the last line break before `to`: where following goes on. */
export async function endOfLastLine(source: ByteSource, to = source.size): Promise<number> {
  for (let blockEnd = to; blockEnd > 0; ) {
    const blockStart = Math.max(0, blockEnd - BLOCK_BYTES);
    const at = (await readSpan(source, blockStart, blockEnd)).lastIndexOf(LINE_FEED);
    if (at >= 0) return blockStart + at + 1;
    blockEnd = blockStart;
  }
  return 0;
}
