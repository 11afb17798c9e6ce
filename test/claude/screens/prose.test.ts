import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { recogniseDialog } from "../../../src/claude/screens/dialog.ts";
import { draft } from "../../../src/claude/screens/input-box.ts";
import { retryNotice } from "../../../src/claude/screens/retry-notice.ts";

interface ProseScreen {
  /** What the agent says. */
  name: string;
  /** `idle` once it was said, `streaming` while the turn goes on. */
  moment: "idle" | "streaming";
  width: number;
  /** From the prompt on, as the terminal showed it. */
  lines: string[];
}

function recorded(version: string): ProseScreen[] {
  const text = readFileSync(new URL(`../../fixtures/screens/prose-${version}.jsonl`, import.meta.url), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as ProseScreen);
}

/** Recorded from the real program, which was made to talk about dialogs. */
describe.each(["2.1.197", "2.1.330"])("B2: what an agent of %s says about dialogs is none", (version) => {
  const screens = recorded(version);

  test("25 texts, at widths from 60 to 200, streaming and said", () => {
    expect(screens).toHaveLength(25);
    expect(new Set(screens.map(({ moment }) => moment))).toEqual(new Set(["idle", "streaming"]));
    expect(Math.min(...screens.map(({ width }) => width))).toBe(60);
    expect(Math.max(...screens.map(({ width }) => width))).toBe(200);
    expect(screens.filter(({ lines }) => /❯ |Esc to|proceed\?|continue…/.test(lines.join("\n")))).toHaveLength(25);
  });

  test.each(screens.map((screen) => [screen.name, screen.moment, screen.width, screen] as const))(
    "%s (%s, %i columns)",
    (_name, _moment, _width, screen) => {
      expect(recogniseDialog(screen)).toBeUndefined();
      expect(draft(screen)).toBe("");
    },
  );

  test("nor is a retry that it talks about one of Claude Code's own", () => {
    const talking = screens.find(({ name }) => name === "a retry notice");

    expect(talking?.lines.join("\n")).toMatch(/retrying in 2s · attempt 1\/10/i);
    expect(talking && retryNotice(talking)).toBeUndefined();
  });
});

test.each([
  ["2.1.330", "✻ Connection refused — a firewall may be blocking it (ECONNREFUSED) · retrying in 1s · attempt 2/2"],
  ["2.1.197", "✻ Connection refused — a firewall may be blocking it (ECONNREFUSED) · Retrying in 1s · attempt 2/2"],
])("reads what %s shows while it tries again, with a tip below it", (_version, notice) => {
  const box = ["", "─".repeat(40), "❯ ", "─".repeat(40), "  esc to interrupt"];
  const told = "Connection refused — a firewall may be blocking it (ECONNREFUSED), in 1s, attempt 2/2";

  expect(retryNotice({ lines: ["❯ go on", "", notice, ...box] })).toBe(told);
  expect(retryNotice({ lines: ["❯ go on", "", notice, "  ⎿  Tip: Be kind", ...box] })).toBe(told);
  expect(retryNotice({ lines: ["❯ go on", "", "✻ Thinking… (3s)", ...box] })).toBeUndefined();
});
