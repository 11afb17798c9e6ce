import { describe, expect, it } from "vitest";
import { fitFrame } from "../../../src/cli/live/frame.ts";
import { width } from "../../../src/core/text-width.ts";

describe("R3-42: a live view's frame", () => {
  it("cuts lines at the terminal's width and leaves colours whole", () => {
    const frame = fitFrame(`\u001b[33m${"x".repeat(100)}\u001b[39m end`, { rows: 24, columns: 80 });
    expect(frame.startsWith("\u001b[33m")).toBe(true);
    expect(frame.endsWith("\u001b[39m")).toBe(true);
    expect(width(frame.replaceAll(/\u001b\[\d+m/g, ""))).toBe(80);
  });

  it("leaves a line that fits as it is", () => {
    expect(fitFrame("\u001b[1mapi\u001b[22m idle", { rows: 24, columns: 80 })).toBe("\u001b[1mapi\u001b[22m idle");
  });

  it("counts wide characters as two columns", () => {
    const frame = fitFrame("漢".repeat(60), { rows: 24, columns: 80 });
    expect(width(frame)).toBeLessThanOrEqual(80);
    expect(fitFrame(`${"漢".repeat(30)}\u001b[1m${"字".repeat(30)}\u001b[22m`, { rows: 24, columns: 80 })).toMatch(/…/);
  });

  it("counts wide characters in front of a colour, and tabs, too", () => {
    const coloured = fitFrame(`${"漢".repeat(30)}\u001b[1m${"x".repeat(60)}\u001b[22m`, { rows: 24, columns: 80 });
    expect(width(coloured.replaceAll(/\u001b\[\d+m/g, ""))).toBe(80);
    expect(fitFrame("a\tb", { rows: 24, columns: 80 })).toBe("a    b");
  });

  it("cuts the line that counts the others, too", () => {
    const lines = fitFrame("x\n".repeat(30), { rows: 6, columns: 20 }).split("\n");
    for (const line of lines) expect(width(line)).toBeLessThanOrEqual(20);
    expect(lines.at(-1)).toMatch(/^… 2\d more lines/);
  });

  it("says how many lines do not fit", () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`).join("\n");
    const frame = fitFrame(lines, { rows: 11, columns: 80 }).split("\n");
    expect(frame).toHaveLength(10);
    expect(frame.at(-2)).toBe("line 9");
    expect(frame.at(-1)).toMatch(/^… 21 more lines/);
  });
});
