import { describe, expect, it } from "vitest";
import { parseDirectives, scriptSegment } from "../../../src/claude/scripted-model/directives.ts";

describe("directives of the scripted model", () => {
  it("echoes a prompt without directives to the letter", () => {
    expect(parseDirectives(" a\n[[b]] ")).toEqual([{ kind: "text", text: "echo:  a\n[[b]] " }]);
  });

  it("echoes a very long prompt by its beginning and length", () => {
    const [step] = parseDirectives("x".repeat(1_000_000));
    expect(step).toEqual({ kind: "text", text: `echo: ${"x".repeat(2000)}… (1000000 characters)` });
  });

  it("plays directives in their order and says only what they say", () => {
    expect(parseDirectives("please [[sleep 500ms]] [[stream 20 x 100ms]] and [[reply two words]]")).toEqual([
      { kind: "sleep", ms: 500 },
      { kind: "stream", count: 20, everyMs: 100 },
      { kind: "text", text: "two words" },
    ]);
  });

  it("echoes the text around the directives when they say nothing themselves", () => {
    expect(parseDirectives("[[sleep 2s]] hello").at(-1)).toEqual({ kind: "text", text: "echo: hello" });
    expect(parseDirectives("[[sleep 2s]]").at(-1)).toEqual({ kind: "text", text: "done" });
  });

  it("finds the end of a tool's input as the end of its JSON", () => {
    const prompt = '[[tool Agent {"prompt": "[[reply \\"}]]\\"]]", "list": [[1]]}]] [[reply after]]';
    expect(parseDirectives(prompt)).toEqual([
      { kind: "tool", name: "Agent", input: { prompt: '[[reply "}]]"]]', list: [[1]] } },
      { kind: "text", text: "after" },
    ]);
  });

  it("reads errors with their optional parts", () => {
    expect(parseDirectives("[[error 500]]")).toEqual([{ kind: "error", status: 500 }]);
    expect(parseDirectives("[[error 429 retry-after 30 x 2]]")).toEqual([
      { kind: "error", status: 429, retryAfter: 30, times: 2 },
      { kind: "text", text: "done" },
    ]);
  });

  it("takes malformed directives for ordinary text", () => {
    for (const text of [
      "[[sleep soon]]",
      "[[error 200]]",
      "[[tool Bash {nope}]]",
      "[[tool Bash {]]",
      "[[reply",
      "[[drop it]]",
    ]) {
      expect(parseDirectives(text)).toEqual([{ kind: "text", text: `echo: ${text}` }]);
    }
  });

  it("cuts the script after each tool use and says done when it has run out", () => {
    const steps = parseDirectives("[[tool A]][[reply between]][[tool B {}]][[reply end]]");
    expect(scriptSegment(steps, 0)).toEqual([{ kind: "tool", name: "A", input: {} }]);
    expect(scriptSegment(steps, 1).map((step) => step.kind)).toEqual(["text", "tool"]);
    expect(scriptSegment(steps, 2)).toEqual([{ kind: "text", text: "end" }]);
    expect(scriptSegment(steps, 3)).toEqual([{ kind: "text", text: "done" }]);
  });
});
