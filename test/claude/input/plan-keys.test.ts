import { describe, expect, it } from "vitest";
import { planClear, planInterrupt } from "../../../src/claude/input/plan-keys.ts";

describe("keys without a text", () => {
  it("presses nothing to clear a box that is empty or not there: Ctrl-C would be the first half of an exit", () => {
    expect(planClear("")).toBeUndefined();
    expect(planClear(undefined)).toBeUndefined();
  });

  it("clears a draft of any length with one Ctrl-C only, because a second one ends Claude Code", () => {
    for (const draft of ["a", "several\nlines\nof text"]) {
      expect(planClear(draft)?.filter(({ kind }) => kind === "keys")).toEqual([{ kind: "keys", keys: ["C-c"] }]);
    }
  });

  it("stops a turn with one Escape, and lets it stand alone long enough not to be read as Alt", () => {
    const [key, pause, ...rest] = planInterrupt();
    expect(key).toEqual({ kind: "keys", keys: ["Escape"] });
    expect(pause?.kind === "pause" && pause.ms >= 100).toBe(true);
    expect(rest).toEqual([]);
  });
});
