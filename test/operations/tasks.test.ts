import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TaskState, TaskView } from "../../src/core/task.ts";
import { agentShow } from "../../src/operations/agent/show.ts";
import type { Context } from "../../src/operations/context.ts";
import { inboxDone } from "../../src/operations/inbox/done.ts";
import { inbox } from "../../src/operations/inbox/inbox.ts";
import { sessionCreate } from "../../src/operations/session/create.ts";
import { sessionDelete } from "../../src/operations/session/delete.ts";
import { status } from "../../src/operations/status.ts";
import { taskCancel } from "../../src/operations/task/cancel.ts";
import { taskList } from "../../src/operations/task/list.ts";
import { taskLogs } from "../../src/operations/task/logs.ts";
import { taskReport } from "../../src/operations/task/report.ts";
import { taskRetry } from "../../src/operations/task/retry.ts";
import { taskShow } from "../../src/operations/task/show.ts";
import { taskSubmit } from "../../src/operations/task/submit.ts";
import { taskUpdate } from "../../src/operations/task/update.ts";
import { taskWait } from "../../src/operations/task/wait.ts";
import { keepScheduling } from "../../src/scheduler/keep-scheduling.ts";
import { codeOf } from "../support/code-of.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { waitFor } from "../support/wait-for.ts";

const PASSES = `${process.execPath} -e ''`;
const FAILS = `${process.execPath} -e 'console.log("two tests failed"); process.exit(3)'`;

let world: FakeWorld;
let stop: AbortController;
let scheduling: Promise<void> | undefined;

beforeEach(async () => {
  world = await openFakeWorld({ CLAUDE_ORCH_MAX_RUNNING_TASKS: "2" });
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await scheduling;
  scheduling = undefined;
  await world.dispose();
});

function schedule(): void {
  scheduling = keepScheduling({ ...world.context, signal: stop.signal });
}

const submit = async (text: string, more: Record<string, unknown> = {}, as: Partial<Context> = {}) =>
  (await world.call(taskSubmit, { text, ...more }, as)).task;
const show = async (task: TaskView, as: Partial<Context> = asWatcher()) =>
  (await world.call(taskShow, { task: task.id }, as)).task;
/** Looks without taking anything out of the inbox. */
const asWatcher = () => world.as({ kind: "observer" });
const list = async (input: Record<string, unknown> = {}) => (await world.call(taskList, input)).tasks;
const titles = async () => (await list()).map(({ title, state }) => `${title} ${state}`);

/** Its agent, once the prompt of the task is in its hands. */
async function workerOf(task: TaskView): Promise<Partial<Context>> {
  const agentId = await waitFor(
    `an agent at ${task.title}`,
    async () => {
      const { state, attempts } = await show(task);
      const attempt = attempts.at(-1);
      const prompt = await world.context.store.messages.get(attempt?.messageIds[0] ?? "");
      return state === "running" && prompt?.state === "recorded" ? attempt?.agentId : undefined;
    },
    { describe: async () => JSON.stringify(await show(task)) },
  );
  const session = (await world.context.store.sessions.list())[0];
  return world.as({ kind: "worker", agentId: agentId ?? "", sessionId: session?.id ?? "" });
}

async function inState(task: TaskView, state: TaskState): Promise<TaskView> {
  return waitFor(
    `${task.title} ${state}`,
    async () => {
      const current = await show(task);
      return current.state === state ? current : undefined;
    },
    { describe: async () => JSON.stringify(await show(task), null, 1) },
  );
}

describe("the queue, while nothing works on it", () => {
  it("R3-22 R3-33: a submitted task is queued at once, with all that was said of it", async () => {
    const task = await submit("Write tests for the cart\nAll of them.", {
      role: "testing_specialist",
      priority: "high",
      check: "npm run 'my tests'",
      retries: 2,
      timeout: "5m",
      onFailure: "fix",
      worktree: true,
      conversation: "new",
    });

    expect(task).toMatchObject({
      number: 1,
      title: "Write tests for the cart",
      state: "queued",
      role: "tester",
      priority: 7,
      check: ["npm", "run", "my tests"],
      retries: 2,
      timeoutMs: 300_000,
      onFailure: "fix",
      worktree: true,
      conversation: "new",
      createdBy: "operator",
      attempts: [],
      durationMs: null,
    });
    expect(await show(task)).toEqual(task);
    expect(await submit("Bare")).toMatchObject({ timeoutMs: 3_600_000, conversation: null });
  });

  it("R3-34: lists what runs first, then the queue in its order, then what is blocked; and R3-23: a raised priority overtakes", async () => {
    const [a, b] = [await submit("a"), await submit("b", { priority: 6 })];
    await submit("c", { needs: ["2"] });
    expect(await titles()).toEqual(["b queued", "a queued", "c blocked"]);

    await world.call(taskUpdate, { task: "1", priority: "urgent", title: "a!" });
    expect(await titles()).toEqual(["a! queued", "b queued", "c blocked"]);
    await world.call(taskCancel, { task: "TASK_2" });
    expect(await titles()).toEqual(["a! queued", "c blocked", "b cancelled"]);
    expect((await list({ state: ["cancelled", "blocked"] })).map(({ title }) => title)).toEqual(["c", "b"]);

    const asManager = { ...world.as({ kind: "manager" }) };
    for (let count = 0; count < 30; count += 1) await submit(`more ${count}`);
    const page = await world.call(taskList, {}, asManager);
    expect([page.tasks.length, page.total]).toEqual([30, 33]);
    expect([a.number, b.number]).toEqual([1, 2]);
  });

  it("R3-24: refuses a circle of needs with its names, and says what a blocked task waits for", async () => {
    const [a, b, c] = [await submit("a"), await submit("b", { needs: ["a"] }), await submit("c", { needs: ["b"] })];
    expect(c).toMatchObject({ state: "blocked", because: "it needs TASK_2 (blocked)", needs: [b.id] });
    const { related } = await world.call(taskShow, { task: c.id }, asWatcher());
    expect(related).toEqual([{ id: b.id, number: 2, state: "blocked" }]);

    const circle = world.call(taskUpdate, { task: a.id, needs: [c.id] });
    await expect(circle).rejects.toMatchObject({
      code: "TASK_CYCLE",
      message: expect.stringContaining("TASK_1 → TASK_3 → TASK_2"),
    });
    expect(await codeOf(world.call(taskUpdate, { task: a.id, needs: [a.id] }))).toBe("TASK_CYCLE");
    expect(await show(a)).toEqual(a);

    const free = (await world.call(taskUpdate, { task: "b", noNeeds: true })).task;
    expect(free).toMatchObject({ state: "queued", needs: [] });
    expect((await world.call(taskUpdate, { task: "b", needs: ["1"] })).task).toMatchObject({
      state: "blocked",
      needs: [a.id],
    });
  });

  it("finds a task by id, number or title, here and elsewhere, and says what is ambiguous or near", async () => {
    const task = await submit("Port it", { title: "Port" });
    await submit("Twin", { title: "twin" });
    await submit("Twin", { title: "twin" });
    for (const ref of [task.id, "1", "TASK_1", "task_1", "#1", "team/1", "team/TASK_1", "Port"]) {
      expect((await world.call(taskShow, { task: ref })).task.id, ref).toBe(task.id);
    }
    const code = (ref: string) => codeOf(world.call(taskShow, { task: ref }));
    expect(await code("twin")).toBe("TASK_AMBIGUOUS");
    expect(await code("4")).toBe("TASK_NOT_FOUND");
    expect(await code("tsk_none")).toBe("TASK_NOT_FOUND");
    await expect(world.call(taskShow, { task: "port" })).rejects.toMatchObject({
      hint: expect.stringContaining('Did you mean "Port"?'),
    });
    const elsewhere = { caller: { ...world.context.caller, cwd: "/" } };
    expect((await world.call(taskShow, { task: "Port" }, elsewhere)).task.id).toBe(task.id);
    await expect(world.call(taskShow, { task: "1" }, elsewhere)).rejects.toMatchObject({
      code: "SESSION_NOT_FOUND",
      hint: expect.stringContaining("SESSION/1"),
    });
  });

  it("R3-37: what ended cannot be changed or cancelled again, only retried", async () => {
    const task = await submit("a");
    const cancelled = (await world.call(taskCancel, { task: "1" })).task;
    expect(cancelled).toMatchObject({
      state: "cancelled",
      because: "cancelled by the operator",
      endedAt: expect.any(String),
    });
    expect((await world.call(taskCancel, { task: "1" })).task).toEqual(cancelled);
    expect(await codeOf(world.call(taskUpdate, { task: "1", priority: 1 }))).toBe("TASK_ENDED");
    expect((await world.call(taskRetry, { task: "1" })).task).toMatchObject({
      id: task.id,
      state: "queued",
      endedAt: null,
    });
    expect(await codeOf(world.call(taskRetry, { task: "1" }))).toBe("TASK_RUNNING");
    expect(await codeOf(world.call(taskUpdate, { task: "1" }))).toBe("INVALID_INPUT");
  });

  it("a session with open tasks is deleted only by force", async () => {
    await world.call(sessionCreate, { name: "other", root: "/" });
    const task = await submit("a", { session: "other" });
    await expect(world.call(sessionDelete, { session: "other" })).rejects.toMatchObject({
      code: "SESSION_HAS_TASKS",
      message: expect.stringContaining("TASK_1 (queued)"),
    });

    const { tasks } = await world.call(sessionDelete, { session: "other", force: true });

    expect(tasks).toEqual([{ id: task.id, number: 1, title: "a" }]);
    expect(await list()).toEqual([]);
  });
});

describe("the queue at work", () => {
  it("R3-07 R3-27 R3-28 R3-35 R1-03: a task's agent, folder, times, result and log are there after its end; who needs it is told its result", async () => {
    const submittedAt = Date.now();
    schedule();
    const first = await submit("Count them. [[sleep 800ms]] [[reply counted]]", { title: "Count", check: PASSES });
    const second = await submit("Name them. [[sleep 800ms]]", { title: "Name", needs: ["Count"] });
    const worker = await workerOf(first);
    const promptedAt = (await show(first)).lastActivityAt;
    await world.call(taskReport, { kind: "progress", text: "half of them" }, worker);
    expect(Date.parse((await show(first)).lastActivityAt)).toBeGreaterThan(Date.parse(promptedAt));
    await world.call(taskReport, { kind: "result", text: "There are 14." }, worker);

    const done = await inState(first, "done");
    expect(done).toMatchObject({
      text: expect.stringMatching(/^Count them\./),
      state: "done",
      role: null,
      priority: 5,
      needs: [],
      agent: { name: "Agent_1" },
      attempts: [{ checks: [{ exitCode: 0 }] }],
      cwd: world.root,
      result: "There are 14.",
      startedAt: expect.any(String),
      durationMs: expect.any(Number),
      lastActivityAt: done.endedAt,
    });
    expect(Date.parse(done.startedAt ?? "")).toBeGreaterThanOrEqual(submittedAt);
    expect(Date.parse(done.endedAt ?? "")).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(done.endedAt ?? "") - Date.parse(done.startedAt ?? "")).toBe(done.durationMs);
    // Its turn alone takes as long.
    expect(done.durationMs).toBeGreaterThanOrEqual(800);
    expect((await show(second)).needs).toEqual([first.id]);
    const { entries } = await world.call(taskLogs, { task: "Count" });
    expect(entries.map(({ kind, attempt, agent }) => `${attempt} ${agent} ${kind}`)).toEqual([
      "1 Agent_1 prompt",
      "1 Agent_1 report",
      "1 Agent_1 report",
      "1 Agent_1 text",
      "1 Agent_1 check",
    ]);
    expect(entries.map(({ text }) => text)).toMatchObject([
      expect.stringMatching(/^Count them\./),
      "progress: half of them",
      "result: There are 14.",
      "counted",
      "",
    ]);

    await workerOf(second);
    const [prompt] = (await world.call(taskLogs, { task: "Name" })).entries;
    expect(prompt?.text).toContain("What TASK_1 (Count) came to:\n\nThere are 14.");
    // The manager's own messages, not the scheduler's, are what the inbox tells of.
    expect((await world.call(inbox, {})).items.map(({ kind }) => kind)).toEqual([]);
  }, 30_000);

  it("R3-38: a cancelled task's turn is stopped, and its agent free; a running one can only be renamed", async () => {
    schedule();
    const task = await submit("Work long. [[sleep 60s]]");
    const dependant = await submit("after", { needs: [task.id] });
    await workerOf(task);
    expect(await codeOf(world.call(taskUpdate, { task: task.id, needs: [] }))).toBe("TASK_RUNNING");
    expect(await codeOf(world.call(taskUpdate, { task: task.id, role: "reviewer" }))).toBe("TASK_RUNNING");
    expect((await world.call(taskUpdate, { task: task.id, title: "long" })).task.title).toBe("long");

    const cancelled = (await world.call(taskCancel, { task: task.id })).task;

    expect(cancelled).toMatchObject({
      state: "cancelled",
      attempts: [{ outcome: "cancelled", endedAt: expect.any(Number) }],
    });
    const { agent } = await world.call(agentShow, { agent: cancelled.agent?.id ?? "" });
    expect(agent.state).toBe("idle");
    expect((await show(dependant)).because).toContain("which was cancelled");
    // Blocked for good: nobody waits for the timeout.
    const waited = await world.call(taskWait, { tasks: [dependant.id], timeout: "60s" });
    expect(waited).toMatchObject({ timedOut: false, tasks: [{ state: "blocked" }] });
    expect(taskWait.cli?.exitCode?.(waited, {})).toBe(7);
  }, 30_000);

  it("R3-08: with one place, urgent comes before high, normal and low, and of two alike the older one", async () => {
    await world.dispose();
    world = await openFakeWorld({ CLAUDE_ORCH_MAX_RUNNING_TASKS: "1" });
    const order = ["low", "normal", "normal", "high", "urgent"];
    const tasks = [];
    for (const priority of order) tasks.push(await submit(`[[reply ${priority}]]`, { priority, check: PASSES }));
    schedule();

    await Promise.all(tasks.map((task) => inState(task, "done")));

    const ended = await Promise.all(tasks.map((task) => show(task)));
    const byStart = ended.toSorted((a, b) => (a.startedAt ?? "").localeCompare(b.startedAt ?? ""));
    expect(byStart.map(({ number }) => number)).toEqual([5, 4, 2, 3, 1]);
    for (const [index, { startedAt }] of byStart.slice(1).entries()) {
      expect(Date.parse(startedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(byStart[index]?.endedAt ?? ""));
    }
  }, 30_000);

  it("waits for all, for any, and no longer than it may, and works on the queue meanwhile", async () => {
    const [passes, fails] = [await submit("a", { check: PASSES }), await submit("b", { check: FAILS })];

    // Nobody else schedules: the waiting call does.
    const any = await world.call(taskWait, { tasks: [passes.id, fails.id], any: true, timeout: "30s" });
    expect(any.tasks[0]).toMatchObject({ state: "done", because: "its agent reported, and its check passed" });
    expect(taskWait.cli?.exitCode?.(any, { any: true })).toBe(0);
    const all = await world.call(taskWait, { tasks: [passes.id, fails.id], timeout: "30s" });
    expect(all.tasks).toMatchObject([{ state: "done" }, { state: "failed", error: { kind: "check" } }]);
    expect([all.timedOut, taskWait.cli?.exitCode?.(all, {})]).toEqual([false, 7]);

    const { entries } = await world.call(taskLogs, { task: fails.id });
    const checks = entries.filter(({ kind }) => kind === "check");
    expect(checks.length).toBeGreaterThan(1);
    expect(checks[0]).toMatchObject({ exitCode: 3, text: expect.stringContaining("two tests failed") });
    expect(entries.at(-1)).toMatchObject({ kind: "error", text: expect.stringContaining("check: ") });

    const slow = await submit("c [[sleep 60s]]");
    const late = await world.call(taskWait, { tasks: [slow.id], timeout: "300ms" });
    expect([late.timedOut, taskWait.cli?.exitCode?.(late, {})]).toEqual([true, 6]);
  }, 60_000);

  it("R1-29: a failed check files one task for a debugger, with its cause", async () => {
    const failed = await submit("Build it", { check: FAILS, onFailure: "fix", wait: true, waitTimeout: "40s" });
    expect(failed).toMatchObject({ state: "failed", error: { kind: "check" } });
    expect(taskSubmit.cli?.exitCode?.({ task: failed, timedOut: false }, { wait: true })).toBe(7);

    const fixes = (await list()).filter(({ causedBy }) => causedBy === failed.id);

    expect(fixes).toMatchObject([{ role: "debugger", onFailure: "none" }]);
  }, 60_000);
});

describe("what agents may", () => {
  it("⊕A4: report on their own task, and submit, see and list in their own session; nothing else", async () => {
    schedule();
    await world.call(sessionCreate, { name: "other", root: "/" });
    const [mine, foreign] = [
      await submit("Mine [[sleep 60s]]"),
      await submit("Foreign", { session: "other", priority: 1 }),
    ];
    const other = await submit("Other [[sleep 60s]]");
    const worker = await workerOf(mine);
    await workerOf(other);

    const filed = await submit("Found on the way", { priority: "low" }, worker);
    expect(filed).toMatchObject({ createdBy: mine.id && (await show(mine)).agent?.id, session: { name: "team" } });
    expect((await world.call(taskList, {}, worker)).tasks.map(({ id }) => id)).not.toContain(foreign.id);
    expect((await show(other, worker)).title).toMatch(/^Other/);

    const refused: [Promise<unknown>, string][] = [
      [submit("x", { check: "id" }, worker), "PERMISSION_DENIED"],
      [submit("x", { session: "other" }, worker), "PERMISSION_DENIED"],
      [submit("x", { needs: [foreign.id] }, worker), "PERMISSION_DENIED"],
      [submit("x", { agent: "other/nobody" }, worker), "PERMISSION_DENIED"],
      [world.call(taskShow, { task: foreign.id }, worker), "PERMISSION_DENIED"],
      [world.call(taskReport, { kind: "result", text: "x", task: other.id }, worker), "PERMISSION_DENIED"],
      [world.call(taskReport, { kind: "result", text: " " }, worker), "TEXT_EMPTY"],
      [world.call(taskReport, { kind: "result", text: "x" }), "PERMISSION_DENIED"],
      [world.call(taskCancel, { task: other.id }, worker), "PERMISSION_DENIED"],
      [world.call(taskUpdate, { task: other.id, priority: 10 }, worker), "PERMISSION_DENIED"],
      [world.call(taskRetry, { task: other.id }, worker), "PERMISSION_DENIED"],
      [
        world.call(taskLogs, { task: mine.id }, asWatcher()).then(() => submit("x", {}, asWatcher())),
        "PERMISSION_DENIED",
      ],
    ];
    for (const [index, [call, code]] of refused.entries()) expect(await codeOf(call), String(index)).toBe(code);

    const reported = (await world.call(taskReport, { kind: "needs-input", text: "Which port?" }, worker)).task;
    expect(reported.reports).toMatchObject([{ kind: "needs-input", text: "Which port?" }]);
    await world.call(taskCancel, { task: mine.id });
    expect(await codeOf(world.call(taskReport, { kind: "result", text: "x", task: mine.id }, worker))).toBe(
      "TASK_ENDED",
    );
    expect(await codeOf(world.call(taskReport, { kind: "result", text: "x" }, worker))).toBe("TASK_NOT_FOUND");
  }, 30_000);

  it("submit no faster than they may send messages", async () => {
    const { id: agentId, session } = await world.spawn("flood");
    const flood = { ...world.as({ kind: "worker", agentId, sessionId: session.id }) };
    const settings = { ...world.context.settings, agentMessagesPerMinute: 2 };
    await submit("1", {}, { ...flood, settings });
    await submit("2", {}, { ...flood, settings });

    expect(await codeOf(submit("3", {}, { ...flood, settings }))).toBe("MESSAGE_RATE_EXCEEDED");
  });
});

describe("status and inbox", () => {
  it("R3-14: count tasks as the list does, and tell of those that need somebody, each once", async () => {
    schedule();
    const asks = await submit("Asks [[sleep 800ms]]", { title: "asks" });
    const fails = await submit("Fails [[sleep 800ms]]", { title: "fails" });
    await world.call(taskReport, { kind: "needs-input", text: "Which port?\n80 or 443" }, await workerOf(asks));
    await world.call(taskReport, { kind: "failed", text: "No such module" }, await workerOf(fails));
    await inState(asks, "waiting");
    await inState(fails, "failed");
    await submit("blocked", { needs: ["fails"] });

    const { tasks } = await world.call(status, {});
    const listed = await list();
    const counted = Object.fromEntries(
      ["blocked", "queued", "running", "waiting", "checking", "done", "failed", "cancelled"].map((state) => [
        state,
        listed.filter((task) => task.state === state).length,
      ]),
    );
    expect(tasks).toMatchObject({ ...counted, blocked: 1, waiting: 1, failed: 1 });
    expect(tasks.attention).toEqual([
      { task: "team/TASK_1", taskId: asks.id, state: "waiting", title: "asks", summary: "Which port?" },
      { task: "team/TASK_2", taskId: fails.id, state: "failed", title: "fails", summary: "No such module" },
    ]);

    const { items } = await world.call(inbox, {});
    expect(items.map(({ kind, task, summary }) => [kind, task?.title, summary])).toEqual([
      ["input", "asks", "Which port?"],
      ["failed", "fails", "No such module"],
    ]);
    expect(items[0]?.respond[0]).toMatch(/^claude-orch agent send team\/Agent_\d 'ANSWER'$/);
    expect(items[1]?.respond).toContain("claude-orch task retry team/2");

    // Looked at, or put away: it is no news any more.
    expect((await world.call(inboxDone, { messages: [fails.id] })).done).toEqual([fails.id]);
    expect((await world.call(inboxDone, { messages: [fails.id] })).done).toEqual([fails.id]);
    expect(await codeOf(world.call(inboxDone, { messages: [asks.id] }))).toBe("MESSAGE_NOT_FOUND");
    expect((await world.call(status, {})).tasks).toMatchObject({ failed: 1, attention: [{ taskId: asks.id }] });
  }, 30_000);

  it("tell of finished work until somebody looks at it", async () => {
    schedule();
    const task = await submit("Finish [[sleep 800ms]]", { title: "finish" });
    await world.call(taskReport, { kind: "result", text: "Finished.\nAll of it." }, await workerOf(task));
    await inState(task, "done");

    const { items } = await world.call(inbox, { session: "team" });
    expect(items).toMatchObject([
      { id: task.id, kind: "finished", summary: "Finished.", task: { state: "done", result: "Finished.\nAll of it." } },
    ]);
    await world.call(taskShow, { task: task.id });
    expect((await world.call(inbox, {})).items).toEqual([]);
  }, 30_000);
});
