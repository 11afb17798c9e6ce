import { afterEach, beforeEach, expect, test } from "vitest";
import type { Coordination } from "../../src/core/team/coordination.ts";
import { codeOf } from "../support/code-of.ts";
import { openTestStore, type TestStore } from "../support/open-test-store.ts";
import { makeSession } from "../support/store-records.ts";

let opened: TestStore;
beforeEach(async () => {
  opened = await openTestStore();
  await opened.store.sessions.insert(makeSession());
});
afterEach(() => opened.remove());

function make(changes: Partial<Coordination> = {}): Coordination {
  return {
    id: "crd_1",
    sessionId: "ses_1",
    mode: "consensus",
    state: "running",
    text: "Which?",
    participants: [{ agentId: "agt_1", name: "api" }],
    coordinator: null,
    rules: { rounds: 2, quorum: "majority", tie: "none" },
    patienceMs: 10_000,
    remainingMs: 600_000,
    stages: [],
    createdBy: { kind: "operator" },
    holder: null,
    createdAt: 1,
    endedAt: null,
    seenAt: null,
    ...changes,
  };
}

const holder = (pid: number, token: string) => ({ pid, startedAt: `start ${pid}`, token });
const everybodyLives = () => true;

test("is stored as it is, and listed by session and state, oldest first", async () => {
  const { coordinations } = opened.store;
  const reply = { agentId: "agt_1", messageId: "msg_1", text: "Redis", reason: null };
  const second = make({ id: "crd_2", createdAt: 2, stages: [{ label: "1.proposal", replies: [reply] }] });
  await coordinations.insert(second);
  await coordinations.insert(make());

  expect(await coordinations.get("crd_2")).toEqual(second);
  expect((await coordinations.list({ sessionId: "ses_1" })).map(({ id }) => id)).toEqual(["crd_1", "crd_2"]);
  expect(await coordinations.list({ state: "done" })).toEqual([]);
  expect(await codeOf(coordinations.insert(make({ id: "crd_3", sessionId: "ses_none" })))).toBe("SESSION_NOT_FOUND");
  await opened.store.sessions.remove("ses_1");
  expect(await coordinations.list()).toEqual([]);
});

test("one holder works on it at a time; a dead one's claim counts for nothing, nor does what it writes later", async () => {
  const { coordinations } = opened.store;
  await coordinations.insert(make());
  const first = await coordinations.claim("crd_1", holder(1, "a"), everybodyLives);
  expect(first).toMatchObject({ id: "crd_1", holder: { token: "a" } });
  expect(await coordinations.claim("crd_1", holder(1, "b"), everybodyLives)).toBeUndefined();

  expect(await coordinations.claim("crd_1", holder(2, "c"), ({ pid }) => pid !== 1)).toBeDefined();
  expect(await coordinations.advance("crd_1", "a", { remainingMs: 1 })).toBe(false);
  await coordinations.release("crd_1", "a");
  expect(await coordinations.advance("crd_1", "c", { remainingMs: 2 })).toBe(true);
  expect(await coordinations.get("crd_1")).toMatchObject({ remainingMs: 2, holder: { token: "c" } });
  await coordinations.release("crd_1", "c");
  expect((await coordinations.get("crd_1"))?.holder).toBeNull();
});

test("of many who try at once, one gets it, over several connections", async () => {
  await opened.store.coordinations.insert(make());
  const stores = [opened.store, await opened.openAgain(), await opened.openAgain()];

  const claims = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      stores[index % 3]?.coordinations.claim("crd_1", holder(index, `token ${index}`), everybodyLives),
    ),
  );

  expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
});

test("what is over is neither claimed nor changed; cancelling ends it whoever holds it", async () => {
  const { coordinations } = opened.store;
  await coordinations.insert(make());
  await coordinations.claim("crd_1", holder(1, "a"), everybodyLives);

  expect(await coordinations.cancel("crd_1", 5)).toBe(true);
  expect(await coordinations.cancel("crd_1", 6)).toBe(false);
  expect(await coordinations.advance("crd_1", "a", { state: "done" })).toBe(false);
  expect(await coordinations.claim("crd_1", holder(2, "b"), () => false)).toBeUndefined();
  expect(await coordinations.get("crd_1")).toMatchObject({ state: "cancelled", endedAt: 5 });
  expect(await coordinations.unseen()).toEqual([]);
});

test("those that ended are unseen until somebody looks", async () => {
  const { coordinations } = opened.store;
  await coordinations.insert(make({ state: "done", endedAt: 3 }));
  await coordinations.insert(make({ id: "crd_2", state: "failed", endedAt: 2 }));
  await coordinations.insert(make({ id: "crd_3" }));

  expect((await coordinations.unseen()).map(({ id }) => id)).toEqual(["crd_2", "crd_1"]);
  await coordinations.markSeen("crd_2", 9);
  expect((await coordinations.unseen()).map(({ id }) => id)).toEqual(["crd_1"]);
});
