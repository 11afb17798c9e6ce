import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { recogniseDialog } from "../../../src/claude/screens/dialog.ts";
import type { TerminalRef } from "../../../src/core/agent.ts";
import type { Key } from "../../../src/core/ports/terminal-backend.ts";
import { ProcessesWithFakes } from "../../../src/terminals/fake/processes.ts";
import { type FakeHarness, makeFakeHarness } from "./fake-harness.ts";
import { ManualClock } from "./manual-clock.ts";

describe("a fake agent", () => {
  let clock: ManualClock;
  let fake: FakeHarness;
  let ref: TerminalRef;

  beforeEach(async () => {
    clock = new ManualClock();
    fake = await makeFakeHarness({ clock });
    ref = await fake.backend.open(await fake.request());
  });
  afterEach(() => fake.dispose());

  const eventNames = async () => (await fake.events(ref)).map((event) => event.hook_event_name);
  const answers = async () =>
    (await fake.transcript(ref)).filter((record) => record.type === "assistant").map((record) => record.message);
  const screen = async () => (await fake.backend.screen(ref)).lines.join("\n");

  it("starts as Claude Code does: hook event, session file, pid, and the environment file is gone", async () => {
    const state = await fake.state(ref);

    expect(await fake.events(ref)).toMatchObject([{ hook_event_name: "SessionStart", source: "startup" }]);
    expect(await fake.session(ref)).toMatchObject({ pid: state.pid, status: "idle", sessionId: state.conversationId });
    expect(state.pid).toBeGreaterThan(2 ** 31);
    await expect(stat(join(state.launch.folder, `env-${ref.tag}`))).rejects.toThrow();
    expect(await fake.transcript(ref)).toEqual([]);
  });

  it("answers a prompt with the records of a turn, each hanging off the one before", async () => {
    await fake.send(ref, "hello");

    expect(await eventNames()).toEqual(["SessionStart", "UserPromptSubmit", "Stop"]);
    const [, submitted, stop] = await fake.events(ref);
    expect(submitted).toMatchObject({
      prompt: "hello",
      cwd: expect.any(String),
      transcript_path: (await fake.state(ref)).transcript,
    });
    expect(stop).toMatchObject({ prompt_id: submitted?.prompt_id, last_assistant_message: "echo: hello" });
    const chain = (await fake.transcript(ref)).filter((record) => record.uuid !== undefined);
    expect(chain.map((record) => record.type)).toEqual(["user", "assistant", "system"]);
    expect(chain[0]).toMatchObject({ parentUuid: null, promptId: submitted?.prompt_id, message: { content: "hello" } });
    expect(chain[1]).toMatchObject({ parentUuid: chain[0]?.uuid, message: { stop_reason: "end_turn" } });
    expect(chain[2]).toMatchObject({ parentUuid: chain[1]?.uuid, subtype: "turn_duration" });
    expect(await fake.session(ref)).toMatchObject({ status: "idle" });

    await fake.send(ref, "again");
    expect((await fake.transcript(ref)).filter((record) => record.uuid !== undefined)[3]).toMatchObject({
      parentUuid: chain[2]?.uuid,
      message: { content: "again" },
    });
  });

  it("keeps its files to its owner", async () => {
    await fake.send(ref, "hello");
    const { transcript, launch } = await fake.state(ref);

    for (const file of [transcript, launch.spool, join(fake.options.home, "fake", `${ref.id}.json`)]) {
      expect((await stat(file)).mode & 0o777, file).toBe(0o600);
    }
  });

  it("works while it is silent, and goes on by the timer of the process that set it going", async () => {
    await fake.send(ref, "[[sleep 500ms]][[reply later]]");
    expect(await fake.session(ref)).toMatchObject({ status: "busy" });
    clock.advance(499);
    expect(await fake.session(ref)).toMatchObject({ status: "busy" });

    clock.advance(1);

    await vi.waitFor(async () => expect(await fake.session(ref)).toMatchObject({ status: "idle" }));
    expect(await answers()).toMatchObject([{ content: [{ type: "text", text: "later" }] }]);
  });

  it("goes on when another process looks, with the times at which things were due", async () => {
    await fake.send(ref, "[[sleep 500ms]][[reply later]]");
    const due = clock.now() + 500;
    clock.skip(60_000);

    await fake.another().status([ref]);

    expect(await fake.session(ref)).toMatchObject({ status: "idle", statusUpdatedAt: due });
    const last = (await fake.transcript(ref)).at(-1);
    expect(last).toMatchObject({ subtype: "turn_duration", durationMs: 500, timestamp: new Date(due).toISOString() });
  });

  it("uses a tool without asking", async () => {
    await fake.send(ref, '[[tool Bash {"command":"ls"}]][[reply listed]]');

    expect(await eventNames()).toEqual(["SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "Stop"]);
    expect(await answers()).toMatchObject([
      { stop_reason: "tool_use", content: [{ type: "tool_use", name: "Bash", input: { command: "ls" } }] },
      { stop_reason: "end_turn", content: [{ text: "listed" }] },
    ]);
  });

  it.each([["1"], [undefined]])("waits for a permission and goes on after %s", async (digit) => {
    await fake.send(ref, '[[permission Bash {"command":"ls"}]][[reply allowed]]');

    expect((await fake.events(ref)).at(-1)).toMatchObject({
      hook_event_name: "PermissionRequest",
      tool_name: "Bash",
      tool_input: { command: "ls" },
    });
    expect(await fake.session(ref)).toMatchObject({ status: "waiting", waitingFor: "permission prompt" });
    expect(await screen()).toMatch(/Do you want to proceed\?\n ❯ 1\. Yes\n/);

    await fake.backend.input(ref, [
      digit === undefined ? { kind: "keys", keys: ["Enter"] } : { kind: "text", text: digit, isBracketed: false },
    ]);

    expect(await fake.session(ref)).toMatchObject({ status: "idle" });
    expect((await answers()).at(-1)).toMatchObject({ content: [{ text: "allowed" }] });
  });

  it("ends the turn without a hook when a permission is denied", async () => {
    await fake.send(ref, "[[permission Bash {}]][[reply never]]");

    await fake.backend.input(ref, [{ kind: "keys", keys: ["Escape"] }]);

    expect((await eventNames()).at(-1)).toBe("PermissionRequest");
    const [result, marker] = (await fake.transcript(ref)).slice(-2);
    expect(result).toMatchObject({ message: { content: [{ type: "tool_result", is_error: true }] } });
    expect(marker).toMatchObject({ message: { content: [{ text: "[Request interrupted by user for tool use]" }] } });
    expect(await fake.session(ref)).toMatchObject({ status: "idle" });
  });

  it("asks a question and takes an option, or a text of one's own", async () => {
    await fake.send(ref, "[[question Which? | Red | Blue]]");
    expect(await fake.session(ref)).toMatchObject({ status: "waiting", waitingFor: "input needed" });
    await fake.backend.input(ref, [{ kind: "text", text: "2", isBracketed: false }]);
    const post = (await fake.events(ref)).find((event) => event.hook_event_name === "PostToolUse");
    expect(post).toMatchObject({ tool_name: "AskUserQuestion", tool_input: { answers: { "Which?": "Blue" } } });

    await fake.send(ref, "[[question Which? | Red | Blue]]");
    await fake.backend.input(ref, [
      { kind: "text", text: "3", isBracketed: false },
      { kind: "text", text: "Green", isBracketed: false },
      { kind: "keys", keys: ["Enter"] },
    ]);
    const own = (await fake.events(ref)).findLast((event) => event.hook_event_name === "PostToolUse");
    expect(own).toMatchObject({ tool_input: { answers: { "Which?": "Green" } } });
  });

  it("asks several questions page by page, takes several answers to one, and has them looked over", async () => {
    const option = (label: string) => ({ label, description: "" });
    const questions = [
      { question: "Which parts?", header: "Parts", options: [option("API"), option("UI")], multiSelect: true },
      { question: "How fast?", header: "Speed", options: [option("Fast"), option("Slow")], multiSelect: false },
    ];
    await fake.send(ref, `[[question ${JSON.stringify({ questions })}]]`);
    const press = (...keys: Key[]) => fake.backend.input(ref, [{ kind: "keys", keys }]);
    const shown = async () => recogniseDialog(await fake.backend.screen(ref));

    expect(await shown()).toMatchObject({
      kind: "question",
      title: "Which parts?",
      options: ["API", "UI", "Type something", "Chat about this"],
      checked: [false, false, false, null],
      selectedIndex: 0,
    });
    await press("Enter", "Down", "Enter");
    expect(await shown()).toMatchObject({ checked: [true, true, false, null], selectedIndex: 1 });
    await press("Up", "Enter", "Down", "Down");
    await fake.backend.input(ref, [{ kind: "text", text: "Docs", isBracketed: false }]);
    expect(await shown()).toMatchObject({ checked: [false, true, true, null], selectedIndex: 2 });
    await press("Down");
    expect((await screen()).split("\n")).toContain("❯    Next");
    await press("Enter");
    expect(await shown()).toMatchObject({
      title: "How fast?",
      options: ["Fast", "Slow", "Type something.", "Chat about this"],
    });
    await fake.backend.input(ref, [{ kind: "text", text: "2", isBracketed: false }]);
    expect(await shown()).toMatchObject({ kind: "question", options: ["Submit answers", "Cancel"] });
    expect(await screen()).toContain("● Which parts?\n   → UI, Docs");
    await press("Enter");

    const post = (await fake.events(ref)).find((event) => event.hook_event_name === "PostToolUse");
    expect(post).toMatchObject({ tool_input: { answers: { "Which parts?": "UI, Docs", "How fast?": "Slow" } } });
    expect(await fake.session(ref)).toMatchObject({ status: "idle" });
  });

  it("asks to approve a plan, and leaves plan mode with the approval", async () => {
    await fake.send(ref, "[[plan First this]][[reply on it]]");

    expect((await fake.events(ref)).at(-1)).toMatchObject({
      hook_event_name: "PermissionRequest",
      tool_name: "ExitPlanMode",
      tool_input: { plan: "First this" },
    });
    expect(recogniseDialog(await fake.backend.screen(ref))).toMatchObject({ kind: "plan", selectedIndex: 0 });
    await fake.backend.input(ref, [{ kind: "keys", keys: ["Down", "Enter"] }]);
    expect((await answers()).at(-1)).toMatchObject({ content: [{ text: "on it" }] });
    expect((await fake.state(ref)).launch.permissionMode).toBe("default");

    await fake.send(ref, "[[plan Then that]]");
    await fake.backend.input(ref, [{ kind: "keys", keys: ["Escape"] }]);
    expect(await fake.session(ref)).toMatchObject({ status: "idle" });
    expect((await eventNames()).at(-1)).toBe("PermissionRequest");
  });

  it("rests as `shell` while a command runs in the background, and wakes when it ends", async () => {
    await fake.send(ref, "[[background 5s]][[reply started]]");

    expect(await fake.session(ref)).toMatchObject({ status: "shell" });
    expect((await fake.events(ref)).at(-1)).toMatchObject({
      hook_event_name: "Stop",
      background_tasks: [{ type: "shell", status: "running", command: "sleep 5" }],
    });
    clock.skip(5_000);
    await fake.backend.status([ref]);
    expect(await fake.session(ref)).toMatchObject({ status: "busy" });
    const notice = (await fake.transcript(ref)).at(-1);
    expect(notice).toMatchObject({ type: "user", origin: { kind: "task-notification" } });
    clock.skip(1_000);
    await fake.backend.status([ref]);
    expect(await fake.session(ref)).toMatchObject({ status: "idle" });
    expect((await fake.events(ref)).at(-1)).toMatchObject({ hook_event_name: "Stop", background_tasks: [] });
  });

  it("reports a subagent's work as the subagent's, and is cut off with it", async () => {
    await fake.send(ref, "[[subagent 2s]][[reply all done]]");
    const [, , use, begun, inner] = await fake.events(ref);
    expect(use).toMatchObject({ hook_event_name: "PreToolUse", tool_name: "Agent" });
    expect(begun).toMatchObject({ hook_event_name: "SubagentStart", agent_id: expect.any(String) });
    expect(inner).toMatchObject({ hook_event_name: "PreToolUse", agent_id: begun?.agent_id });
    clock.skip(2_000);
    await fake.backend.status([ref]);
    expect((await eventNames()).slice(-3)).toEqual(["SubagentStop", "PostToolUse", "Stop"]);

    await fake.send(ref, "[[subagent 2s]]");
    await fake.backend.input(ref, [{ kind: "keys", keys: ["Escape"] }]);
    const [result, marker] = (await fake.transcript(ref)).slice(-2);
    expect(result).toMatchObject({ message: { content: [{ type: "tool_result", is_error: true }] } });
    expect(marker).toMatchObject({ message: { content: [{ text: "[Request interrupted by user for tool use]" }] } });
  });

  it("tells a plan's limit as a subscriber sees it, to the second in the transcript", async () => {
    const resetsAt = Date.UTC(2026, 0, 1, 15, 30, 12) / 1000;

    await fake.send(ref, `[[limit five_hour ${resetsAt}]]`);

    const text = "You've hit your session limit · resets 3:30pm (UTC)";
    expect((await fake.events(ref)).at(-1)).toMatchObject({ error: "rate_limit", last_assistant_message: text });
    expect((await fake.transcript(ref)).at(-1)).toMatchObject({
      isApiErrorMessage: true,
      quotaLimits: { status: "rejected", resetsAt },
    });
  });

  it("gives what happened its own time, whenever somebody looks", async () => {
    await fake.send(ref, "[[sleep 500ms]][[reply later]]");
    const due = clock.now() + 500;
    clock.skip(60_000);

    await fake.backend.status([ref]);

    const { mtimeMs } = await stat((await fake.state(ref)).launch.spool);
    expect(mtimeMs).toBeLessThan(due);
    expect(mtimeMs).toBeGreaterThan(due - 2);
  });

  it("puts a draft aside with Ctrl-S and gives it back after the next prompt", async () => {
    await fake.backend.input(ref, [{ kind: "text", text: "half a thought", isBracketed: true }]);
    await fake.backend.input(ref, [{ kind: "keys", keys: ["C-s"] }]);
    expect(await fake.typed(ref)).toBe("");

    await fake.send(ref, "hello");

    expect(await fake.typed(ref)).toBe("half a thought");
    expect((await fake.events(ref)).map((event) => event.prompt)).toContain("hello");
  });

  it("shows a panel that takes no text until Escape closes it", async () => {
    await fake.send(ref, "/cost");
    expect(await fake.session(ref)).toMatchObject({ status: "waiting", waitingFor: "dialog open" });
    expect(recogniseDialog(await fake.backend.screen(ref))).toMatchObject({ kind: "panel" });
    await fake.send(ref, "into nowhere");
    expect(await eventNames()).toEqual(["SessionStart"]);

    await fake.backend.input(ref, [{ kind: "keys", keys: ["Escape"] }]);

    expect(await fake.session(ref)).toMatchObject({ status: "idle" });
    expect(await fake.typed(ref)).toBe("");
  });

  it("takes its time to start, or asks whether the folder is trusted, when its environment says so", async () => {
    const slow = await fake.backend.open(await fake.requestWith({}, "export FAKE_CLAUDE_START='2s'\n"));
    expect(await fake.events(slow)).toEqual([]);
    expect(await fake.session(slow)).toBeUndefined();
    clock.skip(2_000);
    await fake.backend.status([slow]);
    expect(await fake.session(slow)).toMatchObject({ status: "idle" });

    const asking = await fake.backend.open(await fake.requestWith({}, "export FAKE_CLAUDE_START='trust'\n"));
    clock.skip(700);
    expect(recogniseDialog(await fake.backend.screen(asking))).toMatchObject({
      kind: "trust",
      options: ["No, exit", "Yes, I trust this folder"],
      selectedIndex: 0,
    });
    await fake.backend.input(asking, [{ kind: "keys", keys: ["Down", "Enter"] }]);
    clock.skip(300);
    await fake.backend.status([asking]);
    expect((await fake.events(asking)).map((event) => event.hook_event_name)).toEqual(["SessionStart"]);

    const refusing = await fake.backend.open(await fake.requestWith({}, "export FAKE_CLAUDE_START='trust'\n"));
    clock.skip(700);
    await fake.backend.input(refusing, [{ kind: "keys", keys: ["Enter"] }]);
    expect(await fake.backend.status([refusing])).toMatchObject([{ isRunning: false, exitCode: 1 }]);
  });

  it.each([
    [401, "authentication_failed"],
    [429, "rate_limit"],
    [500, "server_error"],
  ])("fails a turn with status %i as %s", async (status, kind) => {
    await fake.send(ref, `[[error ${status}]]`);

    expect((await fake.events(ref)).at(-1)).toMatchObject({ hook_event_name: "StopFailure", error: kind });
    expect((await fake.transcript(ref)).at(-1)).toMatchObject({
      isApiErrorMessage: true,
      apiErrorStatus: status,
      error: kind,
    });
    expect(await fake.session(ref)).toMatchObject({ status: "idle" });
  });

  it("takes an interrupted prompt back into the box before the first word, without a trace", async () => {
    await fake.send(ref, "[[sleep 1h]][[reply never]]");
    const before = await fake.events(ref);

    await fake.backend.input(ref, [{ kind: "keys", keys: ["Escape"] }]);

    expect(await fake.session(ref)).toMatchObject({ status: "idle" });
    expect(await fake.events(ref)).toEqual(before);
    expect(await fake.typed(ref)).toBe("[[sleep 1h]][[reply never]]");
    await fake.backend.input(ref, [{ kind: "keys", keys: ["C-c"] }]);
    expect(await fake.typed(ref)).toBe("");
  });

  it("records a partial answer and the interruption once it has spoken", async () => {
    await fake.send(ref, "[[stream 100 x 1s]]");
    clock.skip(2_500);

    await fake.backend.input(ref, [{ kind: "keys", keys: ["Escape"] }]);

    const [partial, marker] = (await fake.transcript(ref)).slice(-2);
    expect(partial).toMatchObject({ message: { stop_reason: null, content: [{ text: "word word " }] } });
    expect(marker).toMatchObject({ message: { content: [{ text: "[Request interrupted by user]" }] } });
    expect((await eventNames()).at(-1)).toBe("UserPromptSubmit");
  });

  it("queues what is sent while it works, and answers all of it in one turn", async () => {
    await fake.send(ref, "[[sleep 1s]][[reply first]]");
    await fake.send(ref, "two");
    await fake.send(ref, "three");
    clock.skip(1_000);
    await fake.backend.status([ref]);

    expect(await answers()).toMatchObject([
      { content: [{ text: "first" }] },
      { content: [{ text: "echo: two\nthree" }] },
    ]);
    expect((await eventNames()).filter((name) => name === "Stop")).toHaveLength(2);
    const queue = (await fake.transcript(ref)).filter((record) => record.type === "queue-operation");
    expect(queue.map((record) => record.operation)).toEqual(["enqueue", "enqueue", "dequeue", "dequeue"]);
  });

  it("ignores the first Enter, or loses the text, when it is told to", async () => {
    await fake.send(ref, "[[swallow-enter]] hi");
    expect(await fake.typed(ref)).toBe("[[swallow-enter]] hi");
    expect(await eventNames()).toEqual(["SessionStart"]);
    await fake.backend.input(ref, [{ kind: "keys", keys: ["Enter"] }]);
    expect((await eventNames())[1]).toBe("UserPromptSubmit");
    const events = await fake.events(ref);

    await fake.send(ref, "[[lose]] gone");

    expect(await fake.typed(ref)).toBe("");
    expect(await fake.events(ref)).toEqual(events);
  });

  it("makes a new line instead of submitting behind a backslash, unless the cursor is moved", async () => {
    await fake.send(ref, "one\\");
    expect(await fake.typed(ref)).toBe("one\n");
    await fake.backend.input(ref, [{ kind: "keys", keys: ["C-c"] }]);

    await fake.send(ref, "two\\", "Home", "Enter");

    expect((await fake.events(ref)).at(1)).toMatchObject({ hook_event_name: "UserPromptSubmit", prompt: "two\\" });
  });

  it("ends in an orderly way, or dies and leaves its session file behind", async () => {
    await fake.send(ref, "[[exit 3]]");
    expect(await fake.backend.status([ref])).toEqual([{ exists: true, isRunning: false, exitCode: 3 }]);
    expect((await fake.events(ref)).at(-1)).toMatchObject({ hook_event_name: "SessionEnd", reason: "other" });
    expect(await fake.session(ref)).toBeUndefined();

    ref = await fake.backend.open(await fake.request());
    await fake.send(ref, "[[crash]]");
    expect(await fake.backend.status([ref])).toEqual([{ exists: true, isRunning: false, exitSignal: 9 }]);
    expect((await eventNames()).at(-1)).toBe("UserPromptSubmit");
    expect(await fake.session(ref)).toMatchObject({ status: "busy" });
  });

  it("ends on the second Ctrl-C only", async () => {
    await fake.backend.input(ref, [{ kind: "keys", keys: ["C-c"] }]);
    expect(await fake.backend.status([ref])).toMatchObject([{ isRunning: true }]);

    await fake.backend.input(ref, [{ kind: "keys", keys: ["C-c"] }]);

    expect(await fake.backend.status([ref])).toMatchObject([{ isRunning: false, exitCode: 0 }]);
  });

  it("begins a new conversation at /clear, in the same process", async () => {
    await fake.send(ref, "hello");
    const before = await fake.state(ref);

    await fake.send(ref, "/clear");

    const after = await fake.state(ref);
    expect(after.conversationId).not.toBe(before.conversationId);
    expect((await fake.events(ref)).slice(-2)).toMatchObject([
      { hook_event_name: "SessionEnd", reason: "clear", session_id: before.conversationId },
      { hook_event_name: "SessionStart", source: "clear", session_id: after.conversationId },
    ]);
    expect(await fake.session(ref)).toMatchObject({ pid: before.pid, sessionId: after.conversationId });
  });

  it("resumes a conversation in the same transcript, and refuses one that is taken or unknown", async () => {
    await fake.send(ref, "hello");
    const { conversationId } = await fake.state(ref);
    const leaf = (await fake.transcript(ref)).at(-1)?.uuid;
    await fake.backend.close(ref);

    ref = await fake.backend.open(await fake.requestWith({ conversationId, mode: "resume" }));
    await fake.send(ref, "more");
    const resumed = (await fake.transcript(ref)).find((record) => record.promptId && record.parentUuid === leaf);
    expect(resumed).toMatchObject({ message: { content: "more" } });

    const taken = await fake.backend.open(await fake.requestWith({ conversationId }));
    const unknown = await fake.backend.open(await fake.requestWith({ mode: "resume" }));
    expect(await fake.backend.status([taken, unknown])).toMatchObject([{ exitCode: 1 }, { exitCode: 1 }]);
    expect((await fake.backend.screen(taken)).lines.join("\n")).toMatch(/is already in use/);
  });

  it("shows a box with the draft, and a title that tells whether it works", async () => {
    await fake.send(ref, "[[sleep 1h]]");
    await fake.backend.input(ref, [{ kind: "text", text: "a draft", isBracketed: true }]);

    const shown = await fake.backend.screen(ref);

    expect(shown.lines).toHaveLength(40);
    expect(shown.lines.join("\n")).toMatch(/─ worker-1 ─\n❯ a draft\n─+\n.*esc to interrupt/);
    expect(shown.title).toBe("◐ worker-1");
  });

  it("is alive for whoever checks its pid, as long as it runs", async () => {
    const processes = new ProcessesWithFakes(fake.options.processes, fake.options.home);
    const { pid } = await fake.state(ref);
    const identity = processes.identify(pid);

    expect(identity && processes.isAlive(identity)).toBe(true);
    expect(processes.isAlive({ pid, startedAt: "another" })).toBe(false);
    expect(processes.isAlive(processes.self())).toBe(true);

    await fake.send(ref, "[[crash]]");
    expect(processes.identify(pid)).toBeUndefined();
  });
});

describe("many fake agents", () => {
  it("keep every message apart when instances work at the same time", async () => {
    const fake = await makeFakeHarness();
    const refs = await Promise.all(Array.from({ length: 20 }, async () => fake.another().open(await fake.request())));

    await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        const ref = refs[index % refs.length];
        return (
          ref &&
          fake.another().input(ref, [
            { kind: "text", text: `message ${index}`, isBracketed: true },
            { kind: "keys", keys: ["Enter"] },
          ])
        );
      }),
    );

    const prompts = await Promise.all(
      refs.map(async (ref) =>
        (await fake.events(ref)).flatMap((event) => (event.prompt === undefined ? [] : [event.prompt])),
      ),
    );
    expect(prompts.flat().sort()).toEqual(Array.from({ length: 100 }, (_, index) => `message ${index}`).sort());
    expect(prompts.every((one) => one.length === 5)).toBe(true);
    await fake.dispose();
  });
});
