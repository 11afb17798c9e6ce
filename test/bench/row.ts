/** One thing that was measured, beside its baseline of the same run. Medians, in `unit`. */
export interface Row {
  what: string;
  ours: number;
  baseline: { name: string; value: number };
  unit: "ms" | "MB";
  aim?: { kind: "above baseline" | "times baseline" | "at most"; limit: number };
}

export function ratio({ ours, baseline }: Row): number {
  return ours / baseline.value;
}

/** Undefined when there is no aim. */
export function isMet(row: Row): boolean | undefined {
  if (row.aim === undefined) return undefined;
  return measured(row, row.aim.kind) <= row.aim.limit;
}

/** Two lines of at most 80 columns. */
export function formatRow(row: Row): string {
  const { what, ours, baseline, unit, aim } = row;
  const verdict = aim === undefined ? "" : `${aimText(row)}  ${isMet(row) ? "met" : "MISSED"}`;
  return (
    `  ${what.padEnd(38)}${amount(ours, unit)}${`${number(ratio(row))}×`.padStart(8)}  ${verdict}`.trimEnd() +
    `\n    ${baseline.name.padEnd(36)}${amount(baseline.value, unit)}\n`
  );
}

function aimText({ aim, unit }: Row): string {
  if (aim === undefined) return "";
  if (aim.kind === "times baseline") return `≤ ${aim.limit}×`.padEnd(12);
  return `≤ ${aim.kind === "above baseline" ? "+" : ""}${aim.limit} ${unit}`.padEnd(12);
}

function measured(row: Row, kind: NonNullable<Row["aim"]>["kind"]): number {
  if (kind === "at most") return row.ours;
  return kind === "times baseline" ? ratio(row) : row.ours - row.baseline.value;
}

function amount(value: number, unit: string): string {
  return `${number(value).padStart(8)} ${unit}`;
}

function number(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
