import { width } from "../../core/text-width.ts";
import { type Output, printable } from "../output.ts";

const INDENT = "  ";

/** Names beside their values. What is too long for the terminal goes on below, broken at blanks only: paths stay whole. */
export function formatFactRows(rows: readonly [name: string, value: string][], output: Output): string[] {
  const widest = Math.max(...rows.map(([name]) => name.length));
  const room = output.isTerminal ? output.columns - widest - 2 * INDENT.length : Number.POSITIVE_INFINITY;
  return rows.flatMap(([name, value]) =>
    wrapWords(printable(value), room).map(
      (line, index) => `${INDENT}${(index === 0 ? name : "").padEnd(widest)}${INDENT}${line}`,
    ),
  );
}

function wrapWords(text: string, columns: number): string[] {
  const lines: string[] = [];
  let current: string | undefined;
  for (const word of text.split(" ")) {
    const longer: string = current === undefined ? word : `${current} ${word}`;
    if (current !== undefined && width(longer) > columns) {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return [...lines, current ?? ""];
}
