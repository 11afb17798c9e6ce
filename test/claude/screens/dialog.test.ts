import { describe, expect, test } from "vitest";
import { recogniseDialog } from "../../../src/claude/screens/dialog.ts";
import { screenFixture, VERSIONS } from "../fixtures.ts";

describe.each(VERSIONS)("%s", (version) => {
  const yesIsFirst = version === "2.1.197";

  test("recognises the trust question and which answer is preselected", () => {
    const yes = "Yes, I trust this folder";

    expect(recogniseDialog(screenFixture(version, "trust"))).toEqual({
      kind: "trust",
      title: "Do you trust the files in this folder?",
      options: yesIsFirst ? [yes, "No, exit"] : ["No, exit", yes],
      selectedIndex: 0,
    });
  });

  test("recognises the question about an API key", () => {
    expect(recogniseDialog(screenFixture(version, "api-key"))).toEqual({
      kind: "api-key",
      title: "Do you want to use this API key?",
      options: ["Yes", "No (recommended)"],
      selectedIndex: 1,
    });
  });

  test("recognises permission questions with all their options", () => {
    const bash = recogniseDialog(screenFixture(version, "permission-bash"));
    const edit = recogniseDialog(screenFixture(version, "permission-edit"));
    const write = recogniseDialog(screenFixture(version, "permission-write"));

    expect(bash).toMatchObject({
      kind: "permission",
      title: "Bash command: Do you want to proceed?",
      selectedIndex: 0,
    });
    expect(bash?.options).toHaveLength(yesIsFirst ? 3 : 4);
    expect(bash?.options.at(-1)).toBe("No");
    expect(edit?.title).toBe("Edit file: Do you want to make this edit to note.txt?");
    expect(edit?.options).toHaveLength(3);
    expect(write?.title).toBe("Create file: Do you want to create note.txt?");
    expect(write?.options.map((option) => option.split(",")[0])).toEqual(["Yes", "Yes", "No"]);
  });

  test("recognises questions, with several pages and check boxes", () => {
    expect(recogniseDialog(screenFixture(version, "ask-single"))).toEqual({
      kind: "question",
      title: "Which colour do you want?",
      options: ["Red", "Blue", "Type something.", "Chat about this"],
      selectedIndex: 0,
    });
    expect(recogniseDialog(screenFixture(version, "ask-multi"))).toMatchObject({
      kind: "question",
      title: "Which parts?",
      options: ["API", "UI", "Docs", "Type something", "Chat about this"],
    });
    expect(recogniseDialog(screenFixture(version, "ask-multi-second"))).toMatchObject({ title: "How fast?" });
    expect(recogniseDialog(screenFixture(version, "ask-multi-submit"))).toMatchObject({
      kind: "question",
      options: ["Submit answers", "Cancel"],
      selectedIndex: 0,
    });
  });

  test.each([
    "idle",
    "busy",
    "busy-queued",
    "interrupted",
    "api-error",
    "ask-answered",
    "shortcuts",
    "pasted-placeholder",
  ])("sees no dialog on the screen %s", (name) => {
    expect(recogniseDialog(screenFixture(version, name))).toBeUndefined();
  });

  test("is not fooled by an agent that quotes a dialog above its input box", () => {
    const quoted = screenFixture(version, "permission-bash").lines.filter((line) => line !== "");
    const idle = screenFixture(version, "idle").lines.slice(-5);

    expect(recogniseDialog({ lines: [...quoted, "", ...idle] })).toBeUndefined();
  });

  test("is not fooled by a box that an agent drew above a real dialog", () => {
    const box = ["─".repeat(60), "❯ ", "─".repeat(60), "  ? for shortcuts"];
    const dialog = screenFixture(version, "permission-bash").lines;

    expect(recogniseDialog({ lines: [...box, ...dialog] })?.kind).toBe("permission");
  });

  test("finds the selected option after the cursor moved below a dividing rule", () => {
    const { lines } = screenFixture(version, "ask-single");
    const moved = lines.map((line) => {
      if (line.startsWith("❯ 1. Red")) return "  1. Red";
      return line.startsWith("  4. Chat") ? "❯ 4. Chat about this" : line;
    });

    const dialog = recogniseDialog({ lines: moved });

    expect(dialog).toMatchObject({ kind: "question", title: "Which colour do you want?", selectedIndex: 3 });
    expect(dialog?.options).toHaveLength(4);
  });
});

test("answers unknown for a dialog nobody has seen before", () => {
  const lines = ["", " Something new", "", " Shall it be?", " ❯ 1. Yes", "   2. No", "", " Enter to confirm"];

  expect(recogniseDialog({ lines })).toEqual({
    kind: "unknown",
    title: "Shall it be?",
    options: ["Yes", "No"],
    selectedIndex: 0,
  });
});

test("recognises a note that only wants Enter", () => {
  const lines = ["", " Security notes:", "", " 1. Claude can make mistakes", "", " Press Enter to continue…"];

  expect(recogniseDialog({ lines })).toEqual({
    kind: "security-notes",
    title: "Security notes",
    options: [],
    selectedIndex: -1,
  });
});

test("sees no dialog in a blank screen, a shell prompt or a prompt echoed while the box is redrawn", () => {
  expect(recogniseDialog({ lines: [] })).toBeUndefined();
  expect(recogniseDialog({ lines: ["$ ls", "a  b", "$ "] })).toBeUndefined();
  expect(recogniseDialog({ lines: ["❯ do something", "", "● I will."] })).toBeUndefined();
});
