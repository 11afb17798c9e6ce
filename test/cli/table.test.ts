import { describe, expect, it } from "vitest";
import { printable } from "../../src/cli/output.ts";
import { formatTable } from "../../src/cli/render/table.ts";
import { width } from "../../src/core/text-width.ts";
import { plainOutput } from "../support/plain-output.ts";

const columns = [
  { title: "name", value: (row: { name: string }) => row.name },
  { title: "because", value: (row: { because: string }) => row.because, isElastic: true },
];

describe("tables", () => {
  it("fit an 80-column terminal and cut only the elastic column", () => {
    const table = formatTable(
      [{ name: "api", because: "x".repeat(200) }],
      columns as never,
      plainOutput({ columns: 80 }),
    );
    for (const line of table.split("\n")) expect(width(line)).toBeLessThanOrEqual(80);
    expect(table).toContain("api");
    expect(table).toContain("…");
  });

  it("cut nothing where output is no terminal", () => {
    const wide = { ...plainOutput({ columns: 80 }), isTerminal: false };
    expect(formatTable([{ name: "api", because: "x".repeat(200) }], columns as never, wide)).toContain("x".repeat(200));
  });

  it.each([
    ["abc", 3],
    ["漢字", 4],
    ["e\u0301", 1],
    ["🚀", 2],
    ["", 0],
  ])("count %j as %d columns", (text, expected) => {
    expect(width(text)).toBe(expected);
  });

  it("show control characters instead of obeying them", () => {
    expect(printable("a\u001b[31mred\u0007\u009b")).toBe("a␛[31mred␇\uFFFD");
    expect(printable("line\r\nnext\tcolumn")).toBe("line\nnext\tcolumn");
  });
});
