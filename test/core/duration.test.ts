import { describe, expect, it } from "vitest";
import { formatAge, parseDuration } from "../../src/core/duration.ts";

describe("durations", () => {
  it.each([
    ["90s", 90_000],
    ["10m", 600_000],
    ["1h30m", 5_400_000],
    ["500ms", 500],
    ["1.5s", 1_500],
    ["2d", 172_800_000],
    ["0s", 0],
    ["30", 30_000],
    [" 5s ", 5_000],
  ])("reads %j as %d ms", (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(["", " ", "soon", "5x", "-1s", "1s2h", "1e3s", "s"])("does not read %j", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it.each([
    [0, "0 s"],
    [59_400, "59 s"],
    [60_000, "1 min"],
    [7_500_000, "2 h 5 min"],
    [7_200_000, "2 h"],
    [260_000_000, "3 d"],
    [-5, "0 s"],
  ])("says %d ms as %j", (ms, expected) => {
    expect(formatAge(ms)).toBe(expected);
  });
});
