const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;
const ZERO = /\p{Mn}|\p{Me}|[\u200b-\u200f]/u;

/** Columns that a text takes on a terminal. */
export function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return columns;
}

/** At most so many columns of it, with `…` where something is left out. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let result = "";
  let used = 0;
  for (const character of text) {
    const next = width(character);
    if (used + next > columns - 1) break;
    result += character;
    used += next;
  }
  return `${result}…`;
}
