import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import { agentClear } from "../../src/operations/agent/clear.ts";
import { agentRead } from "../../src/operations/agent/read.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentWait } from "../../src/operations/agent/wait.ts";
import { broadcast } from "../../src/operations/broadcast.ts";
import type { Context } from "../../src/operations/context.ts";
import { inboxDone } from "../../src/operations/inbox/done.ts";
import { inbox } from "../../src/operations/inbox/inbox.ts";
import { sessionCreate } from "../../src/operations/session/create.ts";
import { status } from "../../src/operations/status.ts";
import { codeOf } from "../support/code-of.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { makeRequest } from "../support/store-records.ts";
import { Asking } from "./respond/asking-program.ts";

let world: FakeWorld;
let asking: Asking;
let as: Partial<Context>;

beforeEach(async () => {
  world = await openFakeWorld({ CLAUDE_ORCH_MAX_AGENTS: "200" });
  asking = new Asking();
  as = await asking.in(world.context);
});
afterEach(() => world.dispose());

const items = async (input: Record<string, unknown> = {}) => (await world.call(inbox, input, as)).items;
const kinds = async () => (await items()).map(({ kind }) => kind);
const send = (agent: AgentView, text: string, more: Record<string, unknown> = {}) =>
  world.call(agentSend, { agent: agent.id, text, ...more }, as);
const settle = (agent: AgentView) => world.call(agentWait, { agents: [agent.id], timeout: "10s" }, as);

describe("the inbox", () => {
  it("B3, R3-11: lists what waits for a person over all sessions, the most urgent first, and how to deal with it", async () => {
    const [asks, failed, limited, done] = await Promise.all(["a", "b", "c", "d"].map((name) => world.spawn(name)));
    if (!asks || !failed || !limited || !done) throw new Error("four were spawned");
    for (const [agent, text] of [
      [failed, "[[error 400]]"],
      [limited, "[[error 429 retry-after 60]]"],
      [done, "[[reply all done\nwith details]]"],
    ] as const) {
      await send(agent, text);
      await settle(agent);
    }
    asking.ask(
      asks.id,
      makeRequest({ requestId: "req_plan00000000", kind: "plan", summary: "Approve the plan", since: 9_000 }),
      makeRequest({ requestId: "req_perm00000000", since: 8_000 }),
    );

    const found = await items();
    expect(found.map(({ kind, agent }) => `${kind} ${agent?.name}`)).toEqual([
      "permission a",
      "plan a",
      "error b",
      "limit c",
      "finished d",
    ]);
    const [permission, plan, error, limit, finished] = found;
    expect(permission).toMatchObject({
      id: "req_perm00000000",
      session: { name: "team" },
      since: "1970-01-01T00:00:08.000Z",
      request: { input: { command: "ls" }, canRemember: true },
      respond: [
        "claude-orch agent respond team/a --request req_perm0000 --allow",
        "claude-orch agent respond team/a --request req_perm0000 --allow --remember",
        "claude-orch agent respond team/a --request req_perm0000 --deny --text 'WHY'",
      ],
    });
    expect(plan?.respond.at(-1)).toMatch(/--text 'WHAT TO CHANGE'$/);
    expect(error).toMatchObject({ error: { kind: "api" } });
    expect(limit).toMatchObject({ error: { kind: "rate_limit", retryAt: expect.any(String) } });
    expect(finished).toMatchObject({
      summary: "all done",
      message: { state: "answered", answer: { text: "all done\nwith details", isError: false } },
    });

    const { attention } = await world.call(status, {}, as);
    expect(attention.map(({ kind, agentId }) => [kind, agentId])).toEqual([
      ["plan", asks.id],
      ["error", failed.id],
      ["limit", limited.id],
    ]);
    expect(attention[0]).toMatchObject({ requestId: "req_plan00000000", since: expect.any(String) });
    expect(attention[2]).toMatchObject({ retryAt: limit?.error?.retryAt });
  }, 30_000);

  it("keeps an item's id as long as it is the same thing, and shows one session where that is asked for", async () => {
    const agent = await world.spawn("a");
    await send(agent, "[[error 400]]");
    await settle(agent);
    const [first] = await items();
    const [again] = await items({ session: "team" });
    expect(again?.id).toBe(first?.id);
    await world.call(sessionCreate, { name: "other", root: "/" }, as);
    expect(await items({ session: "other" })).toEqual([]);
    expect(await codeOf(items({ session: "none" }))).toBe("SESSION_NOT_FOUND");
  });

  it("shows finished work until somebody has read it", async () => {
    const agent = await world.spawn("a");
    const { message } = await send(agent, "first");
    await settle(agent);
    expect(await kinds()).toEqual(["finished"]);
    await world.call(agentRead, { agent: agent.id, message: message.id }, as);
    expect(await kinds()).toEqual([]);

    await send(agent, "second");
    await settle(agent);
    expect(await kinds()).toEqual(["finished"]);
    await world.call(agentRead, { agent: agent.id }, as);
    expect(await kinds()).toEqual([]);

    await send(agent, "third", { wait: true });
    expect(await kinds()).toEqual([]);
  }, 20_000);

  it("what an observer reads was seen by nobody who may act", async () => {
    const agent = await world.spawn("a");
    await send(agent, "first");
    await settle(agent);
    const observer = { ...as, ...world.as({ kind: "observer" }) };
    await world.call(agentRead, { agent: agent.id }, observer);
    expect((await world.call(inbox, {}, observer)).items).toHaveLength(1);
    expect(await codeOf(world.call(inboxDone, { all: true }, observer))).toBe("PERMISSION_DENIED");
  });

  it("shows what was not delivered, unless its sender was told at once", async () => {
    const agent = await world.spawn("a");
    await send(agent, "[[sleep 60s]] busy");
    expect(await codeOf(send(agent, "waits", { timeout: "50ms" }))).toBe("WAIT_TIMEOUT");
    await world.call(agentClear, { agent: agent.id, force: true }, as);
    expect(await codeOf(send(agent, "told at once"))).toBe("AGENT_NOT_RUNNING");
    const [cutOff] = await items();
    expect(cutOff).toMatchObject({ kind: "finished", message: { answer: { isError: true } } });
    const queued = await world.context.store.messages.head(agent.id);
    await world.context.store.messages.update(queued?.id ?? "", { state: "failed", reason: "its agent ended" });
    const [undelivered] = await items();
    expect(undelivered).toMatchObject({ kind: "undelivered", summary: "its agent ended", message: { text: "waits" } });
  }, 20_000);

  it("is not filled by what agents send to each other", async () => {
    const [from, to] = [await world.spawn("a"), await world.spawn("b")];
    const worker = world.as({ kind: "worker", agentId: from.id, sessionId: from.session.id });
    await world.call(agentSend, { agent: to.id, text: "between us" }, worker);
    await settle(to);
    expect(await items()).toEqual([]);
    expect(await world.context.store.messages.unseen()).toEqual([]);
  });

  it("inbox done takes finished work out, one by one or all, twice as well as once; nothing else", async () => {
    const agents = [await world.spawn("a"), await world.spawn("b")];
    await world.call(broadcast, { text: "report" }, as);
    for (const agent of agents) await settle(agent);
    const [first, second] = await items();
    const done = (input: Record<string, unknown>) => world.call(inboxDone, input, as);
    expect(await done({ messages: [first?.id] })).toEqual({ done: [first?.id] });
    expect((await items()).map(({ id }) => id)).toEqual([second?.id]);
    expect(await done({ messages: [first?.id] })).toEqual({ done: [first?.id] });
    expect(await done({ all: true })).toEqual({ done: [second?.id] });
    expect(await items()).toEqual([]);
    asking.ask(agents[0]?.id ?? "", makeRequest());
    expect(await codeOf(done({ messages: ["req_1"] }))).toBe("MESSAGE_NOT_FOUND");
    expect(await codeOf(done({}))).toBe("INVALID_INPUT");
  }, 20_000);

  it("an agent whose requests cannot be read is listed all the same, and hides nobody", async () => {
    const [broken, sound] = [await world.spawn("a"), await world.spawn("b")];
    for (const { id } of [broken, sound]) asking.ask(id, makeRequest({ requestId: `req_${id}` }));
    const program = await (as.program ?? world.context.program)("fake");
    const failing = new Proxy(program, {
      get(target, name) {
        if (name !== "requests") return Reflect.get(target, name);
        return async (agent: AgentView) => {
          if (agent.id === broken.id) throw new Error("unreadable");
          return [makeRequest({ requestId: `req_${agent.id}` })];
        };
      },
    });
    const found = (await world.call(inbox, {}, { ...as, program: async () => failing })).items;
    expect(found.map(({ agent, request }) => [agent?.id, request !== undefined]).toSorted()).toEqual(
      [
        [broken.id, false],
        [sound.id, true],
      ].toSorted(),
    );
  });
});
