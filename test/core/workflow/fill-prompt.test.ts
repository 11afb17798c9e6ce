import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillInputs, fillPrompt } from "../../../src/core/workflow/fill-prompt.ts";
import { parsePlaceholders } from "../../../src/core/workflow/placeholders.ts";

describe("a prompt", () => {
  it("R1-03: holds what its placeholders stand for", () => {
    const text =
      "{{inputs.a}} {{ inputs.list }} {{item}}: {{steps.x.result}} / {{steps.y.result}} / {{steps.y.state}} {{'{{'}}";
    const filled = fillPrompt(text, {
      inputs: { a: "A", list: ["1", "2"] },
      item: "I",
      results: { x: { state: "done", result: "R" }, y: { state: "skipped", result: null } },
    });
    expect(filled).toBe("A 1, 2 I: R / (no result: skipped) / skipped {{");
  });

  it("keeps what it does not know, also what objects of JavaScript always have", () => {
    const text = "{{inputs.constructor}} {{steps.toString.result}} {{steps.x.result}} {{nothing}}";
    expect(fillPrompt(text, { inputs: {}, results: {} })).toBe(text);
  });

  it("is filled in two goes as in one, and nothing that somebody wrote is taken for a placeholder", () => {
    const hostile = fc
      .array(
        fc.constantFrom("{", "}", "{{", "}}", "'", "{{item}}", "{{steps.x.result}}", "{{'{{'}}", "inputs.a", "a\n"),
        { maxLength: 8 },
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(hostile, hostile, hostile, fc.constantFrom(" ", "-", "\n"), (input, item, result, between) => {
        const template = ["{{inputs.a}}", "{{item}}", "{{steps.x.result}}", "{{inputs.a}}", "{{'{{'}}inputs.a}}"].join(
          between,
        );
        const early = fillInputs(parsePlaceholders(template), { a: input }, item);
        const filled = fillPrompt(early, { inputs: { a: "later" }, results: { x: { state: "done", result } } });
        expect(filled).toBe([input, item, result, input, "{{inputs.a}}"].join(between));
      }),
    );
  });
});
