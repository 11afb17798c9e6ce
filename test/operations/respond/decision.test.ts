import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/errors.ts";
import type { AgentRequest, Question } from "../../../src/core/request.ts";
import { decisionOf, describeDecision, type GivenAnswer } from "../../../src/operations/agent/respond/decision.ts";
import { makeRequest } from "../../support/store-records.ts";

const question = (change: Partial<Question> = {}): Question => ({
  question: "Which colour?",
  header: "Colour",
  multiSelect: false,
  options: ["Red", "Blue", "Green"].map((label) => ({ label, description: null })),
  ...change,
});
const permission = makeRequest();
const plan = makeRequest({ kind: "plan", tool: "ExitPlanMode", canRemember: false });
const single = makeRequest({ kind: "question", questions: [question()], canRemember: false });
const several = makeRequest({ kind: "question", questions: [question(), question({ multiSelect: true })] });
const multi = makeRequest({ kind: "question", questions: [question({ multiSelect: true })] });
const dialog = makeRequest({ kind: "dialog", via: "keys", options: ["Yes, I trust it", "No, exit"] });

function decide(request: AgentRequest, given: Partial<GivenAnswer>) {
  return decisionOf({ allow: false, deny: false, choice: [], remember: false, ...given }, request);
}

describe("an answer to a request", () => {
  it.each<[string, AgentRequest, Partial<GivenAnswer>, unknown]>([
    ["allow", permission, { allow: true }, { kind: "allow", remember: false }],
    ["allow and remember", permission, { allow: true, remember: true }, { kind: "allow", remember: true }],
    ["deny", permission, { deny: true }, { kind: "deny", reason: null }],
    ["deny with a reason", permission, { deny: true, text: "too broad" }, { kind: "deny", reason: "too broad" }],
    ["a plan approved", plan, { allow: true }, { kind: "allow", remember: false }],
    ["a plan refused by feedback alone", plan, { text: "smaller" }, { kind: "deny", reason: "smaller" }],
    ["an option by its number", single, { choice: ["2"] }, choose([[1], null])],
    ["a number from a program", single, { choice: [3] }, choose([[2], null])],
    ["own words", single, { text: "Purple" }, choose([[], "Purple"])],
    ["a question declined", single, { deny: true }, { kind: "deny", reason: null }],
    ["several options", multi, { choice: ["3", "1", "1"] }, choose([[0, 2], null])],
    ["several options and own words", multi, { choice: ["1"], text: "Pink" }, choose([[0], "Pink"])],
    ["one answer per question", several, { choice: ["2:1,3", "1:2"] }, choose([[1], null], [[0, 2], null])],
    ["text for what has no choice", several, { choice: ["1:2"], text: "any" }, choose([[1], null], [[], "any"])],
    ["an option of a dialog", dialog, { choice: ["1"] }, choose([[0], null])],
    ["the affirming option of a dialog", dialog, { allow: true }, { kind: "allow", remember: false }],
  ])("%s", (_, request, given, expected) => {
    expect(decide(request, given)).toEqual(expected);
  });

  it.each<[string, AgentRequest, Partial<GivenAnswer>, string]>([
    ["nothing", permission, {}, "There is no answer"],
    ["two answers", permission, { allow: true, deny: true }, "one answer"],
    ["a choice beside a word", single, { deny: true, choice: ["1"] }, "one answer"],
    ["text alone for a permission", permission, { text: "hm" }, "A text alone"],
    ["a choice for a permission", permission, { choice: ["1"] }, "not chosen"],
    ["a reason for allowing", permission, { allow: true, text: "fine" }, "takes no text"],
    ["an empty text", single, { text: " \n" }, "empty"],
    ["remembering a refusal", permission, { deny: true, remember: true }, "Only an allowed"],
    ["remembering what cannot be", plan, { allow: true, remember: true }, "cannot remember"],
    ["allowing a question", single, { allow: true }, "answered, not allowed"],
    ["an option that is not there", single, { choice: ["4"] }, "has no option 4: 1 Red, 2 Blue, 3 Green"],
    ["option 0", single, { choice: ["0"] }, "has no option 0"],
    ["a word for a number", single, { choice: ["Blue"] }, "is no choice"],
    ["two options where one is taken", single, { choice: ["1", "2"] }, "takes one choice"],
    ["a choice without its question", several, { choice: ["1"] }, "write Q:N"],
    ["a question that is not there", several, { choice: ["3:1"] }, "no question 3"],
    ["a question left out", several, { choice: ["1:1"] }, "Question 2 has no answer"],
    ["text that no question is left for", single, { choice: ["1"], text: "x" }, "No question is left"],
    ["text for a dialog", dialog, { text: "x" }, "takes no text"],
    ["a reason for refusing a dialog", dialog, { deny: true, text: "x" }, "Nobody reads"],
    ["two options of a dialog", dialog, { choice: ["1", "2"] }, "takes one choice"],
  ])("%s is refused, and the ways to answer are named", (_, request, given, problem) => {
    const error = errorOf(() => decide(request, given));
    expect(error.code).toBe("REQUEST_ANSWER_INVALID");
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(problem);
    expect(error.hint).toMatch(/^Answer with --/);
  });

  it("is told in one line, with the words that were chosen", () => {
    const given = decide(several, { choice: ["1:2"], text: "any" });
    expect(describeDecision(given, several)).toBe("Blue; any");
    expect(describeDecision(decide(dialog, { choice: ["2"] }), dialog)).toBe("No, exit");
    expect(describeDecision({ kind: "deny", reason: "too broad" }, permission)).toBe("deny: too broad");
  });
});

function choose(...answers: [number[], string | null][]) {
  return { kind: "choose", answers: answers.map(([choices, text]) => ({ choices, text })) };
}

function errorOf(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}
