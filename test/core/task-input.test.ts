import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandLine } from "../../src/core/command-words.ts";
import { AppError } from "../../src/core/errors.ts";
import { parseCheck } from "../../src/core/task-check.ts";
import { parsePriority, priorityName } from "../../src/core/task-priority.ts";

describe("the words of a check", () => {
  it.each([
    ["npm test", ["npm", "test"]],
    ["  npm   run\ttest  ", ["npm", "run", "test"]],
    [`sh -c 'npm ci && npm test'`, ["sh", "-c", "npm ci && npm test"]],
    [`grep -q "a b" 'c d'`, ["grep", "-q", "a b", "c d"]],
    [`a"b c"d`, ["ab cd"]],
    [`echo "" x`, ["echo", "", "x"]],
    [`printf a\\ b`, ["printf", "a b"]],
    [`echo "say \\"hi\\"" 'a\\b'`, ["echo", `say "hi"`, "a\\b"]],
  ])("%s", (line, words) => {
    expect(parseCheck(line)).toEqual(words);
  });

  it("expands nothing: no variable, no glob, no substitution, no second command", () => {
    expect(parseCheck("echo $HOME *.ts `id` $(id) ; rm -rf x | cat > y &")).toEqual(
      "echo $HOME *.ts `id` $(id) ; rm -rf x | cat > y &".split(" "),
    );
  });

  it.each([
    [`npm 'test`, /quote ' at character 5 is not closed/, 5],
    [`sh -c "a 'b'`, /quote " at character 7 is not closed/, 7],
    ["", /names no program/, 1],
    ["   ", /names no program/, 1],
    [`"" x`, /names no program/, 1],
  ])("refuses %j, and says where", (line, says, position) => {
    const error = (() => {
      try {
        return parseCheck(line);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      code: "TASK_CHECK_INVALID",
      message: expect.stringMatching(says),
      details: { position },
    });
  });

  const words = fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }).filter(([first]) => first !== "");

  it("finds any words again that were quoted one by one", () => {
    fc.assert(
      fc.property(words, (given) => {
        const line = given.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(" ");
        expect(parseCheck(line)).toEqual(given);
      }),
    );
  });

  it("are shown as a line that is read as the same words", () => {
    expect(commandLine(["sh", "-c", "npm ci && npm test", ""])).toBe("sh -c 'npm ci && npm test' ''");
    fc.assert(
      fc.property(words, (given) => {
        expect(parseCheck(commandLine(given))).toEqual(given);
      }),
    );
  });
});

describe("priorities (⊕A12)", () => {
  it.each([
    ["low", 3],
    ["Normal", 5],
    ["high", 7],
    ["urgent", 9],
    ["1", 1],
    ["10", 10],
  ])("%s is %i", (text, number) => {
    expect(parsePriority(text)).toBe(number);
  });

  it.each(["0", "11", "5.5", "-1", "", "soon", "constructor"])("%j is none", (text) => {
    expect(parsePriority(text)).toBeUndefined();
  });

  it("are shown by their names where they have one", () => {
    expect([7, 8].map(priorityName)).toEqual(["high", "8"]);
  });
});
