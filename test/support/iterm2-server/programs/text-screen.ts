import { graphemes, graphemeWidth } from "../cells.ts";
import type { GridSize, Row, Snapshot } from "./program.ts";

const SCROLLBACK = 1000;

/** A terminal for scripted programs: it wraps, scrolls and counts lines, and knows of escape sequences only `clear`. */
export class TextScreen {
  #size: GridSize;
  #lines: Row[] = [{ text: "", isWrapped: false }];
  /** Lines that were dropped from the top of the scrollback. */
  #overflow = 0;
  /** Index into `#lines` of the first row of the screen. */
  #top = 0;
  /** Cells that the last line takes. */
  #column = 0;
  readonly #scrollbackLimit: number;

  constructor(size: GridSize, scrollbackLimit = SCROLLBACK) {
    this.#size = size;
    this.#scrollbackLimit = scrollbackLimit;
  }

  print(text: string): void {
    for (const grapheme of graphemes(text)) {
      if (grapheme === "\n" || grapheme === "\r\n") this.#newLine(false);
      else if (grapheme === "\r") this.#startLine();
      else if (grapheme >= " ") this.#put(grapheme);
    }
  }

  /** A new empty screen; the old one moves up into the scrollback. */
  clear(): void {
    this.#newLine(false);
    this.#top = this.#lines.length - 1;
  }

  resize(size: GridSize): void {
    this.#size = size;
    this.#top = Math.max(this.#top, this.#lines.length - size.height);
  }

  snapshot(scrollback: number): Snapshot {
    const from = Math.max(0, this.#top - scrollback);
    const rows = this.#lines.slice(from).map((row) => ({ ...row, text: row.text.trimEnd() }));
    while (rows.length < this.#top - from + this.#size.height) rows.push({ text: "", isWrapped: false });
    return {
      rows,
      firstLine: this.#overflow + from,
      screenTop: this.#overflow + this.#top,
      overflow: this.#overflow,
      cursor: { x: this.#column, y: this.#overflow + this.#lines.length - 1 },
      isAlternate: false,
    };
  }

  get #last(): Row {
    const last = this.#lines.at(-1);
    if (!last) throw new Error("A screen has at least one line");
    return last;
  }

  #put(grapheme: string): void {
    const width = graphemeWidth(grapheme);
    if (this.#column + width > this.#size.width) this.#newLine(true);
    this.#last.text += grapheme;
    this.#column += width;
  }

  /** What stood in the line is overwritten, all at once. */
  #startLine(): void {
    this.#last.text = "";
    this.#column = 0;
  }

  #newLine(isWrapped: boolean): void {
    this.#last.isWrapped = isWrapped;
    this.#column = 0;
    this.#lines.push({ text: "", isWrapped: false });
    this.#top = Math.max(this.#top, this.#lines.length - this.#size.height);
    while (this.#top > this.#scrollbackLimit) {
      this.#lines.shift();
      this.#top--;
      this.#overflow++;
    }
  }
}
