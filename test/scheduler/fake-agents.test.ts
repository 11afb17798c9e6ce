import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Task } from "../../src/core/task.ts";
import { observeAgent } from "../../src/operations/agent/observe.ts";
import { configSet } from "../../src/operations/config/set.ts";
import { taskCancel } from "../../src/operations/task/cancel.ts";
import { keepScheduling } from "../../src/scheduler/keep-scheduling.ts";
import { noteReport } from "../../src/scheduler/note-report.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { makeTask } from "../support/task-records.ts";
import { waitFor } from "../support/wait-for.ts";

let world: FakeWorld;
let stop: AbortController;
let scheduling: Promise<void> | undefined;
let sessionId: string;
beforeEach(async () => {
  world = await openFakeWorld({ PATH: process.env.PATH ?? "" });
  await world.call(configSet, { name: "maxRunningTasks", value: "3" });
  stop = new AbortController();
  sessionId = (await world.context.store.sessions.list())[0]?.id ?? "";
});
afterEach(async () => {
  stop.abort();
  await scheduling;
  await world.dispose();
});

function schedule(): void {
  scheduling = keepScheduling({ ...world.context, signal: stop.signal });
}

let count = 0;
async function submit(change: Partial<Task>): Promise<Task> {
  const { store, clock } = world.context;
  const base = { id: `tsk_${++count}`, sessionId, createdAt: clock.now(), queuedAt: clock.now() };
  const [task] = await store.tasks.insert([makeTask({ ...base, ...change })]);
  if (!task) throw new Error("inserted");
  return task;
}

const get = async (task: Task) => (await world.context.store.tasks.get(task.id)) ?? task;

async function until(task: Task, isThere: (task: Task) => boolean, what: string): Promise<Task> {
  return waitFor(what, async () => ((now) => (isThere(now) ? now : undefined))(await get(task)), {
    describe: async () => JSON.stringify(await get(task), null, 1),
  });
}
const inState = (task: Task, state: Task["state"]) => until(task, (now) => now.state === state, `${task.id} ${state}`);

async function stateOf(agentId: string): Promise<string> {
  const agent = await world.context.store.agents.get(agentId);
  return agent ? (await observeAgent(world.context, agent)).state : "deleted";
}

/** Reports as its agent would: once it was asked so often. */
async function report(task: Task, kind: "result" | "failed" | "needs-input", text: string, asked = 1): Promise<void> {
  await until(task, (now) => (now.attempts.at(-1)?.messageIds.length ?? 0) >= asked, `prompt ${asked} of ${task.id}`);
  await noteReport(world.context, task.id, { kind, text });
}

it("an agent's own process never runs the queue: it has fewer rights than those who start agents", async () => {
  const task = await submit({ text: "Wait." });
  const principal = { kind: "worker" as const, agentId: "agt_1", sessionId };

  await keepScheduling({ ...world.context, ...world.as(principal), signal: stop.signal });

  expect((await get(task)).state).toBe("queued");
  expect(await world.context.store.duties.holder("scheduler")).toBeUndefined();
});

it("R3-05 R3-09: a task becomes done without a further call, by an agent that was started for it", async () => {
  schedule();
  const task = await submit({ role: "tester", text: "Say hello. [[sleep 500ms]]" });

  await report(task, "result", "Said hello.");

  const done = await inState(task, "done");
  expect(done).toMatchObject({ result: "Said hello.", error: null, because: "its agent reported the result" });
  const [agent] = await world.context.store.agents.list();
  expect(agent).toMatchObject({ name: "Agent_1", role: "tester" });
  expect(done.attempts).toMatchObject([
    { agentId: agent?.id, outcome: "done", because: expect.stringContaining("a new one is started") },
  ]);
}, 30_000);

it("R3-26: a failing check goes back to its agent with its output; a repair is enough, and three that fail end the try", async () => {
  schedule();
  const check = ["/bin/sh", "-c", "echo no such file >&2; test -f repaired"];
  const [mended, hopeless] = [
    await submit({ text: "Make it. [[sleep 500ms]]", check }),
    await submit({ text: "Break it. [[sleep 500ms]]", check: ["/bin/sh", "-c", "exit 3"] }),
  ];

  await Promise.all([report(mended, "result", "Made."), report(hopeless, "result", "Broken.")]);
  await until(mended, (now) => now.attempts[0]?.checks.length === 1, "the first check");
  await writeFile(join(world.root, "repaired"), "");

  // What was reported once need not be reported again: the check says whether the repair helped.
  const done = await inState(mended, "done");
  expect(done.attempts[0]?.checks.map(({ exitCode }) => exitCode)).toEqual([1, 0]);
  expect(done).toMatchObject({ result: "Made.", because: "its agent reported, and its check passed" });
  const messages = await Promise.all(
    (done.attempts[0]?.messageIds ?? []).map((id) => world.context.store.messages.get(id)),
  );
  // As a line that the agent can run itself.
  const line = "`/bin/sh -c 'echo no such file >&2; test -f repaired'`";
  expect(messages[0]?.text).toContain(`on standard input: ${line}. If it cannot be done`);
  expect(messages[1]?.text).toMatch(/did not pass: .* exited with 1\.[\s\S]*no such file/);
  expect(messages[1]?.text).toContain(`did not pass: ${line} exited with 1.`);
  const failed = await inState(hopeless, "failed");
  expect(failed.error).toEqual({ kind: "check", message: "its check exited with 3, 4 times" });
  expect(failed.attempts[0]?.prompts.map(({ kind }) => kind)).toEqual(["task", "check", "check", "check"]);
  // The prompts of tasks are no news of their own.
  expect(await world.context.store.messages.unseen()).toEqual([]);
}, 30_000);

it("R3-24: a failed need blocks its dependants with the reason, and its retry releases them; without a report nothing is done", async () => {
  schedule();
  const need = await submit({ title: "Schema", text: "Say nothing. [[sleep 500ms]]" });
  const dependant = await submit({ text: "Use it. [[sleep 500ms]]", needs: [need.id], state: "blocked" });
  const next = await submit({ text: "Later. [[sleep 500ms]]", needs: [dependant.id], state: "blocked" });

  const failed = await inState(need, "failed");
  expect(failed.error).toEqual({ kind: "reported", message: "its agent never reported" });
  expect(failed.attempts[0]?.prompts.map(({ kind }) => kind)).toEqual(["task", "reminder"]);
  const blocked = await until(dependant, ({ because }) => because.includes("failed"), "the reason");
  expect(blocked).toMatchObject({
    state: "blocked",
    because: `it needs TASK_${need.number} (Schema), which failed: its agent never reported`,
  });

  await world.context.store.tasks.update(need.id, { state: "queued", error: null, endedAt: null, because: "again" });
  await until(need, ({ attempts }) => attempts.length === 2, "another try");
  await report(need, "result", "Now it is.");
  await inState(need, "done");
  await report(dependant, "result", "Used.");
  await report(next, "result", "Later it was.");

  const [one, two, three] = [
    await inState(need, "done"),
    await inState(dependant, "done"),
    await inState(next, "done"),
  ];
  expect(two.startedAt).toBeGreaterThanOrEqual(one.endedAt ?? Number.POSITIVE_INFINITY);
  expect(three.startedAt).toBeGreaterThanOrEqual(two.endedAt ?? Number.POSITIVE_INFINITY);
  // One agent did them all, each in a conversation of its own.
  const agents = await world.context.store.agents.list();
  expect(agents).toHaveLength(1);
  expect(two.attempts[0]?.because).toBe("Agent_1 has this role and is free; it begins a new conversation");
  expect(await world.context.store.conversations.list(agents[0]?.id ?? "")).toHaveLength(4);
}, 40_000);

it("R3-03 R3-29 R3-31 R4-11: three free tasks run at the same time, and never more than the setting says; a try that takes too long is stopped, its slot is free", async () => {
  schedule();
  const slow = await submit({ text: "Sleep. [[sleep 60s]]", timeoutMs: 1_500, priority: 9 });
  const others = await Promise.all([1, 2, 3, 4].map((n) => submit({ text: `Do ${n}. [[sleep 500ms]]` })));
  let most = 0;
  const watching = waitFor(
    "the end of all",
    async () => {
      const tasks = await world.context.store.tasks.list();
      most = Math.max(most, tasks.filter(({ state }) => ["running", "waiting", "checking"].includes(state)).length);
      return tasks.every(({ state }) => state === "done" || state === "failed") ? true : undefined;
    },
    { timeoutMs: 30_000, everyMs: 20 },
  );

  await Promise.all(others.map((task) => report(task, "result", "Done.")));
  await watching;

  expect(most).toBe(3);
  const failed = await get(slow);
  expect(failed).toMatchObject({ state: "failed", error: { kind: "timeout" }, attempts: [{ outcome: "timeout" }] });
  expect((failed.endedAt ?? 0) - (failed.startedAt ?? 0)).toBeLessThan(8_000);
  for (const task of others) expect(await get(task)).toMatchObject({ state: "done" });
}, 60_000);

it("A4 R3-12: what an agent asks, a lost agent, the agent that was asked for, and the task that mends a failure", async () => {
  schedule();
  const named = await world.spawn("api");
  const asking = await submit({ text: "Ask. [[sleep 500ms]]", agentId: named.id });
  const lost = await submit({ text: "Die. [[crash]]", retries: 1 });
  const failing = await submit({ title: "Build", text: "Fail. [[sleep 500ms]]", onFailure: "fix" });

  await report(asking, "needs-input", "Which port?");
  expect(await inState(asking, "waiting")).toMatchObject({ because: "api asks: Which port?" });
  await report(failing, "failed", "The compiler is gone.");

  expect(await inState(failing, "failed")).toMatchObject({
    error: { kind: "reported", message: "The compiler is gone." },
  });
  const [fix] = await world.context.store.tasks.causedBy(failing.id);
  expect(fix).toMatchObject({ role: "debugger", onFailure: "none", title: `Mend TASK_${failing.number}: Build` });
  expect(fix?.text).toContain("The compiler is gone.");
  expect((await get(failing)).because).toContain(`TASK_${fix?.number} shall find the cause`);
  const waiting = await until(
    lost,
    ({ attempts }) => attempts[0]?.endedAt !== null && attempts.length === 1,
    "the loss",
  );
  expect(waiting.attempts[0]).toMatchObject({ outcome: "lost", error: { kind: "agent" } });
  expect(waiting).toMatchObject({ state: "queued", because: expect.stringContaining("tried again after 10 s") });
  expect((waiting.notBefore ?? 0) - (waiting.attempts[0]?.endedAt ?? 0)).toBe(10_000);

  await noteReport(world.context, asking.id, { kind: "result", text: "Port 80 it is." });
  const done = await inState(asking, "done");
  expect(done.attempts).toMatchObject([{ agentId: named.id, conversation: "kept", because: "api was asked for" }]);
  expect(await world.context.store.conversations.list(named.id)).toHaveLength(1);
}, 40_000);

it("R3-23 R3-38: a more urgent task overtakes, a cancelled one frees its agent, nothing starts by itself when that is switched off", async () => {
  const { store } = world.context;
  await world.call(configSet, { name: "maxRunningTasks", value: "1" });
  await world.call(configSet, { name: "autoStart", value: "false" });
  schedule();
  const first = await submit({ text: "First. [[sleep 60s]]", createdAt: 1, queuedAt: 1 });
  const last = await submit({ text: "Last. [[sleep 500ms]]", priority: 3 });
  const overtaking = await submit({ text: "Overtake. [[sleep 500ms]]", priority: 3 });
  expect((await get(first)).state).toBe("queued");

  await world.call(configSet, { name: "autoStart", value: "true" });
  await until(first, ({ attempts }) => attempts[0]?.messageIds.length === 1, "its prompt");
  await store.tasks.update(overtaking.id, { priority: 9 });
  const agentId = (await get(first)).attempts[0]?.agentId ?? "";
  await waitFor("its turn", async () => ((await stateOf(agentId)) === "working" ? true : undefined));
  await world.call(taskCancel, { task: first.id });

  expect(await get(first)).toMatchObject({ state: "cancelled", attempts: [{ outcome: "cancelled" }] });
  expect(await stateOf(agentId)).toBe("idle");
  await Promise.all([report(overtaking, "result", "Overtook."), report(last, "result", "At last.")]);
  const [one, two] = [await inState(overtaking, "done"), await inState(last, "done")];
  expect(two.startedAt).toBeGreaterThanOrEqual(one.endedAt ?? Number.POSITIVE_INFINITY);
  // The agent that was set free took the next one.
  expect(one.attempts[0]?.agentId).toBe(agentId);
}, 40_000);

it("B7: a task whose agent hits a limit is held, not failed, and goes on in the same conversation when that is over", async () => {
  schedule();
  const task = await submit({ text: `Work. [[limit five_hour ${Math.ceil(world.context.clock.now() / 1000) + 5}]]` });

  const held = await until(task, ({ because }) => because.includes("a limit holds"), "the limit");
  expect(held).toMatchObject({ state: "running", attempts: [{ outcome: null }] });
  expect(held.notBefore).toBeGreaterThan(held.startedAt ?? 0);

  // Its agent is told to go on once the limit is over, reports nothing, and is reminded: one try all the same.
  await until(task, ({ attempts }) => attempts[0]?.prompts.length === 2, "the reminder");
  await noteReport(world.context, task.id, { kind: "result", text: "After all." });
  const done = await inState(task, "done");
  expect(done.attempts).toHaveLength(1);
  const texts = (await world.context.store.messages.list(done.attempts[0]?.agentId ?? "")).map(({ text }) => text);
  expect(texts[1]).toContain("The limit that stopped you is over");
}, 40_000);

it("A10: a task with a worktree is worked on and checked in its own", async () => {
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", world.root, "-c", "user.name=Ann", "-c", "user.email=ann@example.org", ...args]);
  git("init", "-q", "-b", "main");
  git("commit", "-q", "--allow-empty", "-m", "begin");
  schedule();
  const task = await submit({
    text: "Work. [[sleep 500ms]]",
    worktree: true,
    check: ["/bin/sh", "-c", "pwd; test -e .git"],
  });

  await report(task, "result", "Worked.");

  const done = await inState(task, "done");
  const agent = await world.context.store.agents.get(done.attempts[0]?.agentId ?? "");
  expect(agent?.cwd).not.toBe(world.root);
  expect(done.attempts[0]?.checks[0]?.output.trim()).toBe(agent?.cwd);
  const [worktree] = await world.context.store.worktrees.list(sessionId);
  expect(worktree).toMatchObject({ name: `TASK_${task.number}`, path: agent?.cwd, state: "ready" });
}, 40_000);

it("a task may go on in the conversation of an agent that knows the work, and an agent that is named begin a new one", async () => {
  schedule();
  const { store } = world.context;
  const first = await submit({ text: "Begin." });
  const kept = await submit({ text: "Go on.", needs: [first.id], state: "blocked", conversation: "kept" });
  const agentId = (await until(first, (now) => now.attempts.length > 0, "an agent")).attempts[0]?.agentId ?? "";
  const anew = await submit({ text: "Forget.", needs: [kept.id], state: "blocked", agentId, conversation: "new" });
  for (const task of [first, kept, anew]) await report(task, "result", "Done.");

  const [, second, third] = [await inState(first, "done"), await inState(kept, "done"), await inState(anew, "done")];

  expect(second.attempts).toMatchObject([{ agentId, conversation: "kept" }]);
  expect(second.attempts[0]?.because).toBe("Agent_1 has this role and is free; it goes on in its conversation");
  expect(third.attempts).toMatchObject([{ agentId, conversation: "new" }]);
  const said = await store.messages.list(agentId);
  const [one, two, three] = said.map(({ conversationId }) => conversationId);
  expect([one === two, two === three, said.length]).toEqual([true, false, 3]);
}, 40_000);
