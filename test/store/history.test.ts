import { afterEach, beforeEach, expect, test } from "vitest";
import type { Answer, Message } from "../../src/core/message.ts";
import type { RequestAnswer } from "../../src/core/request.ts";
import type { Task } from "../../src/core/task.ts";
import { openTestStore, type TestStore } from "../support/open-test-store.ts";
import { makeAgent, makeCoordination, makeMessage, makeRequest, makeSession } from "../support/store-records.ts";
import { makeAttempt, makeTask } from "../support/task-records.ts";

const OLD = 1_000;
const LIMIT = 50_000;
const NEW = 60_000;

let opened: TestStore;
beforeEach(async () => {
  opened = await openTestStore();
  await opened.store.sessions.insert(makeSession());
  await opened.store.agents.insert(makeAgent({ conversationId: "con_now" }));
});
afterEach(() => opened.remove());

const answer = (change: Partial<Answer> = {}): Answer => ({
  text: "done",
  toolUses: [],
  stopReason: "end_turn",
  interrupted: false,
  isError: false,
  durationMs: 5,
  usage: { inputTokens: 10, outputTokens: 3, cacheCreationTokens: 2, cacheReadTokens: 1 },
  ...change,
});

/** Messages reach their states as in life: tokens are counted when an answer is stored. */
async function put(id: string, { state = "answered", ...change }: Partial<Message> = {}): Promise<void> {
  const { messages } = opened.store;
  const queued = { id, createdAt: OLD, seenAt: OLD, ...change, answer: null, answeredAt: null };
  await messages.insert(makeMessage(queued));
  if (state === "queued") return;
  if (state === "failed") {
    await messages.update(id, { state: "failed" });
    return;
  }
  for (const next of ["typed", "submitted", "recorded"] as const) await messages.update(id, { state: next });
  if (state !== "answered") return;
  await messages.update(id, { state, answer: change.answer ?? answer(), answeredAt: change.answeredAt ?? OLD });
}

const messagesLeft = async () => (await opened.store.messages.list("agt_1")).map(({ id }) => id);
const tasksLeft = async () => (await opened.store.tasks.list()).map(({ id }) => id);

test("R3-32: old messages that are settled go, in bounded batches; their tokens still count", async () => {
  const { messages } = opened.store;
  await put("answered");
  await put("answered unseen", { seenAt: null });
  await put("failed", { state: "failed" });
  await put("answered lately", { answeredAt: NEW });
  await put("queued", { state: "queued" });
  await put("recorded", { state: "recorded" });
  await put("unseen failure", { state: "failed", seenAt: null });
  await put("unseen error", { seenAt: null, answer: answer({ isError: true }) });
  await put("of a task", { sender: "scheduler" });
  await put("with the protocol", { protocol: "sent", conversationId: "con_now" });
  await put("with an earlier protocol", { protocol: "sent", conversationId: "con_past" });
  await put("newest");
  const usage = await messages.usageTotals();

  expect(await messages.removeEnded(LIMIT, 1)).toBe(1);
  expect(await messages.removeEnded(LIMIT, 2)).toBe(2);
  expect(await messages.removeEnded(LIMIT, 100)).toBe(1);
  expect(await messages.removeEnded(LIMIT, 100)).toBe(0);

  expect(await messagesLeft()).toEqual([
    ...["answered lately", "queued", "recorded", "unseen failure", "unseen error"],
    ...["of a task", "with the protocol", "newest"],
  ]);
  expect(await messages.usageTotals()).toEqual(usage);
  await put("later");
  expect((await messages.usageTotals()).get("agt_1")?.outputTokens).toBe((usage.get("agt_1")?.outputTokens ?? 0) + 3);
  expect((await messages.list("agt_1")).at(-1)).toMatchObject({ id: "later", seq: 13 });
});

test("R3-32: old tasks go with their prompts, but none that is still of use", async () => {
  const { tasks } = opened.store;
  await put("prompt", { sender: "scheduler" });
  await put("newest");
  const ended = (id: string, change: Partial<Task> = {}) =>
    makeTask({ id, state: "done", createdAt: OLD, endedAt: OLD, ...change });
  const attempts = [makeAttempt({ agentId: "agt_1", messageIds: ["prompt"], endedAt: OLD, outcome: "done" })];
  await tasks.insert([
    ended("done", { attempts }),
    ended("cancelled", { state: "cancelled" }),
    ended("failed, seen", { state: "failed", seenAt: OLD, needs: ["done"] }),
    ended("failed, unseen", { state: "failed", needs: ["done"] }),
    ended("lately", { endedAt: NEW }),
    ended("needed"),
    ended("mended", { state: "failed", seenAt: OLD }),
    makeTask({ id: "open", state: "blocked", createdAt: OLD, needs: ["needed"] }),
    makeTask({ id: "fix", createdAt: OLD, causedBy: "mended" }),
  ]);

  expect(await tasks.removeEnded(LIMIT, 2)).toBe(2);
  expect(await tasks.removeEnded(LIMIT, 100)).toBe(1);

  expect((await tasksLeft()).sort()).toEqual(["failed, unseen", "fix", "lately", "mended", "needed", "open"]);
  expect((await tasks.get("failed, unseen"))?.needs).toEqual([]);
  expect(await messagesLeft()).toEqual(["newest"]);
});

test("R3-32: a run goes with all its tasks, once none of them is of use", async () => {
  const { tasks, workflowRuns } = opened.store;
  const run = {
    sessionId: "ses_1",
    workflow: "w",
    title: "w",
    inputs: {},
    steps: [],
    skipped: [],
    createdBy: "operator",
  };
  for (const id of ["over", "going on", "empty"]) await workflowRuns.insert({ ...run, id, createdAt: OLD });
  await workflowRuns.insert({ ...run, id: "new", createdAt: NEW });
  const of = (id: string, workflowRunId: string, change: Partial<Task> = {}) =>
    makeTask({ id, workflowRunId, state: "done", createdAt: OLD, endedAt: OLD, ...change });
  await tasks.insert([
    of("a", "over"),
    of("b", "over", { needs: ["a"] }),
    of("c", "going on"),
    of("d", "going on", { state: "queued", endedAt: null }),
  ]);

  expect(await tasks.removeEnded(LIMIT, 100)).toBe(0);
  expect(await workflowRuns.removeEnded(LIMIT, 100)).toBe(2);

  expect((await workflowRuns.list()).map(({ id }) => id)).toEqual(["new", "going on"]);
  expect(await tasksLeft()).toEqual(["c", "d"]);
});

test("R3-32: old coordinations and answers to requests go; not those under way, nor a failure that nobody has seen", async () => {
  const { answers, coordinations } = opened.store;
  const coordination = { ...makeCoordination(), id: "over", state: "done" as const, createdAt: OLD, endedAt: OLD };
  await coordinations.insert(coordination);
  await coordinations.insert({ ...coordination, id: "running", state: "running", endedAt: null });
  await coordinations.insert({ ...coordination, id: "failed", state: "failed" });
  await coordinations.insert({ ...coordination, id: "lately", endedAt: NEW });
  const given: RequestAnswer = {
    id: "req_old",
    agentId: "agt_1",
    kind: "permission",
    summary: "Bash: ls",
    request: makeRequest(),
    decision: { kind: "allow", remember: false },
    decidedBy: "operator",
    state: "deciding",
    via: "hook",
    outcome: "allowed",
    reason: null,
    holder: null,
    createdAt: OLD,
    settledAt: OLD,
  };
  for (const id of ["req_old", "req_deciding"]) await answers.begin({ ...given, id }, () => false);
  await answers.begin({ ...given, id: "req_lately", settledAt: NEW }, () => false);
  for (const id of ["req_old", "req_lately"]) await answers.update(id, { state: "settled" });

  expect(await coordinations.removeEnded(LIMIT, 100)).toBe(1);
  expect(await answers.removeEnded(LIMIT, 100)).toBe(1);

  expect((await coordinations.list()).map(({ id }) => id).sort()).toEqual(["failed", "lately", "running"]);
  expect((await answers.list()).map(({ id }) => id).sort()).toEqual(["req_deciding", "req_lately"]);
});
