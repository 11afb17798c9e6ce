export interface Row {
  scenario: string;
  version: string;
  backend: string;
  expected: string;
  reported: string;
  /** From the event, as an independent witness saw it, to our report; null where there is no moment to measure from. */
  ms: number | null;
  /** Why this cannot happen on this backend; nothing was tried then. */
  whyNot?: string;
}

const AIM_MS = 250;
/** A generous bound: the machine may be busy. What the product aims at stands in the table. */
export const LATEST_MS = 2_000;

/** The table and its summary, for people. */
export function matrixTable(rows: readonly Row[]): string {
  const header = ["scenario", "version", "backend", "expected", "reported", "ms"];
  const body = rows.map(({ scenario, version, backend, expected, reported, ms, whyNot }) => {
    if (whyNot !== undefined) return [scenario, version, backend, "-", `- ${whyNot}`, ""];
    const time = ms === null ? "" : `${ms}${ms > AIM_MS ? " !" : ""}`;
    return [scenario, version, backend, expected, reported, time];
  });
  const widths = header.map((title, column) =>
    Math.max(title.length, ...body.map((cells) => cells[column]?.length ?? 0)),
  );
  const lines = [header, ...body].map((cells) =>
    cells
      .map((cell, n) => cell.padEnd(widths[n] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const times = rows.flatMap(({ ms }) => ms ?? []).sort((a, b) => a - b);
  const tried = rows.filter(({ whyNot }) => whyNot === undefined);
  const right = tried.filter(({ expected, reported }) => expected === reported).length;
  const met = times.filter((ms) => ms <= AIM_MS).length;
  const median = times[Math.floor(times.length / 2)] ?? 0;
  return [
    ...lines,
    "",
    `${right} of ${tried.length} right; median ${median} ms, worst ${times.at(-1) ?? 0} ms; ` +
      `${met} of ${times.length} within the aim of ${AIM_MS} ms`,
  ].join("\n");
}
