import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Message } from "../../src/core/message.ts";
import { openTestStore, type TestStore } from "../support/open-test-store.ts";
import { makeAgent, makeConversation, makeMessage, makeSession } from "../support/store-records.ts";

let opened: TestStore;
beforeEach(async () => {
  opened = await openTestStore();
});
afterEach(() => opened.remove());

async function withAgent(): Promise<TestStore["store"]> {
  const { store } = opened;
  await store.sessions.insert(makeSession());
  await store.agents.insert(makeAgent());
  return store;
}

describe("sessions", () => {
  test("come back as they were stored, oldest first, also through another connection", async () => {
    const younger = makeSession({ id: "ses_2", name: "other", isTrusted: true, createdAt: 5_000 });
    await opened.store.sessions.insert(younger);
    await opened.store.sessions.insert(makeSession());

    const again = await opened.openAgain();

    expect(await again.sessions.list()).toEqual([makeSession(), younger]);
    expect(await again.sessions.get("ses_2")).toEqual(younger);
    expect(await again.sessions.findByName("other")).toEqual(younger);
    expect(await again.sessions.findByName("Other")).toBeUndefined();
    expect(await again.sessions.get("ses_3")).toBeUndefined();
  });

  test("a name is given once, also by renaming", async () => {
    const { sessions } = opened.store;
    await sessions.insert(makeSession());
    await sessions.insert(makeSession({ id: "ses_2", name: "other" }));

    await expect(sessions.insert(makeSession({ id: "ses_3" }))).rejects.toMatchObject({ code: "SESSION_NAME_TAKEN" });
    await expect(sessions.update("ses_2", { name: "team" })).rejects.toMatchObject({ code: "SESSION_NAME_TAKEN" });
    await sessions.update("ses_2", { name: "third" });
    expect((await sessions.findByName("third"))?.id).toBe("ses_2");
    expect(await sessions.findByName("other")).toBeUndefined();
  });

  test("agent numbers are never given twice", async () => {
    const { sessions } = opened.store;
    await sessions.insert(makeSession());

    const numbers = await Promise.all([1, 2, 3].map(() => sessions.takeAgentNumber("ses_1")));

    expect(numbers.sort()).toEqual([1, 2, 3]);
    expect((await sessions.get("ses_1"))?.nextAgentNumber).toBe(4);
    await expect(sessions.takeAgentNumber("ses_9")).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
  });

  test("a change of what is not there is an error, a removal is not", async () => {
    await expect(opened.store.sessions.update("ses_9", {})).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
    await opened.store.sessions.remove("ses_9");
  });
});

describe("agents", () => {
  const full = makeAgent({
    id: "agt_2",
    number: 2,
    name: "Bob",
    model: "opus",
    systemPrompt: "Be kind. 🌱",
    claudeArgs: ["--verbose", "a b"],
    envNames: ["TOKEN"],
    terminal: { backend: "tmux", tag: "nonce", id: "%3" },
    lifecycle: "open",
    launchedAt: 9,
    tokenHash: "hash-2",
    createdAt: 2_001,
  });

  test("come back as they were stored and are found by name and token", async () => {
    const { agents } = await withAgent();
    await agents.insert(full);

    expect(await agents.list("ses_1")).toEqual([makeAgent(), full]);
    expect(await agents.list()).toHaveLength(2);
    expect(await agents.list("ses_2")).toEqual([]);
    expect(await agents.get("agt_2")).toEqual(full);
    expect(await agents.findByName("ses_1", "Bob")).toEqual(full);
    expect(await agents.findByName("ses_2", "Bob")).toBeUndefined();
    expect((await agents.findByTokenHash("hash-2"))?.id).toBe("agt_2");
    expect(await agents.count("ses_1")).toBe(2);
  });

  test("a name is given once within a session, and may be the same in another", async () => {
    const { agents, sessions } = await withAgent();
    await sessions.insert(makeSession({ id: "ses_2", name: "other" }));

    await expect(agents.insert(makeAgent({ id: "agt_2", number: 2 }))).rejects.toMatchObject({
      code: "AGENT_NAME_TAKEN",
    });
    await agents.insert(makeAgent({ id: "agt_3", sessionId: "ses_2" }));
    expect((await agents.findByName("ses_2", "Agent_1"))?.id).toBe("agt_3");
  });

  test("a change touches only what it names; null empties", async () => {
    const { agents } = await withAgent();
    await agents.insert(full);

    await agents.update("agt_2", { terminal: null, lifecycle: "closed", role: "tester" });

    expect(await agents.get("agt_2")).toEqual({ ...full, terminal: null, lifecycle: "closed", role: "tester" });
    expect(await agents.get("agt_1")).toEqual(makeAgent());
    await expect(agents.update("agt_9", {})).rejects.toMatchObject({ code: "AGENT_NOT_FOUND" });
    await expect(agents.insert(makeAgent({ id: "agt_9", sessionId: "ses_9" }))).rejects.toMatchObject({
      code: "SESSION_NOT_FOUND",
    });
  });

  test("removal takes conversations, messages and lease with it", async () => {
    const store = await withAgent();
    await store.conversations.upsert(makeConversation());
    await store.messages.insert(makeMessage());
    await store.leases.acquire("agt_1", { pid: 1, startedAt: "", token: "t" }, () => true);

    await store.agents.remove("agt_1");

    expect(await store.messages.get("msg_1")).toBeUndefined();
    expect(await store.conversations.get("con_1")).toBeUndefined();
    expect((await store.health()).problems).toEqual([]);
  });
});

test("a conversation that is resumed keeps its beginning and its transcript", async () => {
  const { conversations } = await withAgent();
  await conversations.upsert(makeConversation({ transcriptPath: "/t.jsonl", endedAt: 9 }));
  await conversations.upsert(makeConversation({ id: "con_0", startedAt: 2_000 }));

  await conversations.upsert(makeConversation({ startedAt: 8_000 }));

  expect(await conversations.get("con_1")).toEqual(makeConversation({ transcriptPath: "/t.jsonl" }));
  expect((await conversations.list("agt_1")).map(({ id }) => id)).toEqual(["con_0", "con_1"]);
  await conversations.update("con_1", { endedAt: 10 });
  expect((await conversations.get("con_1"))?.endedAt).toBe(10);
  await expect(conversations.update("con_9", {})).rejects.toMatchObject({ code: "CONVERSATION_NOT_FOUND" });
});

describe("messages", () => {
  test("come back as they were stored, numbered in the order of their arrival", async () => {
    const { messages } = await withAgent();
    const full = makeMessage({
      id: "msg_2",
      text: "line\n\ttab \u0000 \ud83d\ude00",
      sentText: "sent",
      normalised: ["tabs to spaces"],
      exact: true,
      idempotencyKey: "key",
      holder: { pid: 3, startedAt: "44" },
      answer: {
        text: "yes",
        toolUses: [],
        stopReason: "end_turn",
        interrupted: false,
        isError: false,
        durationMs: 5,
        usage: null,
      },
    });

    expect((await messages.insert(makeMessage())).seq).toBe(1);
    expect(await messages.insert(full)).toEqual({ ...full, seq: 2 });
    expect(await messages.get("msg_2")).toEqual({ ...full, seq: 2 });
    await messages.insert(makeMessage({ id: "msg_3" }));
    expect((await messages.list("agt_1", { limit: 2 })).map(({ id }) => id)).toEqual(["msg_2", "msg_3"]);
    expect(await messages.list("agt_1")).toHaveLength(3);
  });

  test("the queue holds what is not yet recorded", async () => {
    const { messages } = await withAgent();
    const states: Message["state"][] = ["queued", "typed", "submitted", "recorded", "answered", "failed", "unknown"];
    for (const state of states) await messages.insert(makeMessage({ id: `msg_${state}`, state }));

    expect(await messages.queueLengths()).toEqual(new Map([["agt_1", 3]]));
    expect((await messages.unanswered("agt_1")).map(({ state }) => state)).toEqual(["recorded"]);
  });

  test("a key and a prompt id find their message; a key is used once", async () => {
    const { messages } = await withAgent();
    await messages.insert(makeMessage({ idempotencyKey: "key", promptId: "p1" }));

    expect((await messages.findByIdempotencyKey("agt_1", "key"))?.id).toBe("msg_1");
    expect(await messages.findByIdempotencyKey("agt_1", "Key")).toBeUndefined();
    expect((await messages.ofPrompt("agt_1", "p1")).map(({ id }) => id)).toEqual(["msg_1"]);
    await expect(messages.insert(makeMessage({ id: "msg_2", idempotencyKey: "key" }))).rejects.toMatchObject({
      code: "IDEMPOTENCY_KEY_REUSED",
    });
  });

  test("compare and set: of two who take a message, one gets it", async () => {
    const { messages } = await withAgent();
    const other = (await opened.openAgain()).messages;
    await messages.insert(makeMessage());

    const taken = await Promise.all(
      [messages, other].map((side) => side.update("msg_1", { state: "typed" }, ["queued"])),
    );

    expect(taken.sort()).toEqual([false, true]);
    expect(await messages.update("msg_9", { via: "keys" }, ["queued"])).toBe(false);
    await expect(messages.update("msg_9", { via: "keys" })).rejects.toMatchObject({ code: "MESSAGE_NOT_FOUND" });
  });

  test("a state that is not in the life of a message is refused, and nothing of the change is stored", async () => {
    const { messages } = await withAgent();
    await messages.insert(makeMessage());

    await expect(messages.update("msg_1", { state: "answered", via: "keys" })).rejects.toMatchObject({
      code: "INTERNAL",
    });

    expect(await messages.get("msg_1")).toMatchObject({ state: "queued", via: null });
  });
});

describe("leases", () => {
  const holder = (token: string, pid = 1) => ({ pid, startedAt: "1", token });
  const alive = () => true;

  test("one holder at a time, also within one process, until it lets go", async () => {
    const { leases } = await withAgent();

    expect(await leases.acquire("agt_1", holder("a"), alive)).toBe(true);
    expect(await leases.acquire("agt_1", holder("b"), alive)).toBe(false);
    expect(await leases.acquire("agt_1", holder("a"), alive)).toBe(true);
    await leases.release("agt_1", "b");
    expect(await leases.acquire("agt_1", holder("b"), alive)).toBe(false);
    await leases.release("agt_1", "a");
    expect(await leases.acquire("agt_1", holder("b"), alive)).toBe(true);
  });

  test("a dead holder loses it, to one of those who come", async () => {
    const { leases } = await withAgent();
    await leases.acquire("agt_1", holder("dead", 7), alive);
    const isAlive = ({ pid }: { pid: number }) => pid !== 7;

    const taken = await Promise.all(["a", "b", "c"].map((token) => leases.acquire("agt_1", holder(token), isAlive)));

    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  test("trying in vain does not ring", async () => {
    const { leases } = await withAgent();
    await leases.acquire("agt_1", holder("a"), alive);
    const before = opened.rings();

    await leases.acquire("agt_1", holder("b"), alive);

    expect(opened.rings()).toBe(before);
  });
});

describe("transactions", () => {
  test("all or nothing", async () => {
    const { store } = opened;
    const before = opened.rings();

    const failing = store.transaction(async ({ sessions, agents }) => {
      await sessions.insert(makeSession());
      await agents.insert(makeAgent());
      throw new Error("half way");
    });

    await expect(failing).rejects.toThrow("half way");
    expect(await store.sessions.list()).toEqual([]);
    expect(opened.rings()).toBe(before);
  });

  test("returns what the work returns, and rings once", async () => {
    const before = opened.rings();

    const number = await opened.store.transaction(async ({ sessions }) => {
      await sessions.insert(makeSession());
      return sessions.takeAgentNumber("ses_1");
    });

    expect(number).toBe(1);
    expect(opened.rings()).toBe(before + 1);
  });

  test("using the store itself inside is refused, where it would wait for ever", async () => {
    const { store } = opened;

    const inside = store.transaction(async () => {
      await store.sessions.list();
    });

    await expect(inside).rejects.toMatchObject({ code: "INTERNAL" });
    expect(await store.sessions.list()).toEqual([]);
  });

  test("others see nothing of it before it ends", async () => {
    const other = await opened.openAgain();

    await opened.store.transaction(async ({ sessions }) => {
      await sessions.insert(makeSession());
      expect(await other.sessions.list()).toEqual([]);
    });

    expect(await other.sessions.list()).toHaveLength(1);
  });
});

test("waits are those of living processes, and go with their agents", async () => {
  const { agents, waits } = await withAgent();
  await agents.insert(makeAgent({ id: "agt_2", name: "Agent_2", number: 2 }));
  const holder = (pid: number) => ({ pid, startedAt: "1" });
  const toSecond = { waiterId: "agt_1", targetId: "agt_2" };
  for (const [id, pid] of [
    ["w1", 1],
    ["w2", 2],
    ["w3", 2],
  ] as const)
    await waits.begin({ id, ...toSecond, holder: holder(pid) });
  const alive = ({ pid }: { pid: number }) => pid === 2;

  expect(await waits.targets("agt_1", alive)).toEqual(["agt_2"]);
  await waits.end("w2");
  await waits.end("w2");
  expect(await waits.targets("agt_1", alive)).toEqual(["agt_2"]);
  await waits.end("w3");
  expect(await waits.targets("agt_1", alive)).toEqual([]);
  expect(await waits.targets("agt_1", () => true)).toEqual(["agt_2"]);
  await agents.remove("agt_2");
  expect(await waits.targets("agt_1", () => true)).toEqual([]);
});
