import type { Row } from "./program.ts";

/**
 * Which rows of a tmux screen go on in the next one. tmux does not tell it of a row, but it can join what was wrapped:
 * `joined` is the same text with every wrapped line in one piece, trailing blanks kept in both.
 */
export function wrappedRows(rows: readonly string[], joined: readonly string[]): Row[] {
  const result: Row[] = [];
  let at = 0;
  for (const line of joined) {
    let whole = rows[at] ?? "";
    let count = 1;
    while (whole.length < line.length && at + count < rows.length) whole += rows[at + count++] ?? "";
    // Anything else than an exact fit is a screen that changed, or that we misread: take it row by row.
    if (whole !== line) count = 1;
    for (let index = 0; index < count; index++) {
      result.push({ text: (rows[at + index] ?? "").trimEnd(), isWrapped: index < count - 1 });
    }
    at += count;
  }
  for (; at < rows.length; at++) result.push({ text: (rows[at] ?? "").trimEnd(), isWrapped: false });
  return result.slice(0, rows.length);
}
