import type { Responses } from "./messages.ts";

export interface Row {
  /** Text of each cell, from the left: a blank for an empty cell, "" for the second half of a wide character. */
  cells: string[];
  /** The cells joined, without trailing blanks. */
  text: string;
  /** The line was longer than the screen is wide and goes on in the next row. */
  isWrapped: boolean;
}

type LineContents = NonNullable<Responses["getBuffer"]["contents"]>[number];

const SOFT_EOL = 2;

/** A row of iTerm2's answer: its text leaves out empty cells, which only the number of code points per cell shows. */
export function toRow({ text, codePointsPerCell, continuation }: LineContents): Row {
  const codePoints = [...(text ?? "")];
  const cells: string[] = [];
  let next = 0;
  let isAfterWide = false;
  const take = (count: number) => {
    const cell = codePoints.slice(next, next + count).join("");
    next += count;
    cells.push(cell !== "" ? cell : isAfterWide ? "" : " ");
    isAfterWide = cell !== "" && isWide(cell);
  };
  for (const { numCodePoints, repeats } of codePointsPerCell ?? []) {
    for (let i = 0; i < Math.max(1, repeats ?? 1); i++) take(numCodePoints ?? 1);
  }
  // Not described: one cell each.
  while (next < codePoints.length) take(1);
  return { cells, text: cells.join("").trimEnd(), isWrapped: continuation === SOFT_EOL };
}

/** East Asian wide and emoji: two cells, of which the second is empty. Only asked of a cell before an empty one. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|.\ufe0f)/u;

function isWide(cell: string): boolean {
  return WIDE.test(cell);
}
