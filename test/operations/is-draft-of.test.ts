import { describe, expect, it } from "vitest";
import { isDraftOf } from "../../src/operations/agent/delivery/is-draft-of.ts";

const LONG = Array.from({ length: 300 }, (_, line) => `${line}. a line of a long text`).join("\n");

describe("isDraftOf", () => {
  it("knows a text that the screen has broken into lines", () => {
    expect(isDraftOf("one sentence that is\nbroken in two", "one sentence that is broken in two")).toBe(true);
  });

  it("knows a long text by the part that a box shows, and by its two ends around what is left out", () => {
    const part = LONG.split("\n").slice(200, 240).join("\n");
    const ends = `${LONG.slice(0, 400)}[...Truncated text #1 +280 lines...]${LONG.slice(-400)}`;

    expect([part, ends].map((draft) => isDraftOf(draft, LONG))).toEqual([true, true]);
  });

  it("takes nothing for ours that a person has written or changed", () => {
    const drafts = ["list", "list the files, no: the folders", "List the", "", "  ", "?"];

    expect(drafts.filter((draft) => isDraftOf(draft, "list the files"))).toEqual([]);
  });

  it("tells texts of signs alone apart", () => {
    expect(isDraftOf("??", "??")).toBe(true);
    expect(isDraftOf("??", "!!")).toBe(false);
    expect(isDraftOf("?", "list the files")).toBe(false);
  });
});
