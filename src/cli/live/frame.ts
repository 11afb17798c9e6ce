import { cut, width } from "../../core/text-width.ts";

/**
 * A frame that fits the terminal: longer lines are cut (a wrapped line would shift what is redrawn below it), and what
 * does not fit is counted on the last line.
 */
export function fitFrame(text: string, { rows, columns }: { rows: number; columns: number }): string {
  // A tab takes up to eight columns, and nobody counts them.
  const lines = text
    .replaceAll("\t", "    ")
    .split("\n")
    .map((line) => cutVisible(line, columns));
  const room = Math.max(2, rows - 1);
  if (lines.length <= room) return lines.join("\n");
  const left = lines.length - (room - 1);
  const rest = cut(`… ${left} more lines; the terminal is too low for them`, columns);
  return [...lines.slice(0, room - 1), rest].join("\n");
}

const COLOURS = /(\u001b\[[0-9;]*m)/;

/** Cuts to a width without counting, or cutting into, colour sequences. */
function cutVisible(line: string, columns: number): string {
  let room = columns;
  let isFull = false;
  const parts = line.split(COLOURS).map((part) => {
    if (COLOURS.test(part) || part === "") return part;
    if (isFull) return "";
    const kept = cut(part, room);
    isFull = kept !== part;
    room -= width(kept);
    if (room <= 0) isFull = true;
    return kept;
  });
  return parts.join("");
}
