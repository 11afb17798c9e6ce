/** What a person takes for one character; `\r\n` is one as well. */
export function graphemes(text: string): string[] {
  // A segmenter takes its time, and most text needs none.
  if (/^[\x20-\x7e]*$/.test(text)) return [...text];
  return [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)].map(({ segment }) => segment);
}

const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}])/u;

/** Number of cells it takes in a terminal. */
export function graphemeWidth(grapheme: string): 0 | 1 | 2 {
  if (WIDE.test(grapheme)) return 2;
  return /^[\p{Mn}\p{Me}\p{Cf}]+$/u.test(grapheme) ? 0 : 1;
}

export interface CellRun {
  num_code_points: number;
  repeats: number;
}

/**
 * A row as iTerm2 sends it: the characters, and how many of them each cell holds. Cells that nothing was written to have
 * no character at all, so that a client which takes `text` for the row sees words run together. A terminal here cannot
 * tell such cells from written blanks: any run of two blanks and more counts as unwritten.
 */
export function toCells(row: string): { text: string; runs: CellRun[] } {
  const runs: CellRun[] = [];
  let text = "";
  const add = (count: number) => {
    const last = runs.at(-1);
    if (last?.num_code_points === count) last.repeats++;
    else runs.push({ num_code_points: count, repeats: 1 });
  };
  for (const part of row.match(/ {2,}| |[^ ]+/g) ?? []) {
    if (part.length > 1 && part.startsWith(" ")) {
      for (const _blank of part) add(0);
      continue;
    }
    text += part;
    for (const grapheme of graphemes(part)) {
      add([...grapheme].length);
      if (graphemeWidth(grapheme) === 2) add(0);
    }
  }
  return { text, runs };
}
