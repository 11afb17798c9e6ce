import { describe, expect, it } from "vitest";
import { nearNames } from "../../src/core/near-names.ts";

describe("near names", () => {
  it.each([
    ["ap", ["api", "web"], ["api"]],
    ["API", ["api"], ["api"]],
    ["wbe", ["web", "api"], ["web"]],
    ["back", ["backend", "frontend"], ["backend"]],
    ["zebra", ["api", "web"], []],
    ["99", ["a", "b1"], []],
    ["", ["api"], []],
  ])("finds for %j among %j: %j", (wanted, names, expected) => {
    expect(nearNames(wanted, names)).toEqual(expected);
  });

  it("names each at most once, three at most", () => {
    expect(nearNames("a1", ["a1", "a1", "a2", "a3", "a4"])).toHaveLength(3);
  });
});
