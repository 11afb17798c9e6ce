import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { recogniseDialog } from "../../../src/claude/screens/dialog.ts";

const VERSIONS = ["2.1.197", "2.1.330"] as const;

/** Name of the recorded screen, kind, title, and the beginnings of the options of both versions. */
const DIALOGS: [string, string, string, Record<(typeof VERSIONS)[number], string[]>][] = [
  [
    "what to do about a limit",
    "limit",
    "What do you want to do?",
    {
      "2.1.197": ["Stop and wait for limit", "Upgrade your plan"],
      "2.1.330": ["Stop and wait for limit", "Wait here, then continue", "Upgrade your plan"],
    },
  ],
  [
    "choice of a model",
    "panel",
    "Select model",
    {
      "2.1.197": ["Default (recommended)", "Opus", "Sonnet", "Sonnet 5 (1M", "Haiku"],
      "2.1.330": ["Default (recommended)", "Opus", "Fable", "Sonnet", "Haiku"],
    },
  ],
  ["login", "login", "Select login method", both("Claude account", "Anthropic Console", "3rd-party platform")],
  [
    "permission to fetch a page",
    "permission",
    "Fetch: Do you want to allow Claude to fetch this content?",
    both("Yes", "Yes, and don't ask again for example.com", "No, and tell Claude"),
  ],
  [
    "a plan to approve",
    "plan",
    "Exit plan mode?",
    { "2.1.197": ["Yes", "No"], "2.1.330": ["Yes, and switch to default", "No"] },
  ],
];

function both(...options: string[]) {
  return { "2.1.197": options, "2.1.330": options };
}

describe.each(VERSIONS)("R3-11: recorded from %s", (version) => {
  const text = readFileSync(new URL(`../../fixtures/screens/dialogs-${version}.jsonl`, import.meta.url), "utf8");
  const screens = new Map(
    text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { name: string; lines: string[] })
      .map((screen) => [screen.name, screen]),
  );

  test.each(DIALOGS)("recognises %s, with its options", (name, kind, title, optionsOf) => {
    const screen = screens.get(name);
    const dialog = screen && recogniseDialog(screen);
    const beginnings = optionsOf[version];

    expect(dialog).toMatchObject({ kind, title, selectedIndex: 0 });
    expect(dialog?.options).toHaveLength(beginnings.length);
    for (const [index, beginning] of beginnings.entries()) {
      expect(dialog?.options[index]?.startsWith(beginning), beginning).toBe(true);
    }
  });
});
