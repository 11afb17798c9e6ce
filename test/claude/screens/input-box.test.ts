import { describe, expect, test } from "vitest";
import { draft } from "../../../src/claude/screens/input-box.ts";
import { screenFixture, VERSIONS } from "../fixtures.ts";

const RULE = "─".repeat(80);

function box(...lines: string[]) {
  return { lines: ["● earlier text", "", `${"─".repeat(68)} worker-1 ─`, ...lines, RULE, "  ? for shortcuts"] };
}

describe.each(VERSIONS)("%s", (version) => {
  test.each(["idle", "busy", "busy-queued", "interrupted", "api-error", "ask-answered", "shortcuts"])(
    "reads the box of the screen %s as empty",
    (name) => {
      expect(draft(screenFixture(version, name))).toBe("");
    },
  );

  test("reads the placeholder of a collapsed paste", () => {
    expect(draft(screenFixture(version, "pasted-placeholder"))).toBe("[Pasted text #1 +29 lines]");
  });

  test.each(["trust", "api-key", "permission-bash", "permission-edit", "permission-write", "ask-single", "ask-multi"])(
    "sees no box on the screen %s",
    (name) => {
      expect(draft(screenFixture(version, name))).toBeUndefined();
    },
  );
});

test("reads drafts of one and of several lines", () => {
  expect(draft(box("❯ half a thought"))).toBe("half a thought");
  expect(draft(box("❯ one", "  two", "", "  three"))).toBe("one\ntwo\n\nthree");
  expect(draft(box("! ls"))).toBe("!ls");
});

test("takes hints in an empty box for empty, and nothing else", () => {
  expect(draft(box("❯ Press up to edit queued messages"))).toBe("");
  expect(draft(box("❯ Resend your message to try again"))).toBe("");
  expect(draft(box("❯ Once fixed, resend your message"))).toBe("");
  expect(draft(box('❯ Try "how does <filepath> work?"'))).toBe("");
  expect(draft(box("❯ Press up to edit queued messages, please"))).toBe("Press up to edit queued messages, please");
});

test("finds the box in a narrow terminal whose rule carries a name with spaces", () => {
  const lines = ["────────────── my worker ──", "❯ hi", "─".repeat(27), "  esc to interrupt"];

  expect(draft({ lines })).toBe("hi");
});

test("is not fooled by rules in the conversation", () => {
  expect(draft({ lines: ["● text", RULE, "more", RULE, "and more"] })).toBeUndefined();
});
