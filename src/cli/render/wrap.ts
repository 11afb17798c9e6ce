import { width } from "../../core/text-width.ts";
import { undeceiving } from "../output.ts";

/**
 * A text as lines of at most `columns` columns, whole: what is to be approved is never cut within a line. What could
 * deceive a reader becomes visible.
 */
export function wrapLines(text: string, columns: number): string[] {
  return undeceiving(text)
    .replaceAll("\t", "    ")
    .split("\n")
    .flatMap((line) => wrapLine(line, Math.max(8, columns)));
}

function wrapLine(line: string, columns: number): string[] {
  const lines: string[] = [];
  let current = "";
  let used = 0;
  for (const character of line) {
    const next = width(character);
    if (used + next > columns) {
      const space = current.lastIndexOf(" ");
      // At a blank where there is one in the second half; paths and code are broken anywhere.
      const cutAt = space > current.length / 2 ? space + 1 : current.length;
      lines.push(current.slice(0, cutAt).trimEnd());
      current = current.slice(cutAt);
      used = width(current);
    }
    current += character;
    used += next;
  }
  return [...lines, current];
}

/** The first `max` lines, and how many more there are. */
export function firstLines(lines: readonly string[], max: number): string[] {
  if (lines.length <= max) return [...lines];
  const rest = lines.length - max + 1;
  return [...lines.slice(0, max - 1), `… ${rest} more lines: --json shows them`];
}
