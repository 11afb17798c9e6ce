import { appendFile, mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ClaudeReader } from "../../../src/claude/state/claude-reader.ts";
import type { Agent } from "../../../src/core/agent.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { TranscriptWriter } from "../transcript/records.ts";

const CONVERSATION = "11111111-1111-4111-8111-111111111111";
const clock = new SystemClock();
let home: string;
let folder: string;
let spool: string;
let transcript: string;
let agent: Agent;
let reader: ClaudeReader;
let living: Set<number>;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "claude-orch-home-"));
  folder = join(home, "agents", "agt_1");
  const project = join(home, "config", "projects", "-app");
  await Promise.all(
    [folder, project, join(home, "config", "sessions")].map((path) => mkdir(path, { recursive: true })),
  );
  spool = join(folder, "events.jsonl");
  transcript = join(project, `${CONVERSATION}.jsonl`);
  living = new Set([4711]);
  agent = { ...AGENT, configDir: join(home, "config"), launchedAt: clock.now() - 1000 };
  reader = new ClaudeReader({
    home,
    clock,
    runner: {
      isAlive: ({ pid, startedAt }) => living.has(pid) && (startedAt === "" || startedAt === "100"),
      identify: (pid) => (living.has(pid) ? { pid, startedAt: "100" } : undefined),
    },
  });
});
afterEach(() => rm(home, { recursive: true }));

const AGENT: Agent = {
  id: "agt_1",
  sessionId: "ses_1",
  number: 1,
  name: "Agent_1",
  role: "worker",
  model: null,
  permissionMode: "default",
  layout: "tab",
  cwd: "/app",
  systemPrompt: null,
  protocol: null,
  claudeArgs: [],
  envNames: [],
  parentId: null,
  worktree: null,
  configDir: "",
  claudeBin: "/claude",
  claudeVersion: "2.1.330",
  conversationId: CONVERSATION,
  terminal: null,
  lifecycle: "open",
  launchedAt: null,
  isAdopted: false,
  tokenHash: "",
  createdAt: 0,
};

function hook(name: string, more: Record<string, unknown> = {}): string {
  return `${JSON.stringify({ session_id: CONVERSATION, prompt_id: "p1", hook_event_name: name, ...more })}\n`;
}

function session(more: Record<string, unknown> = {}): Promise<void> {
  const json = {
    pid: 4711,
    sessionId: CONVERSATION,
    procStart: "100",
    startedAt: clock.now(),
    statusUpdatedAt: clock.now(),
    ...more,
  };
  return writeFile(join(agent.configDir, "sessions", "4711.json"), JSON.stringify(json));
}

const noScreen = async () => undefined;

describe("observe", () => {
  test("an older Claude Code is idle once it has asked for our tools, or some time after its launch without", async () => {
    await writeFile(join(folder, "pid"), "4711\n");
    await session({ status: "idle", statusUpdatedAt: clock.now() - 100 });
    const stateOf = async (change: Partial<Agent>) =>
      (await reader.observe({ ...agent, ...change }, undefined, noScreen)).state;
    const old = { claudeVersion: "2.1.197" };

    expect(await stateOf(old)).toBe("starting");
    expect(await stateOf({ ...old, launchedAt: clock.now() - 10_001 })).toBe("idle");
    for (const claudeVersion of ["2.1.330", "fake"]) expect(await stateOf({ claudeVersion })).toBe("idle");
    const changed = reader.watch([{ ...agent, ...old }], 5_000);
    await writeFile(join(folder, "connected"), "");
    await changed;
    expect(await stateOf(old)).toBe("idle");
  });

  test("follows a launch from nothing to idle and to its end", async () => {
    const states: string[] = [];
    const observe = async () => states.push((await reader.observe(agent, undefined, noScreen)).state);

    await observe();
    await writeFile(join(folder, "pid"), "4711\n");
    await observe();
    // File times may lag a few ms behind the clock; no prompt follows that fast in life.
    await session({ status: "idle", statusUpdatedAt: clock.now() - 100 });
    await observe();
    await appendFile(spool, hook("UserPromptSubmit", { prompt: "hi" }));
    await observe();
    await session({ status: "busy" });
    await observe();
    await appendFile(spool, hook("Stop") + hook("SessionEnd", { reason: "prompt_input_exit" }));
    await rm(join(agent.configDir, "sessions", "4711.json"));
    living.clear();
    await observe();

    expect(states).toEqual(["starting", "starting", "idle", "working", "working", "exited"]);
  });

  test("does not take the end of an earlier launch for this one's, however shortly before it was", async () => {
    await writeFile(join(folder, "pid"), "4711\n");
    await appendFile(spool, hook("SessionStart") + hook("SessionEnd", { reason: "other" }));
    const now = clock.now() / 1000;
    const observe = async () => (await reader.observe({ ...agent, launchedAt: now * 1000 }, undefined, noScreen)).state;

    await utimes(join(folder, "pid"), now - 60, now - 60);
    await utimes(spool, now - 0.01, now - 0.01);
    expect(await observe(), "the launcher has not begun").toBe("starting");
    await rm(join(folder, "pid"));
    expect(await observe(), "the pid of before is removed, its own not there yet").toBe("starting");
    await writeFile(join(folder, "pid"), "4711\n");
    await utimes(join(folder, "pid"), now + 0.005, now + 0.005);
    expect(await observe(), "it has, and Claude Code has told nothing").toBe("starting");
    await utimes(spool, now + 0.01, now + 0.01);
    expect(await observe(), "this launch's own").toBe("exited");
  });

  test("does not take the pid of an earlier launch for this one's", async () => {
    await writeFile(join(folder, "pid"), "4711\n");
    await utimes(join(folder, "pid"), 1000, 1000);
    await session({ status: "idle" });

    expect((await reader.observe(agent, undefined, noScreen)).state).toBe("starting");
  });

  describe("an adopted process", () => {
    const adopted = () => ({ ...agent, isAdopted: true, launchedAt: 1000 });

    test("is found by its start, also after /clear, and not mistaken for another one with its conversation", async () => {
      await session({ status: "waiting", waitingFor: "permission prompt", startedAt: 1000, sessionId: "after-clear" });
      const state = await reader.observe(adopted(), undefined, noScreen);
      expect(state).toMatchObject({ state: "waiting", waitingFor: { kind: "permission" }, pid: 4711 });
      expect(await reader.currentConversation(adopted())).toBe("after-clear");

      await session({ status: "idle", startedAt: 2000 });
      expect((await reader.observe(adopted(), undefined, noScreen)).state).toBe("exited");
    });

    test("has exited when its session file is gone, crashed when that was left behind, is lost with its terminal", async () => {
      const ended = { exists: true, isRunning: false };
      expect((await reader.observe(adopted(), ended, noScreen)).state).toBe("exited");
      expect((await reader.observe(adopted(), { exists: false, isRunning: false }, noScreen)).state).toBe("lost");

      await session({ status: "busy", startedAt: 1000 });
      living.clear();
      const crashed = await reader.observe(adopted(), ended, noScreen);
      expect(crashed).toMatchObject({ state: "errored", error: { kind: "crash" } });
    });
  });

  test("the pid of before a reboot is not this agent's, whoever has it now", async () => {
    await writeFile(join(folder, "pid"), "4711\n");
    const record = (startedAt: number) =>
      writeFile(join(folder, "process"), `4711 (launch) nce_1) S ${"0 ".repeat(18)}${startedAt} 0\n`);
    await record(100);
    expect((await reader.observe(agent, undefined, noScreen)).state).toBe("starting");

    await record(12345);
    const gone = { exists: false, isRunning: false };
    expect(await reader.observe(agent, gone, noScreen)).toMatchObject({
      state: "lost",
      because: expect.stringContaining("pid 4711 gone"),
    });
  });

  test("tells the conversation that was open when the process ended, by the newest hook event of its launch", async () => {
    await writeFile(join(folder, "pid"), "4711\n");
    living.clear();
    await appendFile(spool, hook("SessionStart", { source: "clear", session_id: "after-clear" }));

    expect(await reader.currentConversation(agent)).toBe("after-clear");
    expect(await reader.currentConversation({ ...agent, launchedAt: Date.now() + 60_000 })).toBeUndefined();
  });

  test("asks for the screen only where nothing else decides", async () => {
    let asked = 0;
    const screen = async () => {
      asked += 1;
      return {
        lines: [" Accessing workspace:", "", " ❯ No, exit", "   Yes, I trust this folder", "", " Enter to confirm"],
      };
    };
    await writeFile(join(folder, "pid"), "4711\n");

    expect(await reader.observe(agent, undefined, screen)).toMatchObject({
      state: "waiting",
      waitingFor: { kind: "dialog" },
    });
    await session({ status: "idle" });
    await appendFile(spool, hook("SessionStart", { source: "startup" }));
    expect((await reader.observe(agent, undefined, screen)).state).toBe("idle");
    expect(asked).toBe(1);
  });

  test("without hooks, the transcript tells that the last turn failed", async () => {
    const writer = new TranscriptWriter();
    writer.prompt("p1", "hello");
    writer.apiError("Please run /login", "authentication_failed");
    await writeFile(transcript, writer.content);
    await writeFile(join(folder, "pid"), "4711\n");
    await session({ status: "idle" });

    const launchedEarlier = { ...agent, launchedAt: Date.UTC(2026, 0, 1) };
    expect(await reader.observe(launchedEarlier, undefined, noScreen)).toMatchObject({
      state: "errored",
      error: { kind: "auth", message: "Please run /login" },
    });
    // It resumed a conversation that had failed before.
    expect((await reader.observe(agent, undefined, noScreen)).state).toBe("idle");
  });
});

describe("R2-20: delivery", () => {
  test("is proved by newer evidence with this very text alone", async () => {
    const writer = new TranscriptWriter();
    writer.prompt("p0", "same text");
    await writeFile(spool, hook("UserPromptSubmit", { prompt: "same text", prompt_id: "p0" }));
    await writeFile(transcript, writer.content);
    const position = await reader.position(agent);

    expect(await reader.delivery(agent, CONVERSATION, "same text", position)).toEqual({});

    await appendFile(spool, hook("UserPromptSubmit", { prompt: "same text and more" }));
    await appendFile(spool, hook("UserPromptSubmit", { prompt: "same text", session_id: "another" }));
    expect(await reader.delivery(agent, CONVERSATION, "same text", position)).toEqual({});

    await appendFile(spool, hook("UserPromptSubmit", { prompt: "same text" }));
    expect(await reader.delivery(agent, CONVERSATION, "same text", position)).toEqual({
      submitted: { promptId: "p1", at: expect.any(Number) },
    });

    const before = writer.content.length;
    const entryId = writer.prompt("p1", '\n\n<pasted_content id="7">\nsame text\n</pasted_content id="7">\n');
    await appendFile(transcript, writer.content.slice(before));
    const proof = await reader.delivery(agent, CONVERSATION, "same text", position);
    expect(proof.recorded).toMatchObject({ promptId: "p1", entryId });
  });

  test("counts a message that a running turn took up", async () => {
    const writer = new TranscriptWriter();
    writer.prompt("p1", "work");
    writer.add({ type: "attachment", attachment: { type: "queued_command", prompt: "meanwhile" } });
    await writeFile(transcript, writer.content);

    const proof = await reader.delivery(agent, CONVERSATION, "meanwhile", { spool: 0, transcript: 0 });

    expect(proof.recorded?.promptId).toBe("p1");
  });

  test("tells what stands in Claude Code's own queue, until something leaves that", async () => {
    const writer = new TranscriptWriter();
    const evidence = async () => {
      await writeFile(transcript, writer.content);
      return reader.delivery(agent, CONVERSATION, "meanwhile", { spool: 0, transcript: 0 });
    };
    writer.prompt("p1", "work");
    writer.other({ type: "queue-operation", operation: "enqueue", content: "another" });
    expect(await evidence()).toEqual({});
    writer.other({ type: "queue-operation", operation: "enqueue", content: "meanwhile" });
    writer.other({ type: "queue-operation", operation: "enqueue", content: "a third" });
    expect(await evidence()).toEqual({ isQueued: true });
    writer.other({ type: "queue-operation", operation: "dequeue" });
    expect(await evidence()).toEqual({});
    writer.prompt("p2", "meanwhile");
    expect(await evidence()).toMatchObject({ recorded: { promptId: "p2" } });
  });

  test("finds the turn that took a message up, although it began before the message was typed", async () => {
    const writer = new TranscriptWriter();
    writer.prompt("p0", "earlier");
    writer.text("m0", "done");
    writer.prompt("p1", "work");
    writer.assistant("m1", "tool_use", [{ type: "tool_use", id: "t1", name: "Bash", input: {} }]);
    await writeFile(transcript, writer.content);
    const position = await reader.position(agent);
    writer.result("p1", "t1", "ok");
    writer.add({ type: "attachment", attachment: { type: "queued_command", prompt: "meanwhile" } });
    await writeFile(transcript, writer.content);

    const { recorded } = await reader.delivery(agent, CONVERSATION, "meanwhile", position);
    expect(recorded?.promptId).toBe("p1");
    const turn = () => reader.turn(agent, CONVERSATION, "p1", position.transcript);
    expect((await turn())?.isOver).toBe(false);
    writer.text("m2", "both done");
    await writeFile(transcript, writer.content);
    expect(await turn()).toMatchObject({ isOver: true, answer: { text: "both done" } });
    expect(await reader.turn(agent, CONVERSATION, "p0", position.transcript)).toBeUndefined();
  });

  test("a position inside a half-written line still sees what follows", async () => {
    const writer = new TranscriptWriter();
    writer.prompt("p1", "hello");
    await writeFile(transcript, writer.content);

    expect(await reader.delivery(agent, CONVERSATION, "hello", { spool: 0, transcript: 5 })).toEqual({});
    const size = writer.content.length;
    writer.prompt("p2", "world");
    await writeFile(transcript, writer.content);
    const proof = await reader.delivery(agent, CONVERSATION, "world", { spool: 0, transcript: size - 5 });
    expect(proof.recorded?.promptId).toBe("p2");
  });
});

describe("a turn's end", () => {
  test("waits for the session that is still busy with it, while the process lives", async () => {
    const writer = new TranscriptWriter();
    writer.prompt("p1", "work");
    writer.text("m1", "first part");
    await writeFile(transcript, writer.content);
    await writeFile(spool, hook("Stop", { last_assistant_message: "first part" }));
    await writeFile(join(folder, "pid"), "4711\n");
    const isOver = async () => (await reader.turn(agent, CONVERSATION, "p1", 0))?.isOver;

    await session({ status: "busy" });
    expect([await isOver(), (await reader.lastAnswer(agent, CONVERSATION))?.turn.isOver]).toEqual([false, false]);
    await session({ status: "busy", sessionId: "22222222-2222-4222-8222-222222222222" });
    expect(await isOver()).toBe(true);
    await session({ status: "idle" });
    expect(await isOver()).toBe(true);
    await session({ status: "busy" });
    living.clear();
    expect(await isOver()).toBe(true);
  });

  test("is told by the session alone where Escape came before the first word", async () => {
    const writer = new TranscriptWriter();
    writer.prompt("p1", "work");
    await writeFile(transcript, writer.content);
    await writeFile(spool, hook("UserPromptSubmit", { prompt: "work" }));
    await writeFile(join(folder, "pid"), "4711\n");

    await session({ status: "idle", statusUpdatedAt: clock.now() - 10_000 });
    const turn = await reader.turn(agent, CONVERSATION, "p1", 0);
    expect(turn).toMatchObject({ isOver: true, answer: { interrupted: true, text: "" } });
    await session({ status: "busy", statusUpdatedAt: clock.now() - 10_000 });
    expect((await reader.turn(agent, CONVERSATION, "p1", 0))?.isOver).toBe(false);
  });
});

describe("nothing is there yet", () => {
  test("R2-35: no transcript means no answer, no entries, no tokens", async () => {
    expect(await reader.transcriptPath(agent, CONVERSATION)).toBeUndefined();
    expect(await reader.transcriptPath(agent, "../../outside")).toBeUndefined();
    expect(await reader.lastAnswer(agent, CONVERSATION)).toBeUndefined();
    expect(await reader.turn(agent, CONVERSATION, "p1", 0)).toBeUndefined();
    expect(await reader.position(agent)).toEqual({ spool: 0, transcript: 0 });
    expect(await reader.usage(agent, [CONVERSATION])).toMatchObject({ inputTokens: 0 });
    const page = await reader.entries(agent, CONVERSATION, { include: new Set() }, () => "person");
    expect(page).toEqual({ entries: [], offset: 0, hasMore: false });
  });
});

describe("watch", () => {
  async function settled(): Promise<void> {
    // Changes of the last quarter of a second make watch return at once.
    const old = new Date(clock.now() - 60_000);
    await utimes(spool, old, old);
  }

  test("returns when the spool grows, long before its time is over", async () => {
    await writeFile(spool, hook("SessionStart"));
    await settled();
    const begin = clock.monotonic();
    const watching = reader.watch([agent], 15_000);
    await appendFile(spool, hook("Stop"));
    await watching;

    expect(clock.monotonic() - begin).toBeLessThan(5000);
  });

  test("returns soon when something changed just before the call", async () => {
    await writeFile(spool, hook("Stop"));
    const begin = clock.monotonic();
    await reader.watch([agent], 15_000);

    expect(clock.monotonic() - begin).toBeLessThan(5000);
  });

  test("returns after its time when nothing changes, also when nothing exists", async () => {
    await reader.watch([{ ...agent, id: "agt_none" }], 30);
  });

  test("is cancelled by its signal", async () => {
    const controller = new AbortController();
    const watching = reader.watch([{ ...agent, id: "agt_none" }], 15_000, controller.signal);
    controller.abort();

    await expect(watching).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
