import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestStore, type TestStore } from "../support/open-test-store.ts";
import { makeAgent, makeMessage, makeSession } from "../support/store-records.ts";

let opened: TestStore;
beforeEach(async () => {
  opened = await openTestStore();
  await opened.store.sessions.insert(makeSession({ protocol: "adder" }));
  await opened.store.agents.insert(makeAgent({ protocol: "adder" }));
});
afterEach(() => opened.remove());

test("sessions and agents keep the name of their protocol", async () => {
  const again = await opened.openAgain();
  expect((await again.sessions.get("ses_1"))?.protocol).toBe("adder");
  expect((await again.agents.get("agt_1"))?.protocol).toBe("adder");
});

test("a conversation has the protocol once a message that carries it may have got into it", async () => {
  const { messages } = opened.store;
  const has = () => messages.hasSentProtocol("agt_1", "con_1");
  await messages.insert(makeMessage({ id: "msg_1", state: "recorded", conversationId: "con_1" }));
  await messages.insert(makeMessage({ id: "msg_2", state: "recorded", conversationId: "con_2", protocol: "sent" }));
  await messages.insert(makeMessage({ id: "msg_3", state: "failed", conversationId: "con_1", protocol: "sent" }));
  await messages.insert(makeMessage({ id: "msg_4", state: "queued", conversationId: "con_1", protocol: "sent" }));
  await messages.insert(makeMessage({ id: "msg_5", state: "queued", protocol: "due" }));
  expect(await has()).toBe(false);
  await messages.insert(makeMessage({ id: "msg_6", state: "unknown", conversationId: "con_1", protocol: "sent" }));
  expect(await has()).toBe(true);
});

describe("what was last written to task files", () => {
  const holder = (token: string) => ({ pid: process.pid, startedAt: "now", token });
  const base = {
    seen: 1,
    tasks: {
      1: {
        file: { title: "a", priority: 5, mark: "open" as const },
        store: { title: "a", priority: 5, state: "queued" as const, owner: null },
      },
    },
  };

  test("belongs to one holder at a time, and to the next when that one is dead or done", async () => {
    const { todoMirrors } = opened.store;
    const alive = () => true;
    expect(await todoMirrors.acquire("ses_1", holder("a"), alive)).toMatchObject({ base: null });
    await todoMirrors.write("ses_1", base);
    const other = await opened.openAgain();
    expect(await other.todoMirrors.acquire("ses_1", holder("b"), alive)).toBeUndefined();
    expect(await other.todoMirrors.acquire("ses_1", holder("c"), () => false)).toMatchObject({ base });
    // Whoever lost it does not give away what is another's.
    await todoMirrors.release("ses_1", "a");
    expect(await todoMirrors.acquire("ses_1", holder("d"), alive)).toBeUndefined();
    await other.todoMirrors.release("ses_1", "c");
    expect(await todoMirrors.acquire("ses_1", holder("d"), alive)).toMatchObject({ base });
    await expect(todoMirrors.acquire("ses_9", holder("e"), alive)).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
  });

  test("goes with its session", async () => {
    const { todoMirrors, sessions } = opened.store;
    await todoMirrors.acquire("ses_1", holder("a"), () => true);
    await todoMirrors.write("ses_1", base);
    await sessions.remove("ses_1");
    // The same id again: nothing is left of the former one.
    await sessions.insert(makeSession());
    expect(await todoMirrors.acquire("ses_1", holder("b"), () => true)).toMatchObject({ base: null });
  });
});
