import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RequestAnswer } from "../../src/core/request.ts";
import { codeOf } from "../support/code-of.ts";
import { openTestStore, type TestStore } from "../support/open-test-store.ts";
import { makeAgent, makeMessage, makeRequest, makeSession } from "../support/store-records.ts";

const answer = (change: Partial<RequestAnswer> = {}): RequestAnswer => ({
  id: "req_1",
  agentId: "agt_1",
  kind: "permission",
  summary: "Bash: ls marker-of-summary",
  request: makeRequest(),
  decision: { kind: "deny", reason: "marker-of-reason" },
  decidedBy: "operator",
  state: "deciding",
  via: null,
  outcome: null,
  reason: null,
  holder: { pid: 7, startedAt: "1" },
  createdAt: 10,
  settledAt: null,
  ...change,
});
const alive = () => true;
const dead = () => false;

describe("answers to requests", () => {
  let world: TestStore;
  beforeEach(async () => {
    world = await openTestStore();
    await world.store.sessions.insert(makeSession({ id: "ses_1" }));
    await world.store.agents.insert(makeAgent({ id: "agt_1", sessionId: "ses_1" }));
  });
  afterEach(() => world.remove());

  it("come back as they were written, newest first", async () => {
    const { answers } = world.store;
    await answers.begin(answer(), alive);
    await answers.begin(answer({ id: "req_2", createdAt: 20 }), alive);
    await answers.update("req_1", { state: "settled", outcome: "denied", via: "hook", settledAt: 30 });

    const settled = answer({ state: "settled", outcome: "denied", via: "hook", settledAt: 30 });
    expect(await answers.get("req_1")).toEqual(settled);
    expect((await answers.list()).map(({ id }) => id)).toEqual(["req_2", "req_1"]);
    expect(await answers.list({ agentId: "agt_1", limit: 1 })).toHaveLength(1);
    expect(await answers.list({ agentId: "agt_2" })).toEqual([]);
  });

  it("are given once: a second answer is refused while the first holds, also from another process", async () => {
    await world.store.answers.begin(answer(), alive);
    const other = await world.openAgain();
    expect(await codeOf(other.answers.begin(answer({ decidedBy: "manager" }), alive))).toBe("REQUEST_ALREADY_ANSWERED");
    await world.store.answers.update("req_1", { state: "settled", outcome: "allowed" });
    expect(await codeOf(other.answers.begin(answer(), dead))).toBe("REQUEST_ALREADY_ANSWERED");
  });

  it("may be given anew when the first try failed or its process died", async () => {
    const { answers } = world.store;
    await answers.begin(answer(), alive);
    await answers.begin(answer({ decidedBy: "manager" }), dead);
    await answers.update("req_1", { state: "failed", reason: "the screen showed something else" });
    await answers.begin(answer({ decidedBy: "agt_9" }), alive);
    expect(await answers.get("req_1")).toMatchObject({ decidedBy: "agt_9", state: "deciding", reason: null });
  });

  it("go with their agent", async () => {
    await world.store.answers.begin(answer(), alive);
    await world.store.agents.remove("agt_1");
    expect(await world.store.answers.list()).toEqual([]);
  });
});

describe("what nobody has looked at", () => {
  let world: TestStore;
  beforeEach(async () => {
    world = await openTestStore();
    await world.store.sessions.insert(makeSession({ id: "ses_1" }));
    await world.store.agents.insert(makeAgent({ id: "agt_1", sessionId: "ses_1" }));
  });
  afterEach(() => world.remove());

  it("is what ended and was not seen, newest first", async () => {
    const { messages } = world.store;
    await messages.insert(makeMessage({ id: "msg_1", agentId: "agt_1", state: "answered", createdAt: 1 }));
    await messages.insert(makeMessage({ id: "msg_2", agentId: "agt_1", state: "failed", createdAt: 2 }));
    await messages.insert(makeMessage({ id: "msg_3", agentId: "agt_1", state: "queued", createdAt: 3 }));
    await messages.insert(makeMessage({ id: "msg_4", agentId: "agt_1", state: "answered", createdAt: 4, seenAt: 5 }));
    expect((await messages.unseen()).map(({ id }) => id)).toEqual(["msg_2", "msg_1"]);

    await messages.update("msg_2", { seenAt: 6 });
    expect((await messages.unseen()).map(({ id }) => id)).toEqual(["msg_1"]);
  });

  it("keeps a session's permission rules", async () => {
    const rule = { effect: "allow", rule: "Bash(npm test:*)", role: null } as const;
    await world.store.sessions.update("ses_1", { policy: [rule] });
    expect((await world.store.sessions.get("ses_1"))?.policy).toEqual([rule]);
  });
});
