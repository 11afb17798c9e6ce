import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holds, isConditionProblem, parseCondition } from "../../../src/core/workflow/condition.ts";
import type { Reference } from "../../../src/core/workflow/placeholders.ts";

const VALUES: Record<string, string> = {
  "input mode": "quick",
  "input none": "",
  "input no": "No",
  "state a": "failed",
  "result a": "VERDICT: GOOD",
};
const lookup = (reference: Reference) => {
  if (reference.kind === "item") return "";
  return VALUES[`${reference.kind} ${reference.kind === "input" ? reference.name : reference.step}`] ?? "";
};

function ask(text: string): boolean {
  const parsed = parseCondition(text);
  if (isConditionProblem(parsed)) throw new Error(`${parsed.at}: ${parsed.problem}`);
  return holds(parsed, lookup);
}

describe("a condition", () => {
  it.each([
    ['inputs.mode == "quick"', true],
    ["inputs.mode != 'quick'", false],
    ["inputs.mode", true],
    ["inputs.none", false],
    ["inputs.no", false],
    ["not inputs.none", true],
    ['steps.a.state == "failed" and steps.a.result contains "GOOD"', true],
    ["true and false or true", true],
    ["true and (false or false)", false],
    ["! false && (inputs.none || true)", true],
    ['not steps.a.result contains "BAD"', true],
    ["'and' == \"and\"", true],
    ["(inputs.mode == 'quick') == true", true],
  ])("%s is %s", (text, expected) => expect(ask(text)).toBe(expected));

  it.each([
    ["", 0, /missing/],
    ["inputs.mode ==", 14, /missing/],
    ["inputs.mode = 'x'", 12, /not understood/],
    ["process.exit", 0, /not known: write inputs/],
    ["inputs.mode inputs.none", 12, /too much/],
    ["(true", 0, /not closed/],
    ["'open", 0, /no end/],
    ["item", 0, /not known/],
    ["steps.a", 0, /not known/],
    ["and", 0, /cannot stand here/],
    ["(".repeat(40), 32, /too deeply/],
  ])("%s is refused at its character %i", (text, at, problem) => {
    expect(parseCondition(text)).toEqual({ at, problem: expect.stringMatching(problem) });
  });

  it("is read or refused, whatever stands in it; a place is always within it", () => {
    const piece = fc.constantFrom(
      "(",
      ")",
      "and",
      "or",
      "not",
      "==",
      "!=",
      "contains",
      "'x'",
      '"',
      "inputs.mode",
      "steps.a.state",
      "true",
      "!",
      "&",
      "x",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(" ")),
          fc.string(),
        ),
        (text) => {
          const parsed = parseCondition(text);
          if (isConditionProblem(parsed)) expect(parsed.at).toBeLessThanOrEqual(text.length);
          else expect(typeof holds(parsed, lookup)).toBe("boolean");
        },
      ),
    );
  });
});
