import { describe, expect, it } from "vitest";
import { explainUse } from "../../../src/claude/permissions/explain-use.ts";
import { newToolUse, type ToolUse, type Verdict } from "../../../src/claude/permissions/tool-use.ts";

const OPTIONS = {
  rules: {
    allow: ["Bash(frob test:*)", "mcp__claude-orch__status"],
    ask: ["Bash(git push:*)"],
    deny: ["Bash(frob bad:*)", "WebFetch"],
  },
  cwd: "/home/dev/app",
  home: "/home/dev",
};

function bash(command: string, change: Partial<ToolUse> = {}): ToolUse {
  return { ...newToolUse("toolu_1", "Bash", { command }), ...change };
}

function result(text: string, verdict: Partial<Verdict> | null = null): Pick<ToolUse, "result"> {
  const words = { isAccepted: false, source: "config", reasonType: "", reasonCode: "", ruleSource: "" };
  return { result: { isError: true, text, verdict: verdict && { ...words, ...verdict } } };
}

function explained(use: ToolUse): unknown[] {
  const found = explainUse(use, OPTIONS);
  return found ? [found.decision, found.by, found.rule] : ["nothing"];
}

const REQUEST = {
  name: "PermissionRequest",
  offset: 7,
  sessionId: "s",
  promptId: "p",
  transcriptPath: null,
  subagentId: null,
};

/** Texts and data as 2.1.197 and 2.1.330 wrote them. */
describe("why a tool was allowed or denied", () => {
  it.each<[string, ToolUse, unknown[]]>([
    ["a rule of ours allows it", bash("frob test 1", { hasRun: true }), ["allowed", "rule", "Bash(frob test:*)"]],
    [
      "a tool that failed was allowed all the same",
      bash("frob test 1", result("Exit code 127")),
      ["allowed", "rule", "Bash(frob test:*)"],
    ],
    ["nothing of ours allows it", bash("ls", { hasRun: true }), ["allowed", "claude-code", null]],
    [
      "one of our own tools",
      { ...newToolUse("t", "mcp__claude-orch__status", {}), hasRun: true },
      ["allowed", "rule", "mcp__claude-orch__status"],
    ],
    [
      "the mode allows everything",
      bash("frob test 1", { hasRun: true, mode: "bypassPermissions" }),
      ["allowed", "mode", null],
    ],
    [
      "the mode allows edits",
      { ...newToolUse("t", "Write", { file_path: "/x" }), hasRun: true, mode: "acceptEdits" },
      ["allowed", "mode", null],
    ],
    [
      "the mode allows no commands",
      bash("ls", { hasRun: true, mode: "acceptEdits" }),
      ["allowed", "claude-code", null],
    ],
    [
      "data: the mode",
      bash("touch a", result("", { isAccepted: true, reasonType: "mode" })),
      ["allowed", "mode", null],
    ],
    [
      "a rule denies it",
      bash("frob bad 1", result("Permission to use Bash with command frob bad 1 has been denied.")),
      ["denied", "rule", "Bash(frob bad:*)"],
    ],
    [
      "data: our rule",
      bash("frob bad 1", result("no", { reasonType: "subcommandResults", ruleSource: "flagSettings" })),
      ["denied", "rule", "Bash(frob bad:*)"],
    ],
    [
      "data: the person's own rule, whatever ours say",
      bash("frob bad 1", result("no", { ruleSource: "localSettings" })),
      ["denied", "rule", null],
    ],
    [
      "a rule about files denies a command",
      bash("cat secrets/a", result("Permission to use Bash with command cat secrets/a has been denied.")),
      ["denied", "rule", null],
    ],
    [
      "a tool that is denied altogether",
      {
        ...newToolUse("t", "WebFetch", {}),
        ...result("<tool_use_error>Error: No such tool available: WebFetch. It is disabled for this session"),
      },
      ["denied", "rule", "WebFetch"],
    ],
    [
      "a tool that there is none of",
      { ...newToolUse("t", "Nope", {}), ...result("<tool_use_error>Error: No such tool available: Nope") },
      ["nothing"],
    ],
    [
      "the mode dontAsk",
      bash(
        "touch a",
        result("Permission to use Bash has been denied because Claude Code is running in don't ask mode. If"),
      ),
      ["denied", "mode", null],
    ],
    ["data: the mode plan", bash("touch a", result("no", { reasonCode: "mode:plan" })), ["denied", "mode", null]],
    [
      "data: the safety check",
      bash("touch a", result("no", { reasonType: "classifier", reasonCode: "classifier:auto-mode" })),
      ["denied", "mode", null],
    ],
    ["the safety check's event", bash("touch a", { refusal: "destructive" }), ["denied", "mode", null]],
    [
      "nobody could be asked",
      bash("touch a", result("This command requires approval")),
      ["denied", "claude-code", null],
    ],
    [
      "data: somebody was asked",
      bash("ls", result("", { isAccepted: true, source: "user_temporary" })),
      ["allowed", "person", null],
    ],
    ["data: a hook decided", bash("ls", result("no", { source: "hook" })), ["denied", "claude-code", null]],
    ["it is asked", bash("touch a", { request: REQUEST }), ["asked", "nobody", null]],
    ["a rule asks", bash("git push", { request: REQUEST }), ["asked", "nobody", "Bash(git push:*)"]],
    ["somebody allowed it", bash("touch a", { request: REQUEST, hasRun: true }), ["allowed", "person", null]],
    [
      "somebody refused it",
      bash("touch a", { request: REQUEST, ...result("The user doesn't want to proceed") }),
      ["denied", "person", null],
    ],
    [
      "the call itself was wrong",
      bash("touch a", result("<tool_use_error>String to replace not found in file.")),
      ["nothing"],
    ],
    ["it is not over yet", bash("touch a"), ["nothing"]],
  ])("%s", (_, use, expected) => {
    expect(explained(use)).toEqual(expected);
  });
});
