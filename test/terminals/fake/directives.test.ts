import { describe, expect, it } from "vitest";
import { parseScript } from "../../../src/terminals/fake/directives.ts";

describe("the directives of a fake agent's prompt", () => {
  it("echoes a prompt without directives", () => {
    expect(parseScript("hello [[nobody knows this]]").steps).toEqual([
      { kind: "text", text: "echo: hello [[nobody knows this]]" },
    ]);
  });

  it("plays directives in order", () => {
    const { steps } = parseScript('[[sleep 2s]][[tool Bash {"command":"echo ]]"}]][[reply done it]]');

    expect(steps).toEqual([
      { kind: "sleep", ms: 2000 },
      { kind: "tool", name: "Bash", input: { command: "echo ]]" }, asks: false },
      { kind: "text", text: "done it" },
    ]);
  });

  it("echoes the text around directives when they end without a word", () => {
    expect(parseScript("wait [[sleep 5ms]] for it").steps.at(-1)).toEqual({ kind: "text", text: "echo: wait  for it" });
    expect(parseScript("[[permission Write {}]]").steps).toEqual([
      { kind: "tool", name: "Write", input: {}, asks: true },
      { kind: "text", text: "done" },
    ]);
  });

  it.each([
    ["[[error 429 retry-after 30]]", { kind: "error", status: 429, retryAfter: 30 }],
    ["[[error 500]]", { kind: "error", status: 500 }],
    ["[[exit 3]]", { kind: "exit", code: 3 }],
    ["[[crash]]", { kind: "crash" }],
    ["[[drop]]", { kind: "drop" }],
    ["[[stream 20 x 100ms]]", { kind: "stream", count: 20, everyMs: 100 }],
    ["[[think hard]][[reply x]]", { kind: "thinking", text: "hard" }],
  ])("understands %s", (prompt, step) => {
    expect(parseScript(prompt).steps[0]).toEqual(step);
  });

  it.each([
    "[[error 200]]",
    "[[exit 256]]",
    "[[sleep long]]",
    "[[crash now]]",
    "[[tool Bash {broken]]",
    "[[reply never ends",
  ])("takes %s for text", (prompt) => {
    expect(parseScript(prompt).steps).toEqual([{ kind: "text", text: `echo: ${prompt}` }]);
  });

  it("asks questions in short form and in the tool's own form", () => {
    const own = { questions: [{ question: "Q?", header: "H", options: [{ label: "A" }], multiSelect: false }] };

    expect(parseScript("[[question Which? | Red | Blue]]").steps[0]).toMatchObject({
      kind: "question",
      input: { questions: [{ question: "Which?", options: [{ label: "Red" }, { label: "Blue" }] }] },
    });
    expect(parseScript(`[[question ${JSON.stringify(own)}]]`).steps[0]).toEqual({ kind: "question", input: own });
  });

  it("knows what happens at Enter", () => {
    expect(parseScript("[[swallow-enter]] hi")).toMatchObject({ swallowsEnter: true, isLost: false });
    expect(parseScript("[[lose]] hi")).toMatchObject({ swallowsEnter: false, isLost: true });
  });
});
