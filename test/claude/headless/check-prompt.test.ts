import { describe, expect, it } from "vitest";
import { checkPrompt } from "../../../src/claude/headless/check-prompt.ts";
import { lineSteps, userLine } from "../../../src/claude/headless/control-lines.ts";
import { codeOf } from "../../support/code-of.ts";
import { hostilePrompts } from "../../support/hostile-prompts.ts";

const check = (text: string, isExact = false) => checkPrompt(text, { isExact });

const refusal = async (text: string, isExact = false) => check(text, isExact);

describe("a prompt for a headless agent", () => {
  it("B13: is taken as it is, whatever is in it, and fits into one line", () => {
    const texts = hostilePrompts().map(({ text }) => text);
    const taken = texts.filter(
      (text) => text.trim() !== "" && !/^\/[^\s/]+(\s|$)/.test(text) && !text.includes("\ud83d pair"),
    );
    expect(taken.length).toBeGreaterThan(200);

    for (const text of taken) {
      expect(check(text, true)).toEqual({ expected: text, normalised: [], via: "stream" });
      const { fill, submit } = lineSteps(userLine(text));
      const [step] = fill;
      const line = step?.kind === "text" ? step.text : "";
      expect(line).not.toMatch(/[\r\n]/);
      expect(JSON.parse(line).message.content[0].text).toBe(text);
      expect(submit).toEqual([{ kind: "keys", keys: ["Enter"] }]);
    }
  });

  it("is refused when it is empty or would run as a command", async () => {
    for (const text of ["", " ", "\n\t"]) expect(await codeOf(refusal(text))).toBe("TEXT_EMPTY");
    for (const text of ["/clear", "/help me", "/nope", "/mcp\nnow"]) {
      expect(await codeOf(refusal(text))).toBe("TEXT_NOT_DELIVERABLE");
    }
    for (const text of ["/", "/ x", "/usr/bin/env is a path", " /clear x", "exit", ":q"]) {
      expect(check(text).expected).toBe(text);
    }
  });

  it("loses nothing but halves of surrogate pairs, and not even those where it must be exact", async () => {
    expect(check("half \ud83d pair")).toMatchObject({
      expected: "half \ufffd pair",
      normalised: ["halves of surrogate pairs became replacement characters"],
    });
    expect(await codeOf(refusal("half \ud83d pair", true))).toBe("TEXT_NOT_DELIVERABLE");
  });
});
