import { describe, expect, test } from "vitest";
import { parseSessionFile } from "../../../src/claude/session-file/session-file.ts";
import { type HookEvent, parseHookEvent } from "../../../src/claude/spool/hook-event.ts";
import { assessState, needsFailure, needsScreen } from "../../../src/claude/state/assess-state.ts";
import type { StateEvidence } from "../../../src/claude/state/evidence.ts";
import type { StateReport } from "../../../src/core/agent.ts";
import { fixture, hookFixtures, screenFixture, VERSIONS, type Version } from "../fixtures.ts";

const NOW = 1_795_244_200_000;
const PID = 811;

/** An agent that is up and idle since 10 s, before anything was asked of it. */
function evidence(changes: Partial<StateEvidence> = {}): StateEvidence {
  return {
    now: NOW,
    lifecycle: "open",
    launchedAt: NOW - 60_000,
    process: { pid: PID, isAlive: true },
    terminal: { exists: true, isRunning: true, pid: PID },
    session: sessionFile("idle", 10_000),
    events: [],
    writtenAt: null,
    ...changes,
  };
}

function sessionFile(status: string | null, ageMs: number, waitingFor: string | null = null): StateEvidence["session"] {
  return {
    pid: PID,
    sessionId: "s",
    status,
    waitingFor,
    statusAt: NOW - ageMs,
    startedAt: NOW - 60_000,
    procStart: "1",
    cwd: "/",
    name: null,
    version: null,
    isInteractive: true,
  };
}

/** Events in order; the last one is `ageMs` old. */
function events(ageMs: number, ...jsons: Record<string, unknown>[]): Pick<StateEvidence, "events" | "writtenAt"> {
  const parsed = jsons.flatMap((json, index): HookEvent[] => {
    const event = parseHookEvent(
      Buffer.from(JSON.stringify({ session_id: "s", prompt_id: "p", ...json })),
      index * 1000,
    );
    return event ? [event] : [];
  });
  return { events: parsed, writtenAt: NOW - ageMs };
}

const started = { hook_event_name: "SessionStart", source: "startup" };
const prompted = { hook_event_name: "UserPromptSubmit", prompt: "hello" };
const stopped = { hook_event_name: "Stop", last_assistant_message: "hi" };
const ended = (reason: string) => ({ hook_event_name: "SessionEnd", reason });

function state(changes: Partial<StateEvidence>): StateReport {
  return assessState(evidence(changes));
}

describe("R2-05: while the process lives", () => {
  test("exited as soon as it said that it ends, though the process takes a moment more; never starting again", () => {
    const report = state({ session: undefined, ...events(50, started, prompted, stopped, ended("other")) });

    expect(report).toMatchObject({ state: "exited", pid: PID });
    expect(report.because).toContain("SessionEnd (other)");
    expect(state({ session: undefined, ...events(50, started, ended("clear")) }).state).not.toBe("exited");
  });

  test("starting until there is a session file", () => {
    const report = state({ session: undefined, launchedAt: NOW - 700, ...events(100, started) });

    expect(report).toEqual({
      state: "starting",
      because: "starting because launched 1 s ago, no session file yet, pid 811 alive",
      since: NOW - 700,
      pid: PID,
    });
    expect(state({ session: sessionFile(null, 0) }).state).toBe("starting");
    expect(state({ session: undefined, process: undefined }).state).toBe("starting");
  });

  test("starting until it has our tools, where this version would send a prompt without them", () => {
    const justStarted = { isWithoutTools: true, session: sessionFile("idle", 500), ...events(500, started) };

    expect(state({ ...justStarted, launchedAt: NOW - 900 })).toEqual({
      state: "starting",
      because: "starting because its tools are not connected yet, session file says idle for 1 s, pid 811 alive",
      since: NOW - 900,
      pid: PID,
    });
    expect(state({ ...justStarted, isWithoutTools: false }).state).toBe("idle");
    // Somebody was faster in its terminal: what came of that counts.
    expect(state({ ...justStarted, ...events(100, started, prompted, stopped) }).state).toBe("idle");
    expect(state({ ...justStarted, session: sessionFile("busy", 100) }).state).toBe("working");
  });

  test("events of an earlier launch do not count", () => {
    const old = { session: undefined, launchedAt: NOW - 700, ...events(5000, started, prompted, ended("other")) };

    expect(state(old).state).toBe("starting");
    expect(state({ ...events(500, prompted, ended("other"), { ...started, source: "resume" }) }).state).toBe("idle");
  });

  test("idle after Stop, with the evidence and its age", () => {
    expect(state({ session: sessionFile("idle", 3000), ...events(3100, started, prompted, stopped) })).toEqual({
      state: "idle",
      because: "idle because Stop 3 s ago, session file says idle for 3 s, pid 811 alive",
      since: NOW - 3000,
      pid: PID,
    });
  });

  test("idle while a background shell runs", () => {
    const stop = { ...stopped, background_tasks: [{ id: "b", type: "shell", status: "running" }] };
    const report = state({ session: sessionFile("shell", 3000), ...events(3000, prompted, stop) });

    expect(report.state).toBe("idle");
    expect(report.because).toContain("1 background task");
  });

  test("working from the prompt on, although the session file still says idle", () => {
    const report = state({
      session: sessionFile("idle", 9000),
      ...events(30, { ...stopped, prompt_id: "earlier" }, prompted),
    });

    expect(report).toMatchObject({ state: "working", since: NOW - 30 });
    expect(report.because).toContain("UserPromptSubmit 0 s ago");
  });

  test("working while the session file says busy, also just after Stop", () => {
    expect(state({ session: sessionFile("busy", 4000), ...events(4030, prompted) }).state).toBe("working");
    expect(state({ session: sessionFile("busy", 4000), ...events(20, prompted, stopped) }).state).toBe("working");
    expect(state({ session: sessionFile("busy", 4000) }).state).toBe("working");
  });

  test("idle after Esc, which no hook reports", () => {
    const report = state({ session: sessionFile("idle", 2000), ...events(8000, prompted) });

    expect(report.state).toBe("idle");
    expect(report.because).toContain("UserPromptSubmit 8 s ago without Stop: interrupted");
  });

  test("for a moment nobody knows whether a turn was interrupted or failed: it counts as working until then", () => {
    const turn = events(8000, prompted);

    expect(state({ session: sessionFile("idle", 50), ...turn }).state).toBe("working");
    expect(state({ session: sessionFile("idle", 50), ...turn, isInterrupted: true }).state).toBe("idle");
    expect(state({ session: sessionFile("idle", 200), ...turn }).state).toBe("idle");
  });

  test("idle after Esc in a tool", () => {
    const tool = {
      hook_event_name: "PreToolUse",
      tool_name: "Bash",
      tool_input: { command: "sleep 9" },
      tool_use_id: "t",
    };

    expect(state({ session: sessionFile("idle", 2000), ...events(4000, prompted, tool) }).state).toBe("idle");
  });

  test("working from the first tool on, although the session file still says idle: never idle in between", () => {
    const tool = { hook_event_name: "PreToolUse", tool_name: "Bash", tool_input: { command: "ls" } };
    const asked = { ...tool, hook_event_name: "PermissionRequest" };
    const late = { ...tool, hook_event_name: "PostToolUseFailure" };

    expect(state({ session: sessionFile("idle", 9000), ...events(30, prompted, tool) }).state).toBe("working");
    expect(state({ session: sessionFile("idle", 9000), ...events(30, prompted, tool, asked) }).state).toBe("waiting");
    expect(state({ session: sessionFile("idle", 200), ...events(30, prompted, tool, late) }).state).toBe("idle");
  });

  test("idle where the event of the prompt was written after that of its end", () => {
    const report = state({ session: sessionFile("idle", 40), ...events(10, started, stopped, prompted) });

    expect(report).toMatchObject({ state: "idle", because: expect.not.stringContaining("interrupted") });
  });

  test("working while a failed request is tried again, which only the screen tells", () => {
    const lines = ["✻ 529 Overloaded · retrying in 32s · attempt 6/10", "", "─".repeat(60), "❯ ", "─".repeat(60)];
    const silent = { session: sessionFile("busy", 30_000), ...events(30_000, prompted) };
    const tool = { hook_event_name: "PreToolUse", tool_name: "Bash", tool_input: { command: "make" } };

    expect(needsScreen(evidence(silent))).toBe(true);
    expect(state({ ...silent, screen: { lines } })).toMatchObject({
      state: "working",
      because: expect.stringContaining("it tries again: 529 Overloaded, in 32s, attempt 6/10"),
    });
    expect(needsScreen(evidence({ session: sessionFile("busy", 5000), ...events(5000, prompted) }))).toBe(false);
    expect(needsScreen(evidence({ ...silent, ...events(30_000, prompted, tool) }))).toBe(false);
  });

  test("a subagent's events do not make it idle or working", () => {
    const sub = { hook_event_name: "PreToolUse", agent_id: "a1", tool_name: "Bash", tool_input: {} };

    expect(state({ session: sessionFile("idle", 50), ...events(10, prompted, stopped, sub) }).state).toBe("idle");
    expect(
      state({ session: sessionFile("busy", 5000), ...events(10, prompted, { ...stopped, agent_id: "a1" }) }).state,
    ).toBe("working");
  });

  test("/clear gives a new conversation, and the old turn's error is gone with it", () => {
    const failure = { hook_event_name: "StopFailure", error: "server_error", last_assistant_message: "API Error: 500" };
    const cleared = events(10, prompted, failure, ended("clear"), { ...started, session_id: "new", source: "clear" });

    expect(state({ ...cleared }).state).toBe("idle");
  });

  test("compaction is no error and no end", () => {
    const compacted = events(
      10,
      prompted,
      stopped,
      { hook_event_name: "PreCompact" },
      { ...started, source: "compact" },
    );

    expect(state({ ...compacted }).state).toBe("idle");
    expect(state({ session: sessionFile("busy", 100), ...compacted }).state).toBe("working");
  });

  test("hooks decide where no session file is ever written", () => {
    const without = { session: undefined };

    expect(state({ ...without, ...events(9000, started) }).state).toBe("idle");
    expect(state({ ...without, ...events(100, started, prompted) }).state).toBe("working");
    expect(state({ ...without, ...events(100, started, prompted, stopped) }).state).toBe("idle");
  });

  test("a word of the session file that nobody knows leaves it to the hooks", () => {
    const session = sessionFile("pondering", 100);

    expect(state({ session, ...events(100, prompted) }).state).toBe("working");
    expect(state({ session, ...events(100, prompted, stopped) }).state).toBe("idle");
  });
});

describe("R2-05: waiting", () => {
  const ask = { hook_event_name: "PermissionRequest", tool_name: "Bash", tool_input: { command: "touch x" } };
  const use = { ...ask, hook_event_name: "PreToolUse", tool_use_id: "t1" };
  const waiting = sessionFile("waiting", 1000, "permission prompt");

  test("a permission request, before the session file says waiting and after", () => {
    const early = state({ session: sessionFile("busy", 3000), ...events(20, prompted, use, ask) });
    const later = state({ session: waiting, ...events(1020, prompted, use, ask) });

    expect(early.waitingFor).toEqual({
      kind: "permission",
      requestId: expect.stringMatching(/^req_[0-9a-z]{26}$/),
      tool: "Bash",
      summary: "Bash: touch x",
    });
    expect(later.waitingFor).toEqual(early.waitingFor);
    expect(later).toMatchObject({ state: "waiting", since: NOW - 1000 });
  });

  test("answered by a person: busy is newer than the request", () => {
    expect(state({ session: sessionFile("busy", 500), ...events(2000, prompted, use, ask) }).state).toBe("working");
  });

  test("the same question asked twice has two ids", () => {
    const twice = events(1000, prompted, ask, { ...use, hook_event_name: "PostToolUse" }, ask);
    const first = state({ session: waiting, ...events(1000, prompted, ask) }).waitingFor?.requestId;
    const second = state({ session: waiting, ...twice }).waitingFor?.requestId;

    expect(second).not.toBe(first);
  });

  test("of several open requests, the one that the screen shows", () => {
    const other = { ...ask, tool_input: { command: "rm -rf build" } };
    const both = { session: waiting, ...events(1000, prompted, ask, other) };

    expect(needsScreen(evidence(both))).toBe(true);
    expect(state({ ...both, screen: { lines: [" Bash command", "   rm -rf build"] } }).waitingFor?.summary).toBe(
      "Bash: rm -rf build",
    );
    expect(state(both).waitingFor?.summary).toBe("Bash: touch x");
  });

  test("never working in between, where the session file says busy a little after the request", () => {
    const early = { session: sessionFile("busy", 10), ...events(60, prompted, use, ask) };
    const held = { ...early, heldRequests: early.events.slice(-1) };

    expect(state(held).state).toBe("waiting");
    // A person answered; the hook waits on (2.1.197).
    expect(state({ ...held, session: sessionFile("busy", 10), writtenAt: NOW - 2000 }).state).toBe("working");
  });

  test("a subagent in the background asks, while the session file says busy", () => {
    const asked = { ...ask, agent_id: "a1" };
    const busy = { session: sessionFile("busy", 9000), ...events(3000, prompted, stopped, asked) };
    const [request] = busy.events.slice(-1);

    expect(state(busy).state).toBe("working");
    expect(state({ ...busy, heldRequests: request ? [request] : [] })).toMatchObject({
      state: "waiting",
      waitingFor: { kind: "permission", summary: "Bash: touch x" },
    });
  });

  test("a panel that a person opened is a dialog", () => {
    const session = sessionFile("waiting", 1000, "dialog open");
    const screen = { lines: ["  Total cost: $0.01", "", "  Esc to cancel"] };

    expect(needsScreen(evidence({ session }))).toBe(true);
    expect(state({ session, screen, ...events(9000, prompted, stopped) }).waitingFor?.kind).toBe("dialog");
    expect(state({ session }).waitingFor).toMatchObject({ kind: "dialog", summary: "dialog open" });
  });

  test("the screen is not asked where everything is known", () => {
    expect(needsScreen(evidence())).toBe(false);
    expect(needsScreen(evidence({ session: sessionFile("busy", 1) }))).toBe(false);
    expect(needsScreen(evidence({ session: waiting, ...events(1000, prompted, ask) }))).toBe(false);
    expect(needsScreen(evidence({ session: undefined }))).toBe(true);
    // Claude Code has painted nothing yet, and starts faster when nobody looks.
    const { now } = evidence();
    expect(needsScreen(evidence({ session: undefined, launchedAt: now - 100 }))).toBe(false);
  });
});

describe("R2-05: errors", () => {
  const failure = (error: string, message: string) => {
    return events(2000, prompted, { hook_event_name: "StopFailure", error, last_assistant_message: message });
  };

  test.each([
    ["server_error", "API Error: 500", "api"],
    ["overloaded", "API Error: 529", "api"],
    ["model_not_found", "no such model", "api"],
    ["authentication_failed", "Please run /login", "auth"],
    ["billing_error", "Credit balance is too low", "usage_limit"],
    ["rate_limit", "API Error: Request rejected (429)", "rate_limit"],
    ["rate_limit", "You've hit your limit · resets 3pm (UTC)", "usage_limit"],
    ["rate_limit", "You've hit your session limit · resets 5:52pm (UTC)", "usage_limit"],
    ["rate_limit", "You've hit your Opus limit · resets Nov 24, 5:52pm (UTC)", "usage_limit"],
    ["rate_limit", "5-hour limit reached ∙ resets 3pm", "usage_limit"],
    [
      "rate_limit",
      "API Error: Request rejected (429) · Claude usage limit reached. Your limit will reset at 3pm",
      "usage_limit",
    ],
    ["rate_limit", "API Error: Server is temporarily limiting requests (not your usage limit) · x", "rate_limit"],
    ["something_new", "?", "api"],
  ])("%s (%s) is an error of kind %s", (error, message, kind) => {
    expect(state({ session: sessionFile("idle", 1900), ...failure(error, message) })).toMatchObject({
      state: "errored",
      error: { kind, message },
    });
  });

  test("an error is over with the next prompt", () => {
    const again = events(10, prompted, { hook_event_name: "StopFailure", error: "unknown" }, prompted);

    expect(state({ session: sessionFile("busy", 5), ...again }).state).toBe("working");
  });

  const failed = {
    promptId: "p",
    error: "server_error",
    message: "API Error: 500",
    at: NOW - 1950,
    resetsAt: null,
    goesOn: false,
  };

  test("without hooks, the transcript tells that the last turn failed", () => {
    expect(needsFailure(evidence())).toBe(true);
    expect(needsFailure(evidence(events(1, stopped)))).toBe(false);
    expect(state({ failure: failed })).toMatchObject({ since: NOW - 1950, error: { message: "API Error: 500" } });
  });

  test("an error whose StopFailure never came is an error all the same, one of an earlier turn is not", () => {
    const unended = events(2100, prompted);

    expect(needsFailure(evidence(unended))).toBe(true);
    expect(state({ ...unended, failure: failed }).state).toBe("errored");
    expect(state({ ...unended, failure: { ...failed, promptId: "earlier" } }).state).toBe("idle");
  });

  test("a failure of before this launch is none of it", () => {
    expect(state({ failure: { ...failed, at: NOW - 70_000 } }).state).toBe("idle");
  });

  test("R3-10: the time of a retry counts from the failure and does not move while it is read", () => {
    const limited = failure("rate_limit", "API Error: Request rejected (429) · try again in 5 minutes");
    const first = state({ session: sessionFile("idle", 1900), ...limited });
    const later = state({ now: NOW + 60_000, session: sessionFile("idle", 1900), ...limited });
    const exact = {
      promptId: "p",
      error: "rate_limit",
      message: "",
      at: NOW - 2000,
      resetsAt: NOW + 7_000_000,
      goesOn: false,
    };

    expect(first.error?.retryAt).toBe(new Date(NOW - 1900 + 300_000).toISOString());
    expect(later.error?.retryAt).toBe(first.error?.retryAt);
    expect(state({ ...limited, failure: exact })).toMatchObject({
      since: NOW - 2000,
      error: { retryAt: new Date(NOW + 7_000_000).toISOString() },
    });
  });

  test("R3-10: a person's panel, opened and closed since, does not move it either", () => {
    const limited = failure("rate_limit", "API Error: Request rejected (429)");
    const record = { promptId: "p", error: "rate_limit", message: "", at: NOW - 2000, resetsAt: null, goesOn: false };
    const closedJustNow = state({ session: sessionFile("idle", 100), ...limited, failure: record });

    expect(closedJustNow.error?.retryAt).toBe(new Date(NOW - 2000 + 60_000).toISOString());
  });

  test("R2-05: a plan's limit is the error, though Claude Code asks what to do about it", () => {
    const lines = [
      "❯ /rate-limit-options",
      "─".repeat(60),
      "  What do you want to do?",
      "",
      "  ❯ 1. Stop and wait for limit to reset",
      "    2. Upgrade your plan",
      "",
      "  Enter to confirm · Esc to cancel",
    ];
    const report = state({
      session: sessionFile("waiting", 1000, "dialog open"),
      ...failure("rate_limit", "You've hit your session limit · resets 3pm (UTC)"),
      screen: { lines },
    });

    expect(report).toMatchObject({ state: "errored", error: { kind: "usage_limit", retryAt: expect.any(String) } });
    expect(report.waitingFor).toMatchObject({
      kind: "dialog",
      options: ["Stop and wait for limit to reset", "Upgrade your plan"],
    });
  });

  test("R2-05: a dialog that is just being opened or closed hides neither the error nor that the agent is idle", () => {
    const passing = { session: sessionFile("waiting", 100, "dialog open"), screen: { lines: ["", "❯ "] } };
    const limited = failure("rate_limit", "You've hit your session limit · resets 3pm (UTC)");

    expect(state({ ...passing, ...limited })).toMatchObject({ state: "errored", error: { kind: "usage_limit" } });
    expect(state({ ...passing, ...events(3000, prompted, stopped) }).state).toBe("idle");
    expect(state({ ...passing, ...events(3000, prompted) }).state).toBe("working");
  });
});

describe("R2-17: when the process is gone", () => {
  const gone = { process: { pid: PID, isAlive: false } };

  test("exited after /exit, with the exit code where it is known", () => {
    const report = state({
      ...gone,
      session: undefined,
      terminal: { exists: true, isRunning: false, exitCode: 0 },
      ...events(3000, started, prompted, stopped, ended("prompt_input_exit")),
    });

    expect(report).toEqual({
      state: "exited",
      because: "exited because SessionEnd 3 s ago (prompt_input_exit), exit code 0, pid 811 gone",
      since: NOW - 3000,
      exitCode: 0,
    });
  });

  test("exited when it was asked to end by a signal", () => {
    const terminal = { exists: true, isRunning: false, exitCode: 143 };

    expect(state({ ...gone, session: undefined, terminal, ...events(100, started, ended("other")) })).toMatchObject({
      state: "exited",
      exitCode: 143,
    });
  });

  test.each([
    ["a signal the backend saw", { exists: true, isRunning: false, exitSignal: 9 }],
    ["an exit code of a signal", { exists: true, isRunning: false, exitCode: 137 }],
    ["a fault", { exists: true, isRunning: false, exitSignal: 11 }],
    ["an exit code without SessionEnd", { exists: true, isRunning: false, exitCode: 1 }],
    ["nothing but the session file left behind", undefined],
  ])("R1-07: crashed, by %s", (_, terminal) => {
    expect(state({ ...gone, terminal, ...events(100, started, prompted) })).toMatchObject({
      state: "errored",
      error: { kind: "crash" },
    });
  });

  test("a launch that failed says what was printed", () => {
    const failed = {
      ...gone,
      session: undefined,
      terminal: { exists: true, isRunning: false, exitCode: 1 },
    };
    const screen = { lines: ["No conversation found with session ID: abc", "", "Pane is dead (status 1, Sat)"] };

    expect(needsScreen(evidence(failed))).toBe(true);
    expect(state({ ...failed, screen }).error).toEqual({
      kind: "launch",
      message: "No conversation found with session ID: abc",
    });
    expect(state(failed).error?.kind).toBe("launch");
    expect(state({ ...failed, ...events(10, ended("other")) }).error?.kind).toBe("launch");
    expect(state({ ...failed, ...events(10, started, stopped, ended("other"), ended("other")) }).error?.kind).toBe(
      "launch",
    );
  });

  test("lost when its terminal went away with it, or without it", () => {
    const terminal = { exists: false, isRunning: false };

    expect(state({ ...gone, terminal, ...events(100, started, ended("other")) }).state).toBe("lost");
    expect(state({ ...gone, terminal }).state).toBe("lost");
    expect(state({ terminal }).state).toBe("lost");
    expect(state({ ...gone, terminal, ...events(100, started, ended("prompt_input_exit")) }).state).toBe("exited");
  });

  test("exited when claude-orch closed it, whatever else is left", () => {
    expect(state({ lifecycle: "closed", terminal: undefined }).state).toBe("exited");
    expect(needsScreen(evidence({ lifecycle: "closed", session: undefined }))).toBe(false);
  });
});

describe.each(VERSIONS)("recorded by %s", (version) => {
  function recorded(file: string, name: string, hook?: Record<string, unknown>): StateReport {
    const session = parseSessionFile(fixture(version, `session-file-${file}.json`));
    if (!session) throw new Error(`session-file-${file} is not readable`);
    const base = { session: { ...session, statusAt: NOW - 2000 }, screen: screenFixture(version, name) };
    return state({ ...base, ...(hook ? events(2050, prompted, hook) : {}) });
  }

  test.each(["trust", "api-key"])("R2-05: waits for the start-up dialog %s", (name) => {
    const report = state({ session: undefined, screen: screenFixture(version, name) });

    expect(report).toMatchObject({ state: "waiting", waitingFor: { kind: "dialog" }, since: NOW - 60_000 });
    expect(report.waitingFor?.options).toHaveLength(2);
  });

  test("R2-05: idle and working by the session file", () => {
    expect(recorded("idle", "idle").state).toBe("idle");
    expect(recorded("busy", "busy").state).toBe("working");
  });

  test("R2-05: a permission, with and without its hook event", () => {
    const hook = { hook_event_name: "PermissionRequest", tool_name: "Bash", tool_input: { command: "touch x" } };

    expect(recorded("permission", "permission-bash", hook).waitingFor).toMatchObject({
      kind: "permission",
      tool: "Bash",
    });
    expect(recorded("permission", "permission-bash").waitingFor).toMatchObject({
      kind: "permission",
      summary: "Bash command: Do you want to proceed?",
    });
  });

  test("R2-05: a question, with and without its hook event", () => {
    const hook = questionHook(version);

    expect(recorded("question", "ask-single", hook).waitingFor).toMatchObject({ kind: "question" });
    expect(recorded("question", "ask-single").waitingFor).toMatchObject({
      kind: "question",
      summary: "Which colour do you want?",
    });
  });

  test("R2-05: a plan", () => {
    const hook = hookFixtures(version, "PermissionRequest").find(({ tool_name }) => tool_name === "ExitPlanMode");

    expect(recorded("permission", "idle", hook).waitingFor?.kind).toBe("plan");
  });

  test("every recorded StopFailure is an error with its message", () => {
    const reports = hookFixtures(version, "StopFailure").map((hook) =>
      state({ ...events(100, hook), session: sessionFile("idle", 50) }),
    );

    expect(reports.length).toBeGreaterThan(3);
    for (const report of reports) expect(report).toMatchObject({ state: "errored", error: { message: /./ } });
    expect(reports.map(({ error }) => error?.kind)).toEqual(expect.arrayContaining(["api", "auth", "rate_limit"]));
  });
});

function questionHook(version: Version): Record<string, unknown> {
  const recorded = hookFixtures(version, "PermissionRequest").find(({ tool_name }) => tool_name === "AskUserQuestion");
  const questions = [{ question: "Which colour do you want?", options: [{ label: "Red" }, { label: "Blue" }] }];
  return recorded ?? { hook_event_name: "PermissionRequest", tool_name: "AskUserQuestion", tool_input: { questions } };
}
