import { cut, width } from "../../core/text-width.ts";
import { type Output, undeceiving } from "../output.ts";

export interface Column<T> {
  title: string;
  value: (row: T) => string;
  /** Takes what is left of the line and is cut there; without it a column is as wide as its widest cell. */
  isElastic?: boolean;
  paint?: (text: string, row: T) => string;
}

const GAP = "  ";

/** A table without borders that fits the terminal: elastic columns share what the others leave and are cut with `…`. */
export function formatTable<T>(rows: readonly T[], columns: readonly Column<T>[], output: Output): string {
  const cells = rows.map((row) => columns.map((column) => undeceiving(column.value(row)).replace(/\s+/g, " ")));
  const natural = columns.map((column, index) =>
    Math.max(width(column.title), ...cells.map((line) => width(line[index] ?? ""))),
  );
  const widths = fitWidths(natural, columns, output.isTerminal ? output.columns : Number.POSITIVE_INFINITY);
  const header = columns.map((column, index) => pad(column.title.toUpperCase(), widths[index] ?? 0)).join(GAP);
  const lines = rows.map((row, rowIndex) =>
    columns
      .map((column, index) => {
        const text = pad(cut(cells[rowIndex]?.[index] ?? "", widths[index] ?? 0), widths[index] ?? 0);
        return column.paint ? column.paint(text, row) : text;
      })
      .join(GAP)
      .trimEnd(),
  );
  return [output.paint.dim(header.trimEnd()), ...lines].join("\n");
}

function fitWidths<T>(natural: number[], columns: readonly Column<T>[], total: number): number[] {
  const room = total - GAP.length * (columns.length - 1);
  const excess = natural.reduce((sum, each) => sum + each, 0) - room;
  if (excess <= 0) return natural;
  const elastic = columns.flatMap((column, index) => (column.isElastic ? [index] : []));
  const share = elastic.reduce((sum, index) => sum + (natural[index] ?? 0), 0) - excess;
  const widths = [...natural];
  for (const [position, index] of elastic.entries()) {
    widths[index] = Math.max(8, Math.floor(share / elastic.length) + (position < share % elastic.length ? 1 : 0));
  }
  return widths;
}

function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - width(text)));
}
