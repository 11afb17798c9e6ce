import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../../src/core/ports/store.ts";
import type { Task, TaskAttempt } from "../../src/core/task.ts";
import { byUrgency } from "../../src/core/task-order.ts";
import { openTestStore, type TestStore } from "../support/open-test-store.ts";
import { makeAgent, makeSession } from "../support/store-records.ts";
import { makeAttempt, makeTask } from "../support/task-records.ts";

let opened: TestStore;
let store: Store;
beforeEach(async () => {
  opened = await openTestStore();
  store = opened.store;
  await store.sessions.insert(makeSession());
  await store.sessions.insert(makeSession({ id: "ses_2", name: "other" }));
  await store.agents.insert(makeAgent());
});
afterEach(() => opened.remove());

const add = async (...changes: Partial<Task>[]): Promise<Task[]> => store.tasks.insert(changes.map(makeTask));
const idsOf = (tasks: readonly Task[]) => tasks.map(({ id }) => id);
const end = async (id: string) => {
  await store.tasks.update(id, { state: "running" });
  await store.tasks.update(id, { state: "done" });
};

describe("tasks", () => {
  test("are counted by who created them in a session, and since when, whatever became of them", async () => {
    const createdBy = "agt_1";
    await add(
      { id: "before", createdBy, createdAt: 9 },
      { id: "at", createdBy, createdAt: 10 },
      { id: "ended", createdBy, createdAt: 11, state: "done" },
      { id: "another's", createdAt: 11 },
      { id: "elsewhere", createdBy, createdAt: 11, sessionId: "ses_2" },
    );

    expect(await store.tasks.countFrom({ sessionId: "ses_1", createdBy }, 10)).toBe(2);
    expect(await store.tasks.countFrom({ sessionId: "ses_2", createdBy }, 12)).toBe(0);
  });

  test("come back as they were stored, numbered in order within their session", async () => {
    const full = makeTask({
      id: "tsk_9",
      title: "Überblick 🌱",
      role: "tester",
      check: ["sh", "-c", "npm test"],
      worktree: true,
      attempts: [makeAttempt({ endedAt: 9, outcome: "failed", error: { kind: "check", message: "exit 1" } })],
      reports: [{ kind: "progress", text: "half", at: 5 }],
      result: "all well",
      error: { kind: "timeout", message: "too slow" },
      conversation: "kept",
      checker: { pid: 7, startedAt: "1" },
      createdAt: 2,
    });

    const [first, second] = await store.tasks.insert([makeTask(), full]);
    const [other] = await add({ id: "tsk_3", sessionId: "ses_2", createdAt: 3 });

    expect([first?.number, second?.number, other?.number]).toEqual([1, 2, 1]);
    const again = await opened.openAgain();
    expect(await again.tasks.get("tsk_9")).toEqual({ ...full, number: 2 });
    expect(await again.tasks.findByNumber("ses_1", 2)).toEqual({ ...full, number: 2 });
    expect(idsOf(await again.tasks.list())).toEqual(["tsk_1", "tsk_9", "tsk_3"]);
    expect(idsOf(await again.tasks.list({ sessionId: "ses_2" }))).toEqual(["tsk_3"]);
    expect(idsOf(await again.tasks.list({ states: ["done"] }))).toEqual([]);
    expect(await again.tasks.counts()).toEqual(
      new Map([
        ["ses_1", { queued: 2 }],
        ["ses_2", { queued: 1 }],
      ]),
    );
  });

  test("a number is never given twice, also when the newest task was removed", async () => {
    await add({ id: "tsk_1" }, { id: "tsk_2" });
    await store.tasks.remove("tsk_2");

    expect((await add({ id: "tsk_3" }))[0]?.number).toBe(3);
  });

  test("all are inserted or none: each need must be there, in any order", async () => {
    await add({ id: "tsk_1", needs: ["tsk_2"], state: "blocked" }, { id: "tsk_2" });
    expect(await store.tasks.unmetNeeds("tsk_1")).toEqual(["tsk_2"]);

    const broken = store.tasks.insert([makeTask({ id: "tsk_3" }), makeTask({ id: "tsk_4", needs: ["tsk_9"] })]);

    await expect(broken).rejects.toMatchObject({ code: "TASK_NOT_FOUND" });
    expect(idsOf(await store.tasks.list())).toEqual(["tsk_1", "tsk_2"]);
    const homeless = store.tasks.insert([makeTask({ id: "tsk_5", sessionId: "ses_9" })]);
    await expect(homeless).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
  });

  test("a change of state is held against the life of a task, and against the states that the caller expects", async () => {
    await add({});

    expect(await store.tasks.update("tsk_1", { state: "running" }, ["blocked"])).toBe(false);
    expect(await store.tasks.update("tsk_1", { state: "running" }, ["queued"])).toBe(true);
    await expect(store.tasks.update("tsk_1", { state: "blocked" })).rejects.toMatchObject({ code: "INTERNAL" });
    expect(await store.tasks.update("tsk_9", { state: "running" }, ["queued"])).toBe(false);
    await expect(store.tasks.update("tsk_9", {})).rejects.toMatchObject({ code: "TASK_NOT_FOUND" });
    expect((await store.tasks.get("tsk_1"))?.state).toBe("running");
  });

  test("R3-04: what is needed is counted down as it gets done; what needs it is found", async () => {
    await add({ id: "a" }, { id: "b" }, { id: "c", needs: ["a", "b"], state: "blocked" }, { id: "d" });
    expect(await store.tasks.misplaced(9)).toEqual([]);

    await end("a");
    expect(await store.tasks.unmetNeeds("c")).toEqual(["b"]);
    expect(await store.tasks.misplaced(9)).toEqual([]);
    await end("b");

    expect(idsOf(await store.tasks.misplaced(9))).toEqual(["c"]);
    expect(idsOf(await store.tasks.dependants("a"))).toEqual(["c"]);
    await store.tasks.update("c", { state: "queued" });
    await store.tasks.update("c", { needs: ["a", "d"] });
    expect(idsOf(await store.tasks.misplaced(9))).toEqual(["c"]);
    expect(idsOf(await store.tasks.startable(0, 9))).toEqual(["d"]);
    expect((await store.tasks.get("c"))?.needs).toEqual(["a", "d"]);
  });

  test("what needed a task that is removed, needs it no more", async () => {
    await add({ id: "a" }, { id: "b" }, { id: "c", needs: ["a", "b"], state: "blocked" });
    await end("b");

    await store.tasks.remove("a");
    await store.tasks.remove("a");

    expect((await store.tasks.get("c"))?.needs).toEqual(["b"]);
    expect(idsOf(await store.tasks.misplaced(9))).toEqual(["c"]);
  });

  test("R3-23: the startable ones come by urgency with its ageing, as core orders them", async () => {
    const minutes = 60_000;
    await add(
      { id: "late-high", priority: 7, createdAt: 25 * minutes, queuedAt: 25 * minutes },
      { id: "early-normal", priority: 5, createdAt: 1, queuedAt: 0 },
      { id: "never-queued", priority: 6, createdAt: 7 * minutes, queuedAt: null },
      { id: "urgent", priority: 9, createdAt: 30 * minutes, queuedAt: 30 * minutes },
    );

    const found = await store.tasks.startable(40 * minutes, 9);

    expect(idsOf(found)).toEqual(["urgent", "never-queued", "early-normal", "late-high"]);
    expect(found).toEqual((await store.tasks.list()).toSorted(byUrgency(40 * minutes)));
    await store.tasks.update("never-queued", { priority: 10 });
    expect(idsOf(await store.tasks.startable(40 * minutes, 1))).toEqual(["never-queued"]);
  });

  test("a long queue of one kind does not hide the others; what is held back is not startable yet", async () => {
    await add(
      ...[1, 2, 3, 4].map((n) => ({ id: `coder-${n}`, role: "coder", priority: 9, createdAt: n })),
      { id: "tester", role: "tester", priority: 1 },
      { id: "named", agentId: "agt_1", priority: 1 },
      { id: "elsewhere", sessionId: "ses_2", role: "coder", priority: 1 },
      { id: "held", role: "held", notBefore: 500, priority: 10 },
    );

    expect(idsOf(await store.tasks.startable(499, 2)).sort()).toEqual([
      "coder-1",
      "coder-2",
      "elsewhere",
      "named",
      "tester",
    ]);
    expect(await store.tasks.nextStartAt(499)).toBe(500);
    expect(idsOf(await store.tasks.startable(500, 2))).toContain("held");
    expect(await store.tasks.nextStartAt(500)).toBeUndefined();
    // Another role is another kind.
    await store.tasks.update("coder-3", { role: "reviewer" });
    await store.tasks.update("coder-4", { agentId: "agt_1" });
    expect(idsOf(await store.tasks.startable(499, 1))).toEqual([
      "coder-1",
      "coder-3",
      "coder-4",
      "elsewhere",
      "tester",
    ]);
  });

  test("an agent works on one task at a time, whoever decides", async () => {
    await add({ id: "a" }, { id: "b" });
    const attempts: TaskAttempt[] = [makeAttempt({ agentId: "agt_1" })];
    await store.tasks.update("a", { state: "running", attempts });

    await expect(store.tasks.update("b", { state: "running", attempts })).rejects.toMatchObject({ code: "AGENT_BUSY" });

    expect((await store.tasks.get("b"))?.state).toBe("queued");
    expect((await store.tasks.ofWorker("agt_1"))?.id).toBe("a");
    expect(idsOf(await store.tasks.withOpenAttempt())).toEqual(["a"]);
    await store.tasks.update("a", { attempts: [makeAttempt({ agentId: "agt_1", endedAt: 8, outcome: "lost" })] });
    await store.tasks.update("b", { state: "running", attempts });
    expect(idsOf(await store.tasks.withOpenAttempt())).toEqual(["b"]);
    expect(await store.tasks.workers(["agt_1", "agt_2"])).toEqual(new Set(["agt_1"]));
  });

  test("what nobody has looked at: done and failed ones, newest first", async () => {
    await add({ id: "a" }, { id: "b" }, { id: "c" }, { id: "d", causedBy: "b" });
    await end("a");
    await store.tasks.update("a", { endedAt: 5 });
    await store.tasks.update("b", { state: "running" });
    await store.tasks.update("b", { state: "failed", endedAt: 6 });
    await store.tasks.update("c", { state: "cancelled", endedAt: 7 });

    expect(idsOf(await store.tasks.unseen(["done", "failed"]))).toEqual(["b", "a"]);
    expect(idsOf(await store.tasks.unseen(["failed"]))).toEqual(["b"]);
    await store.tasks.update("b", { seenAt: 9 });
    expect(idsOf(await store.tasks.unseen(["done", "failed"]))).toEqual(["a"]);
    // What another task needs is taken up there.
    await add({ id: "e", needs: ["a"] });
    expect(await store.tasks.unseen(["done", "failed"])).toEqual([]);
    expect(idsOf(await store.tasks.causedBy("b"))).toEqual(["d"]);
  });

  test("they go with their session", async () => {
    await add({ id: "a" }, { id: "b", needs: ["a"] });

    await store.sessions.remove("ses_1");

    expect(await store.tasks.list()).toEqual([]);
  });
});

test("a duty is one process's at a time; a dead holder loses it", async () => {
  const { duties } = store;
  const [one, two] = [
    { pid: 1, startedAt: "a", token: "t1" },
    { pid: 2, startedAt: "b", token: "t2" },
  ];

  expect(await duties.take("scheduler", one, () => true)).toBe(true);
  const before = opened.rings();
  expect(await duties.take("scheduler", two, () => true)).toBe(false);
  expect(await duties.take("scheduler", one, () => true)).toBe(true);
  expect(opened.rings()).toBe(before);
  expect(await duties.take("other", two, () => true)).toBe(true);
  await duties.leave("scheduler", "t2");
  expect(await duties.holder("scheduler")).toEqual(one);
  expect(await duties.take("scheduler", two, () => false)).toBe(true);
  await duties.leave("scheduler", "t2");
  expect(await duties.holder("scheduler")).toBeUndefined();
});
