import { describe, expect, test } from "vitest";
import { editDiff } from "../../../src/claude/requests/edit-diff.ts";
import { hookOutput } from "../../../src/claude/requests/hook-decision.ts";
import { isDialogOf } from "../../../src/claude/requests/is-asked.ts";
import { keyChoice } from "../../../src/claude/requests/key-choice.ts";
import { remembered, rememberedText } from "../../../src/claude/requests/remembered.ts";
import { unifiedDiff } from "../../../src/claude/requests/unified-diff.ts";
import { type Dialog, dialogLines, recogniseDialog } from "../../../src/claude/screens/dialog.ts";
import { AppError } from "../../../src/core/errors.ts";
import type { AgentRequest, Decision } from "../../../src/core/request.ts";
import { screenFixture, VERSIONS, type Version } from "../fixtures.ts";

const allow: Decision = { kind: "allow", remember: false };
const remember: Decision = { kind: "allow", remember: true };
const deny: Decision = { kind: "deny", reason: null };
const choose = (...choices: number[]): Decision => ({ kind: "choose", answers: [{ choices, text: null }] });

function request(kind: AgentRequest["kind"], more: Partial<AgentRequest> = {}): AgentRequest {
  return {
    kind,
    requestId: "req_1",
    summary: "",
    canRemember: false,
    via: "keys",
    since: null,
    evidence: { offset: null, promptId: null, toolUseId: null, waiter: null },
    ...more,
  };
}

function dialogOf(version: Version, name: string): Dialog {
  const dialog = recogniseDialog(screenFixture(version, name));
  if (!dialog) throw new Error(`No dialog on ${name}`);
  return dialog;
}

/** Label of the option that is chosen, or the key, or the code of the refusal. */
function choiceOn(dialog: Dialog, kind: AgentRequest["kind"], decision: Decision): string {
  try {
    const choice = keyChoice(request(kind), decision, dialog);
    return choice.kind === "key" ? choice.key : (dialog.options[choice.index] ?? "");
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

const rule = (ruleContent?: string) => ({
  type: "addRules",
  rules: [{ toolName: "Bash", ruleContent }],
  behavior: "allow",
});

test.each([
  ["Bash(npm test:*) for this session", [rule("npm test:*")]],
  ["Bash for this session", [rule()]],
  ["work in /tmp/a, work in /b for this session", [{ type: "addDirectories", directories: ["/tmp/a", "/b"] }]],
  // The mode would allow much more than what is asked, so that it is left out where there is anything else.
  ["Bash(ls) for this session", [rule("ls"), { type: "setMode", mode: "acceptEdits" }]],
  ["permission mode acceptEdits for this session", [{ type: "setMode", mode: "acceptEdits" }]],
  ["somethingNew for this session", [{ type: "somethingNew" }]],
  [undefined, []],
])("what Claude Code would remember is said: %s", (text, suggestions) => {
  expect(rememberedText(suggestions)).toBe(text);
  const isForSession = remembered(suggestions).map((one) => (one as { destination: string }).destination === "session");
  expect(isForSession).not.toContain(false);
});

describe.each(VERSIONS)("the keys for a decision, by the screens of %s", (version) => {
  const isOld = version === "2.1.197";

  test("permission", () => {
    const dialog = dialogOf(version, "permission-bash");
    expect(choiceOn(dialog, "permission", allow)).toBe("Yes");
    expect(choiceOn(dialog, "permission", remember)).toMatch(isOld ? /^Yes, and/ : /^Yes, and always allow access/);
    expect(choiceOn(dialog, "permission", deny)).toBe("Escape");
    expect(choiceOn(dialog, "permission", { kind: "deny", reason: "why" })).toBe("No");
    expect(choiceOn(dialog, "permission", choose(0))).toBe("Yes");
    expect(choiceOn(dialog, "permission", choose(9))).toBe("REQUEST_ANSWER_INVALID");
    expect(choiceOn(dialog, "permission", choose(0, 1))).toBe("REQUEST_ANSWER_INVALID");
    expect(choiceOn(dialog, "permission", { kind: "deny", reason: "w".repeat(701) })).toBe("REQUEST_ANSWER_INVALID");
  });

  test("dialogs at the start: yes and no are options, wherever they stand", () => {
    const trust = dialogOf(version, "trust");
    expect(choiceOn(trust, "dialog", allow)).toBe("Yes, I trust this folder");
    expect(choiceOn(trust, "dialog", deny)).toBe("No, exit");
    expect(choiceOn(trust, "dialog", remember)).toBe("REQUEST_ANSWER_INVALID");
    expect(choiceOn(trust, "dialog", { kind: "deny", reason: "why" })).toBe("REQUEST_ANSWER_INVALID");
    const key = dialogOf(version, "api-key");
    expect(choiceOn(key, "dialog", allow)).toBe("Yes");
    expect(choiceOn(key, "dialog", deny)).toBe("No (recommended)");
  });

  test("a dialog is the one asked about only with its kind and its subject", () => {
    const screen = screenFixture(version, "permission-bash");
    const dialog = dialogOf(version, "permission-bash");
    const evidence = { offset: 1, promptId: null, toolUseId: null, waiter: null };
    const asks = (kind: AgentRequest["kind"], command: string) =>
      isDialogOf(dialog, screen, request(kind, { tool: "Bash", input: { command }, evidence }));

    expect(asks("permission", "touch made-by-tool && ls")).toBe(true);
    expect(asks("permission", "touch something-else")).toBe(false);
    // One command may be the beginning of another that is asked at the same time.
    expect(asks("permission", "touch made-by-tool")).toBe(false);
    expect(asks("permission", "touch made-by-tool && ls\nrm -rf /")).toBe(false);
    expect(asks("question", "touch made-by-tool && ls")).toBe(false);
    expect(dialogLines(screen)[0]?.trim()).toBe("Bash command");
  });

  test("reads which boxes are checked", () => {
    expect(dialogOf(version, "ask-multi").checked).toEqual([false, false, false, false, null]);
    expect(dialogOf(version, "ask-single").checked).toBeUndefined();
  });
});

test("with the mark on the button below the check boxes, the options are the same", () => {
  const screen = screenFixture("2.1.329", "ask-multi");
  const lines = screen.lines.map((line) => line.replace("❯ 1.", "  1.").replace(/^ {5}Next$/, "❯    Next"));
  const dialog = recogniseDialog({ lines });

  expect(dialog?.options).toEqual(dialogOf("2.1.329", "ask-multi").options);
  expect(dialog?.selectedIndex).toBe(-1);
});

test("a panel is seen below the prompt of its command, which bears the same mark as an option", () => {
  const rule = "─".repeat(60);
  const rows = ["  Estimated cost:  $0.0000", "  API:  0s", "  Wall:  3s", "  Changes:  0", "  Usage:  0"];
  const panel = ["  Settings  Status  Usage", "", "  Session", ...rows, "", "  ←/→ to switch · Esc to close"];
  const screen = { lines: ["❯ /cost", `${rule} Agent_1 ─`, rule, ...panel] };

  expect(recogniseDialog(screen)).toMatchObject({ kind: "panel", options: [] });
  expect(dialogLines(screen)[0]).toContain("Settings");
});

describe("what the hook prints", () => {
  const suggestions = [{ type: "addRules", rules: [], behavior: "allow", destination: "localSettings" }];
  const decided = (asked: AgentRequest, decision: Decision, claudeVersion = "2.1.330") => {
    const { hookSpecificOutput } = JSON.parse(hookOutput(asked, decision, { suggestions, claudeVersion }));
    return hookSpecificOutput.decision;
  };

  test("remembers for the session, not in the project's settings", () => {
    expect(decided(request("permission"), allow)).toEqual({ behavior: "allow" });
    expect(decided(request("permission"), remember)).toEqual({
      behavior: "allow",
      updatedPermissions: [{ ...suggestions[0], destination: "session" }],
    });
  });

  test("approves a plan in the words of the version", () => {
    const plan = request("plan", { input: { plan: "do it" } });
    expect(decided(plan, allow)).toEqual({ behavior: "allow", updatedInput: { plan: "do it" } });
    expect(decided(plan, allow, "2.1.197")).toEqual({ behavior: "allow" });
    expect(() => decided(plan, remember)).toThrow("cannot be remembered");
  });

  test("always gives the model a reason", () => {
    expect(decided(request("permission"), deny).message).not.toBe("");
    expect(decided(request("permission"), { kind: "deny", reason: "why" }).message).toBe("why");
  });
});

describe("a file edit as a unified diff", () => {
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join("");

  test("shows what changes with three lines of context", () => {
    const diff = unifiedDiff("a.txt", lines(20), lines(20).replace("line 10\n", "line ten\n"));
    expect(diff.split("\n")).toEqual([
      "--- a.txt",
      "+++ a.txt",
      "@@ -7,7 +7,7 @@",
      " line 7",
      " line 8",
      " line 9",
      "-line 10",
      "+line ten",
      " line 11",
      " line 12",
      " line 13",
    ]);
  });

  test("of a new file, of an emptied one, and of one without a last line break", () => {
    expect(unifiedDiff("a", null, "x\n")).toBe("--- /dev/null\n+++ a\n@@ -0,0 +1,1 @@\n+x");
    expect(unifiedDiff("a", "x\n", "")).toBe("--- a\n+++ a\n@@ -1,1 +0,0 @@\n-x");
    expect(unifiedDiff("a", "x", "x\n")).toBe("--- a\n+++ a\n@@ -1,1 +1,1 @@\n-x\n\\ No newline at end of file\n+x");
    expect(unifiedDiff("a", "x", "x")).toBe("");
  });

  test("of edits whose file cannot be read, from the replaced text; of other tools none", async () => {
    const edit = { file_path: "/nowhere/a.txt", old_string: "old\n", new_string: "new\n" };
    expect(await editDiff("Edit", edit, "/")).toBe(
      "--- /nowhere/a.txt\n+++ /nowhere/a.txt\n@@ -1,1 +1,1 @@\n-old\n+new",
    );
    expect(await editDiff("Bash", { command: "ls" }, "/")).toBeUndefined();
    expect(await editDiff("Write", { file_path: "b", content: "x".repeat(200_000) }, "/nowhere")).toMatch(/… \(cut\)$/);
  });
});
