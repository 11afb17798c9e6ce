import { describe, expect, it } from "vitest";
import { formatInbox } from "../../src/cli/render/inbox.ts";
import type { RequestView } from "../../src/core/request.ts";
import { width } from "../../src/core/text-width.ts";
import type { InboxItem } from "../../src/operations/attention/inbox-item.ts";
import { plainOutput } from "../support/plain-output.ts";

const item = (change: Partial<InboxItem> = {}): InboxItem => ({
  id: "req_1",
  kind: "permission",
  agent: { id: "agt_1", name: "api" },
  session: { id: "ses_1", name: "shop" },
  since: "2026-11-21T12:00:00.000Z",
  summary: "Bash: ls",
  because: "waiting because PermissionRequest",
  respond: ["claude-orch agent respond shop/api --request req_3k2j9x0a --allow"],
  ...change,
});
const request = (change: Partial<RequestView> = {}): RequestView => ({
  kind: "permission",
  requestId: "req_1",
  summary: "Bash: ls",
  tool: "Bash",
  input: { command: "ls" },
  canRemember: true,
  via: "hook",
  since: null,
  ...change,
});
const asked = (change: Partial<RequestView>) => item({ kind: change.kind ?? "permission", request: request(change) });
const lines = (items: InboxItem[], columns = 80) => formatInbox({ items }, plainOutput({ columns })).split("\n");

describe("the inbox as text", () => {
  it("says who asks what since when, the whole command, and the line that answers it", () => {
    const input = { command: "npm test\nrm -rf build", description: "Test and clean", run_in_background: true };
    const shown = lines([asked({ input })]);
    expect(shown[0]).toMatch(/^shop\/api {2}permission {2}since 2026-11-2[12] \d\d:00$/);
    expect(shown.slice(1)).toEqual([
      "  $ npm test",
      "    rm -rf build",
      "  Test and clean",
      "  run_in_background: true",
      "  claude-orch agent respond shop/api --request req_3k2j9x0a --allow",
    ]);
  });

  it("says what would be allowed from then on, since it may be more than what is asked", () => {
    const shown = lines([asked({ remembers: "work in /tmp for this session" })]);
    expect(shown.slice(1, -1)).toEqual(["  $ ls", "  --remember: work in /tmp for this session"]);
  });

  it("fits 80 columns, and cuts nothing off that is to be approved", () => {
    const command = `echo ${"wide 漢字 ".repeat(30)}&& rm -rf /important`;
    const shown = lines([asked({ input: { command } })]);
    for (const line of shown) expect(width(line)).toBeLessThanOrEqual(80);
    expect(shown.join("").replace(/\s/g, "")).toContain(command.replace(/\s/g, ""));
  });

  it("says how much more there is of a very long one", () => {
    const command = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n");
    const shown = lines([asked({ input: { command } })]);
    expect(shown.length).toBeLessThan(35);
    expect(shown.join("\n")).toContain("… 77 more lines: --json shows them");
  });

  it("shows what could deceive a reader, and no escape sequence gets through", () => {
    const shown = lines([asked({ input: { command: "echo \u202e\u001b[2Kharmless\u200b" } })]).join("\n");
    expect(shown).toContain("echo \uFFFD␛[2Kharmless\uFFFD");
  });

  it("shows a diff, a plan, a dialog's screen with its options", () => {
    const diff = "@@ -1 +1 @@\n-old\n+new";
    expect(lines([asked({ tool: "Edit", summary: "Edit: a.ts", diff })]).slice(1, -1)).toEqual(
      ["Edit: a.ts", "@@ -1 +1 @@", "-old", "+new"].map((line) => `  ${line}`),
    );
    expect(lines([asked({ kind: "plan", plan: "# Plan\n1. Do it" })])).toContain("  1. Do it");
    const dialog = lines([asked({ kind: "dialog", screen: ["Accessing workspace:"], options: ["Yes", "No, exit"] })]);
    expect(dialog).toEqual(expect.arrayContaining(["  Accessing workspace:", "    1. Yes", "    2. No, exit"]));
  });

  it("numbers questions where there are several, and their options always", () => {
    const options = [
      { label: "Red", description: "Warm" },
      { label: "Blue", description: null },
    ];
    const question = { question: "Which colour?", header: "Colour", multiSelect: false, options };
    const one = lines([asked({ kind: "question", questions: [question] })]);
    expect(one.slice(1, 5)).toEqual(["  Which colour?", "    1. Red", "       Warm", "    2. Blue"]);
    const two = lines([asked({ kind: "question", questions: [question, { ...question, multiSelect: true }] })]);
    expect(two).toEqual(expect.arrayContaining(["  1: Which colour?", "  2: Which colour? (several may be chosen)"]));
  });

  it("shows finished work by prompt and answer, a limit with its end, and an empty inbox as such", () => {
    const message = {
      id: "msg_1",
      state: "answered" as const,
      text: "List them",
      answer: { text: "GET /", isError: false },
    };
    expect(lines([item({ kind: "finished", message })])).toEqual(expect.arrayContaining(["  ❯ List them", "  GET /"]));
    const error = { kind: "usage_limit" as const, message: "limit", retryAt: "2026-11-21T15:00:00.000Z" };
    expect(lines([item({ kind: "limit", error })]).join("\n")).toMatch(/until 2026-11-2[12] \d\d:00/);
    expect(formatInbox({ items: [] }, plainOutput())).toBe("Nothing waits for you.");
  });
});
