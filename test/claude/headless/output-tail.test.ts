import { appendFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { assessHeadless, withOutput } from "../../../src/claude/headless/assess-headless.ts";
import { readOutputTail } from "../../../src/claude/headless/output-tail.ts";
import type { HookEvent } from "../../../src/claude/spool/hook-event.ts";
import type { StateEvidence } from "../../../src/claude/state/evidence.ts";
import { type OpenBytes, openFile } from "../../../src/claude/transcript/byte-source.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const NOW = 1_795_244_200_000;

const INIT = { type: "system", subtype: "init" };
const ECHO = {
  type: "user",
  isReplay: true,
  parent_tool_use_id: null,
  message: { content: [{ type: "text", text: "x" }] },
};
const SAID = { type: "assistant", parent_tool_use_id: null, message: { content: [] } };
const DONE = { type: "result", subtype: "success", is_error: false, terminal_reason: "completed", result: "ok" };
const FAILED = {
  ...DONE,
  is_error: true,
  api_error_status: 429,
  terminal_reason: "api_error",
  result: "API Error: 429",
};
const STOPPED = { ...DONE, subtype: "error_during_execution", is_error: true, terminal_reason: "aborted_streaming" };
const RETRY = {
  type: "system",
  subtype: "api_retry",
  attempt: 5,
  max_retries: 10,
  retry_delay_ms: 9159,
  error_status: 401,
  error: "authentication_failed",
};
const asks = (id: string, useId = `use-${id}`) => ({
  type: "control_request",
  request_id: id,
  request: { subtype: "can_use_tool", tool_name: "Bash", input: { command: `touch ${id}` }, tool_use_id: useId },
});
const answered = (id: string) => ({
  type: "control_response",
  response: { request_id: id, response: { behavior: "allow" } },
});
const withdrawn = (id: string) => ({ type: "control_cancel_request", request_id: id });
const ran = (useId: string) => ({
  type: "user",
  parent_tool_use_id: null,
  message: { content: [{ type: "tool_result", tool_use_id: useId }] },
});

describe("the end of a headless agent's output", () => {
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
  let file: string;

  beforeEach(async () => {
    folder = await temporaryDirectory();
    file = join(folder.path, "out.jsonl");
  });
  afterEach(() => folder.remove());

  async function tail(...lines: unknown[]) {
    await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    return readOutputTail(openFile, file);
  }
  const openIds = async (...lines: unknown[]) => (await tail(...lines)).asked.map(({ controlId }) => controlId);

  /** The state of an agent whose hooks reported these events, with or without a status of its own. */
  async function state(lines: unknown[], changes: Changes = {}) {
    const output = await tail(...lines);
    return assessHeadless(withOutput(evidenceOf(changes), { ...output, writtenAt: NOW - 3_000 }));
  }

  it("is silent where there is no file, no line, or only half a line", async () => {
    const silent = { phase: "silent", asked: [], result: undefined, retry: undefined };

    expect(await readOutputTail(openFile, file)).toEqual({ ...silent, writtenAt: null });
    expect(await tail()).toMatchObject(silent);
    await appendFile(file, JSON.stringify(INIT));
    expect(await readOutputTail(openFile, file)).toMatchObject(silent);
    expect(await tail("no object", 7, null, { type: 7 }, { type: "control_request" })).toMatchObject(silent);
  });

  it("tells a running turn from one that is over", async () => {
    expect(await tail(INIT, ECHO, SAID)).toMatchObject({ phase: "running" });
    expect(await tail(INIT, SAID, DONE)).toMatchObject({ phase: "over", result: { isError: false } });
    expect(await tail(INIT, DONE, ECHO)).toMatchObject({ phase: "over" });
    expect(await tail(INIT, DONE, { ...SAID, parent_tool_use_id: "toolu_1" })).toMatchObject({ phase: "over" });
    expect(await tail(INIT, DONE, INIT)).toMatchObject({ phase: "running", result: undefined });
    expect(await tail(INIT, RETRY)).toMatchObject({
      phase: "running",
      retry: "authentication_failed (401), in 10 s, attempt 5/10",
    });
    expect((await tail(INIT, RETRY, SAID)).retry).toBeUndefined();
  });

  it("knows which requests nobody has answered, oldest first", async () => {
    expect(await openIds(INIT, asks("a"), asks("b"))).toEqual(["a", "b"]);
    expect(await openIds(INIT, asks("a"), asks("b"), answered("a"))).toEqual(["b"]);
    expect(await openIds(INIT, asks("a"), withdrawn("a"), STOPPED)).toEqual([]);
    expect(await openIds(INIT, asks("a"), ran("use-a"))).toEqual([]);
    expect(await openIds(INIT, asks("background"), SAID, DONE, INIT, DONE)).toEqual(["background"]);
  });

  it("is read from its end only, past lines of megabytes", async () => {
    const large = { ...SAID, text: "x".repeat(3_000_000) };
    await tail(...Array.from({ length: 10 }, () => large), INIT, asks("a"));
    let read = 0;
    const counting: OpenBytes = async (path) => {
      const source = await openFile(path);
      if (!source) return undefined;
      const count = async (into: Buffer, at: number) => {
        read += into.length;
        return source.read(into, at);
      };
      return { ...source, read: count };
    };

    const { asked } = await readOutputTail(counting, file);

    expect(asked).toHaveLength(1);
    expect(read).toBeLessThan(4_000_000);
  });

  it("makes an agent idle, working, waiting or errored where no session file tells", async () => {
    expect(await state([])).toMatchObject({
      state: "idle",
      because: expect.stringContaining("its output says idle for 3 s"),
    });
    expect(await state([INIT, SAID])).toMatchObject({ state: "working", pid: 811 });
    expect(await state([INIT, SAID, DONE])).toMatchObject({ state: "idle", pid: 811 });
    expect(await state([INIT, RETRY])).toMatchObject({
      state: "working",
      because: expect.stringMatching(/^working because it tries again: authentication_failed \(401\)/),
    });
    expect(await state([INIT, asks("a")])).toMatchObject({
      state: "waiting",
      because: "waiting because its output asks can_use_tool (Bash) for 3 s, pid 811 alive",
      waitingFor: { kind: "permission", tool: "Bash", summary: "Bash: touch a" },
    });
    expect(await state([INIT, FAILED])).toMatchObject({ state: "errored", error: { kind: "rate_limit" }, pid: 811 });
    expect(await state([INIT, STOPPED])).toMatchObject({ state: "idle" });
  });

  it("does not believe a PermissionRequest event that its output does not ask any more", async () => {
    const events = [event("SessionStart", 0), event("UserPromptSubmit", 1), event("PermissionRequest", 2)];

    expect(await state([INIT, asks("a"), answered("a")], { events, status: "waiting" })).toMatchObject({
      state: "working",
    });
    expect(await state([INIT, asks("a"), answered("a")], { events, writtenAt: NOW })).toMatchObject({
      state: "working",
    });
  });

  it("names the same request by the same id at every look", async () => {
    const first = await state([INIT, asks("a")]);
    const again = await state([INIT, asks("a")], { status: "waiting" });
    const other = await state([INIT, asks("a"), answered("a"), asks("b")]);

    expect(first.waitingFor?.requestId).toBe(again.waitingFor?.requestId);
    expect(other.waitingFor?.requestId).not.toBe(first.waitingFor?.requestId);
  });

  it("has lost an agent that runs while its output is gone, but not one whose terminal is being opened", async () => {
    await rm(file, { force: true });
    const output = await readOutputTail(openFile, file);

    expect(assessHeadless(withOutput(evidenceOf({}), output))).toMatchObject({ state: "lost", pid: 811 });
    expect(assessHeadless(withOutput(evidenceOf({}), output, { isOpen: false })).state).toBe("idle");
  });

  it("says nothing of a process that is gone, or has not begun", async () => {
    const gone = { process: { pid: 811, isAlive: false }, terminal: { exists: true, isRunning: false, exitCode: 137 } };

    expect(await state([INIT, asks("a")], gone)).toMatchObject({ state: "errored", error: { kind: "crash" } });
    expect(await state([], { events: [], writtenAt: null })).toMatchObject({ state: "starting" });
    expect(await state([INIT], { session: undefined, events: [], writtenAt: null })).toMatchObject({
      state: "starting",
    });
  });
});

function event(name: string, offset: number): HookEvent {
  return { offset, name, sessionId: "s", promptId: null, transcriptPath: null, subagentId: null };
}

type Changes = Partial<StateEvidence> & { status?: string | null };

function evidenceOf({ status = null, ...rest }: Changes): StateEvidence {
  return {
    now: NOW,
    lifecycle: "open",
    launchedAt: NOW - 60_000,
    process: { pid: 811, isAlive: true },
    terminal: undefined,
    session: {
      pid: 811,
      sessionId: "s",
      status,
      waitingFor: null,
      statusAt: NOW - 5_000,
      startedAt: NOW - 60_000,
      procStart: "1",
      cwd: "/",
      name: null,
      version: null,
      isInteractive: true,
    },
    events: [event("SessionStart", 0)],
    writtenAt: NOW - 50_000,
    ...rest,
  };
}
