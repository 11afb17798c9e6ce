import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { complaints, readText, template } from "./support.ts";

const SOUND = `name: release
aliases: [ship]
title: Release
description: >-
  Test it,
  then ship it.
inputs:
  - name: version
    description: Which
  - name: places
    type: list
    default: [eu, us]
steps:
  - id: test
    role: tester
    prompt: Test {{inputs.version}}.
    check: npm run "all tests"
    retries: 2
    timeout: 1h30m
    worktree: true
    onFailure: fix
  - id: ship
    title: "Ship to {{item}}"
    needs: test
    parallel: inputs.places
    conversation: kept
    when: inputs.version != "0.0.0"
    prompt: |
      Ship to {{ item }}.
      They said: {{steps.test.result}} ({{steps.test.state}})
`;

describe("R3-25: a workflow's file", () => {
  it("holds inputs and steps with role, prompt, needs, check, fan-out, condition, retries, timeout and worktree", () => {
    const read = template(SOUND);

    expect(read).toMatchObject({
      name: "release",
      aliases: ["ship"],
      title: "Release",
      description: "Test it, then ship it.",
    });
    expect(read.inputs).toEqual([
      { name: "version", description: "Which", type: "text", required: true, default: null },
      { name: "places", description: "", type: "list", required: false, default: ["eu", "us"] },
    ]);
    expect(read.steps[0]).toMatchObject({
      ...{ id: "test", role: "tester", needs: [], retries: 2, timeout: "1h30m", worktree: true, onFailure: "fix" },
      ...{ parallel: null, when: null, conversation: null },
    });
    expect(read.steps[0]?.check?.map(({ source }) => source)).toEqual(["npm", "run", "all tests"]);
    expect(read.steps[1]).toMatchObject({ needs: ["test"], parallel: { input: "places" }, check: null, role: null });
    expect(read.steps[1]?.conversation).toBe("kept");
    expect(read.steps[1]?.when?.text).toBe('inputs.version != "0.0.0"');
  });

  it.each([
    ["a text instead of a list of keys", "just a text", ["1:1 a workflow is a list of keys with values"]],
    ["no steps", "name: x\n", ["1:1 a workflow has steps"]],
    ["empty steps", "name: x\nsteps: []\n", ["2:8 a workflow has at least one step"]],
    ["an unknown key", "nmae: x\nsteps: [{id: a, prompt: p}]", ['1:1 a workflow has no key "nmae"']],
    ["an unknown key of a step", "steps:\n  - id: a\n    promt: p\n    prompt: p", ['3:5 a step has no key "promt"']],
    ["a key twice", "steps:\n  - id: a\n    prompt: p\n    prompt: q", ["4:5 this key is there twice"]],
    [
      "an id twice",
      "steps:\n  - {id: a, prompt: p}\n  - {id: a, prompt: p}",
      ['3:10 "a" is the id of an earlier one, too'],
    ],
    ["an id with blanks", "steps:\n  - {id: a b, prompt: p}", ['2:10 "a b" cannot be the id of a step']],
    ["no prompt", "steps:\n  - id: a", ["2:5 a step has a prompt"]],
    ["an unknown need", "steps:\n  - {id: a, prompt: p, needs: [b]}", ['2:32 there is no step "b"']],
    ["an unknown role", "steps:\n  - {id: a, prompt: p, role: revewer}", ['2:30 there is no role "revewer"']],
    ["a bad duration", "steps:\n  - {id: a, prompt: p, timeout: soon}", ['2:33 "soon" is no duration']],
    ["no time at all", "steps:\n  - {id: a, prompt: p, timeout: 0s}", ['2:33 "0s" is no duration']],
    ["bad retries", "steps:\n  - {id: a, prompt: p, retries: -1}", ["2:33 retries is a whole number from 0 to 10"]],
    [
      "a place of its own for an agent that stays where it is",
      "steps:\n  - {id: a, prompt: p, worktree: true, conversation: kept}",
      ["2:54 an agent that keeps its conversation stays in its folder: there is no worktree"],
    ],
    ["a bad word", "steps:\n  - {id: a, prompt: p, onFailure: fx}", ["2:35 onFailure is one of none, fix"]],
    ["an open quote", "steps:\n  - {id: a, prompt: p, check: it's}", ["2:31 a quote of the check is not closed"]],
    [
      "an empty fan-out",
      "steps:\n  - {id: a, prompt: p, parallel: []}",
      ["2:34 there is nothing to be done in parallel"],
    ],
    [
      "a fan-out over results",
      "steps:\n  - {id: b, prompt: p}\n  - {id: a, prompt: p, needs: b, parallel: steps.b.result}",
      ["3:44 parallel is a list of texts, or a list input"],
    ],
    [
      "a fan-out over a text",
      "inputs: [{name: x}]\nsteps:\n  - {id: a, prompt: p, parallel: inputs.x}",
      ["3:34 the input x is no list"],
    ],
    [
      "an item where there is none",
      "steps:\n  - {id: a, prompt: 'x {{item}}'}",
      ["2:24 {{item}} is known only in a step with parallel"],
    ],
    [
      "an unknown input",
      "steps:\n  - id: a\n    prompt: |\n      Do\n      it {{inputs.x}}",
      ['5:10 there is no input "x"'],
    ],
    ["an unknown placeholder", "steps:\n  - id: a\n    prompt: x {{what}} y", ["3:15 {{what}} stands for nothing"]],
    ["a placeholder without quotes", "steps:\n  - id: a\n    prompt: {{inputs.x}}", ["3:13 prompt is a text"]],
    [
      "a result that is not waited for",
      "steps:\n  - {id: b, prompt: p}\n  - id: a\n    prompt: x {{steps.b.result}}",
      ["4:15 a does not wait for b"],
    ],
    [
      "a condition on what is not waited for",
      "steps:\n  - {id: b, prompt: p}\n  - id: a\n    prompt: p\n    when: not (steps.b.state == 'done')",
      ["5:16 a does not wait for b"],
    ],
    [
      "a condition on a state that is none",
      "steps:\n  - {id: b, prompt: p}\n  - id: a\n    needs: b\n    prompt: p\n    when: steps.b.state == 'good'",
      ['6:29 no step ends as "good"'],
    ],
    [
      "a condition that is no condition",
      "steps:\n  - id: a\n    prompt: p\n    when: 1 + 1",
      ["4:13 when: + is not understood here"],
    ],
    [
      "a required input with a default",
      "inputs: [{name: x, default: y, required: true}]\nsteps: [{id: a, prompt: p}]",
      ["1:42 an input with a default is not required"],
    ],
    ["YAML that is none", "steps:\n  - id: a\n   prompt: [", [expect.stringMatching(/^[23]:\d+ /), expect.anything()]],
    ["two documents", "name: a\n---\nname: b\n", [expect.stringContaining("more than one document")]],
    ["nothing", "", [expect.stringMatching(/^1:1 /)]],
  ])("names line and column of %s", (_, text, expected) => {
    const found = complaints(text);
    if (expected.length > 1) expect(found.length).toBeGreaterThan(0);
    else expect(found).toEqual(expected);
  });

  it("names a circle of needs by its steps, and nothing that only follows from it", () => {
    const text = `steps:
  - {id: a, prompt: "{{steps.c.result}}", needs: c}
  - {id: b, prompt: p, needs: a}
  - {id: c, prompt: p, needs: b}
`;
    expect(complaints(text)).toEqual([
      expect.stringMatching(/^\d:\d+ these steps wait for each other: (\w) → \w → \w → \1$/),
    ]);
  });

  it("tells every mistake at once, in the order of the file, each with a hint where there is one", () => {
    const { problems } = readText(`titel: x
steps:
  - id: a
    role: testr
    needs: [bb]
    timeout: 5 minutes
    prompt: "{{inputs.y}}"
  - id: b
    prompt: p
`);
    expect(problems.map(({ line, hint }) => [line, hint])).toEqual([
      [1, "Did you mean title?"],
      [4, "Did you mean tester?"],
      [5, "Did you mean b?"],
      [6, "Write 90s, 10m or 1h30m."],
      [7, null],
    ]);
  });

  it("knows why a placeholder is no text where its quotes are missing", () => {
    const [problem] = readText("steps:\n  - id: a\n    prompt: {{inputs.x}}").problems;
    expect(problem?.hint).toBe('Put it into quotes: prompt: "{{…}}"');
  });

  it("finds the second of two equal placeholders, also in folded and quoted text", () => {
    const text = `inputs: [{name: x}]
steps:
  - id: a
    prompt: >-
      {{inputs.x}} and
      {{inputs.z}} and then
      {{inputs.z}}
  - id: b
    prompt: "a \\"{{inputs.q}}\\""
`;
    expect(complaints(text)).toEqual([
      '6:7 there is no input "z"',
      '7:7 there is no input "z"',
      '9:18 there is no input "q"',
    ]);
  });

  it("never throws, whatever stands in it, and says what is wrong or holds a template", () => {
    const scalar = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        "{{item}}",
        "{{steps.a.result}}",
        "{{inputs.x}}",
        "inputs.x",
        "a",
        "b",
        "1h",
        "constructor",
        "__proto__",
      ),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const value = fc.oneof(
      { weight: 4, arbitrary: scalar },
      { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
      fc.dictionary(fc.string(), scalar, { maxKeys: 2 }),
    );
    const record = (keys: string[]) =>
      fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] });
    const steps = fc.array(
      fc.oneof(
        record([
          "id",
          "title",
          "role",
          "prompt",
          "needs",
          "check",
          "parallel",
          "when",
          "retries",
          "timeout",
          "worktree",
          "conversation",
          "onFailure",
        ]),
        value,
      ),
      { maxLength: 4 },
    );
    const inputs = fc.array(fc.oneof(record(["name", "description", "type", "required", "default"]), value), {
      maxLength: 3,
    });
    const whole = fc.record(
      { name: value, aliases: value, inputs: fc.oneof(inputs, value), steps: fc.oneof(steps, value) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          whole.map((tree) => JSON.stringify(tree)),
          fc.string({ maxLength: 60 }),
        ),
        (text) => {
          const { template: read, problems } = readText(text);
          expect(read === undefined).toBe(problems.length > 0);
          for (const { line, column, message } of problems) {
            expect(line).toBeGreaterThan(0);
            expect(column).toBeGreaterThan(0);
            expect(message).not.toBe("");
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
