import { afterEach, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import type { Task, TaskAttempt } from "../../src/core/task.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { taskCancel } from "../../src/operations/task/cancel.ts";
import { taskRetry } from "../../src/operations/task/retry.ts";
import { keepScheduling } from "../../src/scheduler/keep-scheduling.ts";
import { promptKey, SCHEDULER_DUTY } from "../../src/scheduler/names.ts";
import { SqlTaskRepository } from "../../src/store/repositories/task-repository.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { makeMessage } from "../support/store-records.ts";
import { makeAttempt, makeTask } from "../support/task-records.ts";
import { waitFor } from "../support/wait-for.ts";
import { PlayedWorld } from "./simulation/played-world.ts";

let dispose: (() => Promise<void>) | undefined;
afterEach(() => dispose?.());

async function play(ms = 30_000): Promise<PlayedWorld> {
  const world = await PlayedWorld.open({
    maxRunning: 1,
    maxAgents: 1,
    play: {
      turn: () => ({ ms, end: "result" }),
      checkPasses: () => true,
      launchFails: () => false,
    },
  });
  dispose = () => world.opened.remove();
  await world.startProcess();
  return world;
}

it("B6 R3-38: who cancelled a task was killed before its agent was stopped: the scheduler stops it, and the next task starts", async () => {
  const world = await play();
  const { tasks } = world.store;
  await world.submit([{ id: "cancelled" }, { id: "next", createdAt: 2_000_000 }]);
  await world.wake();
  const [attempt] = (await tasks.get("cancelled"))?.attempts ?? [];
  expect(attempt?.messageIds).toHaveLength(1);
  await tasks.update("cancelled", { state: "cancelled", because: "cancelled", endedAt: world.clock.now() });

  // Its canceller may still be at it.
  await world.wake();
  expect((await tasks.withOpenAttempt()).map(({ id }) => id)).toEqual(["cancelled"]);
  await world.pass(61_000);
  await world.wake();
  await world.wake();

  expect((await tasks.get("cancelled"))?.attempts).toMatchObject([{ outcome: "cancelled" }]);
  expect((await tasks.get("next"))?.attempts).toMatchObject([{ endedAt: null }]);
});

it("B6 R3-26: a scheduler is killed at any call around a check: what the check said counts once, and it does not run again", async () => {
  for (let calls = 1; calls <= 30; calls += 1) {
    const world = await play(100);
    await world.submit([{ id: "a", check: ["true"] }]);
    await world.wake();
    await world.pass(200);
    const ran = vi.spyOn(world.crew, "check");
    world.processes[0]?.mortal.dieAfter(calls);
    await world.wake();
    const hasSaid = (await world.store.tasks.get("a"))?.attempts[0]?.checks.length === 1;
    const before = ran.mock.calls.length;

    await world.startProcess();
    for (let round = 0; round < 3; round += 1) await world.wake();

    expect((await world.store.tasks.get("a"))?.attempts).toMatchObject([
      { outcome: "done", checks: [{ exitCode: 0 }] },
    ]);
    expect(ran.mock.calls.length - before, `killed at call ${calls}`).toBe(hasSaid ? 0 : 1);
    await dispose?.();
  }
}, 30_000);

it("R3-26: trouble of our own before a check begins is no failure that its agent could repair", async () => {
  const world = await play(100);
  await world.submit([{ id: "a", check: ["true"] }]);
  await world.wake();
  await world.pass(200);
  // As a check that was cut off before it began is told.
  const check = vi.spyOn(world.crew, "check").mockImplementationOnce(async (_task, _agent, { onStart }) => {
    await onStart({ pid: 7, startedAt: "long ago" }).catch(() => undefined);
    return { exitCode: null, output: "(cut off)", startedAt: 1, endedAt: 1 };
  });
  const { tasks } = world.store;
  const update = vi.spyOn(tasks, "update").mockImplementation(async (id, change, from) => {
    if (change.checker) throw new AppError("STORE_LOCKED", "Somebody else writes");
    return Reflect.apply(SqlTaskRepository.prototype.update, tasks, [id, change, from]);
  });

  await expect(world.wake()).rejects.toMatchObject({ code: "STORE_LOCKED" });
  update.mockRestore();
  for (let round = 0; round < 2; round += 1) await world.wake();

  expect((await tasks.get("a"))?.attempts).toMatchObject([{ outcome: "done", checks: [{ exitCode: 0 }] }]);
  expect(check).toHaveBeenCalledTimes(2);
});

interface Given {
  world: FakeWorld;
  task: Task;
  current(): Promise<Task>;
}

/** A task that an agent of the fake backend works on, as far as this try says. */
async function openTry(
  change: (agentId: string, now: number) => Partial<TaskAttempt>,
  crashed = false,
): Promise<Given> {
  const world = await openFakeWorld();
  dispose = () => world.dispose();
  const { store, clock } = world.context;
  const agent = await world.spawn("api");
  if (crashed)
    await world.call(agentSend, { agent: agent.id, text: "Die. [[crash]]", wait: true }).catch(() => undefined);
  const now = clock.now();
  const prompts = [{ kind: "task" as const, at: now }];
  const attempt = makeAttempt({ agentId: agent.id, startedAt: now, prompts, ...change(agent.id, now) });
  const sessionId = agent.session.id;
  const [task] = await store.tasks.insert([
    makeTask({ sessionId, state: "running", attempts: [attempt], startedAt: now }),
  ]);
  if (!task) throw new Error("inserted");
  return { world, task, current: async () => (await store.tasks.get(task.id)) ?? task };
}

const queuedPrompt = (agentId: string) =>
  makeMessage({
    id: "msg_prompt",
    agentId,
    sender: "scheduler",
    idempotencyKey: promptKey("tsk_1", 1, 0),
    state: "queued",
  });

async function schedule({ context }: FakeWorld, until: () => Promise<unknown>): Promise<void> {
  const stop = new AbortController();
  const scheduling = keepScheduling({ ...context, signal: stop.signal });
  await waitFor("the scheduler", async () => ((await until()) ? true : undefined)).finally(() => stop.abort());
  await scheduling;
}

it("R4-64: the prompt of a lost try is taken back: its agent would work on it beside the next one", async () => {
  const { world, current } = await openTry(() => ({ messageIds: ["msg_prompt"] }), true);
  const { messages } = world.context.store;
  await messages.insert(queuedPrompt((await current()).attempts[0]?.agentId ?? ""));

  await schedule(world, async () => (await current()).state === "failed");

  expect((await current()).attempts).toMatchObject([{ outcome: "lost" }]);
  expect(await messages.get("msg_prompt")).toMatchObject({ state: "failed", reason: "its task's try has ended" });
});

it("B6 R3-38: a prompt whose sender was killed before it had written that down is taken back with its task", async () => {
  const { world, task, current } = await openTry(() => ({}));
  const { messages } = world.context.store;
  await messages.insert(queuedPrompt((await current()).attempts[0]?.agentId ?? ""));

  await world.call(taskCancel, { task: task.id });

  expect((await current()).attempts).toMatchObject([{ outcome: "cancelled" }]);
  expect(await messages.get("msg_prompt")).toMatchObject({ state: "failed", reason: "cancelled by the operator" });
});

it("R3-38: an agent that is being started for a cancelled task gets no other one until whoever starts it lets it go", async () => {
  const { world, task, current } = await openTry(() => ({}));
  const { store, processes } = world.context;
  await store.duties.take(SCHEDULER_DUTY, { ...processes.self(), token: "a scheduler" }, () => true);

  await world.call(taskCancel, { task: task.id });

  expect(await current()).toMatchObject({ state: "cancelled", attempts: [{ endedAt: null }] });
  // A new try would be closed together with the old one.
  await expect(world.call(taskRetry, { task: task.id })).rejects.toMatchObject({ code: "TASK_RUNNING" });
  await store.duties.leave(SCHEDULER_DUTY, "a scheduler");
  await schedule(world, async () => (await current()).attempts[0]?.endedAt !== null);
  expect(await current()).toMatchObject({ state: "cancelled", attempts: [{ outcome: "cancelled" }] });
  await world.call(taskRetry, { task: task.id });
});
