import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compose } from "../../../src/compose.ts";
import type { AgentView } from "../../../src/core/agent.ts";
import { AppError } from "../../../src/core/errors.ts";
import type { RequestAnswer } from "../../../src/core/request.ts";
import { agentRespond } from "../../../src/operations/agent/respond.ts";
import type { Context } from "../../../src/operations/context.ts";
import { inbox } from "../../../src/operations/inbox/inbox.ts";
import { codeOf } from "../../support/code-of.ts";
import { type FakeWorld, openFakeWorld } from "../../support/fake-world.ts";
import { makeRequest } from "../../support/store-records.ts";
import { Asking } from "./asking-program.ts";

let world: FakeWorld;
let asking: Asking;
let agent: AgentView;
let as: Partial<Context>;

beforeEach(async () => {
  world = await openFakeWorld({ CLAUDE_ORCH_DELIVERY_TIMEOUT: "300ms" });
  asking = new Asking();
  agent = await world.spawn("a");
  as = await asking.in(world.context);
});
afterEach(() => world.dispose());

const respond = (input: Record<string, unknown>, more: Partial<Context> = {}) =>
  world.call(agentRespond, { agent: agent.id, ...input }, { ...as, ...more });
const row = (id: string) => world.context.store.answers.get(id);

/** The row that a process left behind that was killed between its journal entry and the proof. */
async function leaveRow(change: Partial<RequestAnswer> = {}): Promise<void> {
  const request = makeRequest();
  const left: RequestAnswer = {
    id: request.requestId,
    agentId: agent.id,
    kind: request.kind,
    summary: request.summary,
    request,
    decision: { kind: "allow", remember: false },
    decidedBy: "operator",
    state: "deciding",
    via: null,
    outcome: null,
    reason: null,
    holder: { pid: 2 ** 22 + 1, startedAt: "0" },
    createdAt: world.context.clock.now(),
    settledAt: null,
    ...change,
  };
  await world.context.store.answers.begin(left, () => false);
}

describe("answering a request", () => {
  it("R3-30, R3-36: answers what is asked, and says what became of it and who decided", async () => {
    asking.ask(agent.id, makeRequest());
    const { request, agent: after } = await respond({ deny: true, text: "not here" });
    expect(request).toMatchObject({
      requestId: "req_1",
      outcome: "denied",
      decision: "deny: not here",
      decidedBy: "operator",
      via: "hook",
    });
    expect(request).not.toHaveProperty("evidence");
    expect(after.state).toBe("idle");
    expect(await row("req_1")).toMatchObject({ state: "settled", outcome: "denied", via: "hook", holder: null });
  });

  it("a manager's answer is a manager's; an agent may not answer", async () => {
    asking.ask(agent.id, makeRequest());
    const worker = { kind: "worker", agentId: agent.id, sessionId: agent.session.id } as const;
    expect(await codeOf(respond({ allow: true }, world.as(worker)))).toBe("PERMISSION_DENIED");
    const { request } = await respond({ allow: true }, world.as({ kind: "manager" }));
    expect(request.decidedBy).toBe("manager");
  });

  it("R3-30: is refused with exit 4 where nothing is asked", async () => {
    const error = await respond({ allow: true }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "NOTHING_ASKED", exitCode: 4 });
  });

  it("takes one of several only by its id, or the beginning of it", async () => {
    asking.ask(agent.id, makeRequest({ requestId: "req_aaaaaaaa1" }), makeRequest({ requestId: "req_bbbbbbbb2" }));
    expect(await codeOf(respond({ allow: true }))).toBe("REQUEST_AMBIGUOUS");
    expect(await codeOf(respond({ allow: true, request: "req_" }))).toBe("REQUEST_NOT_FOUND");
    const { request } = await respond({ allow: true, request: "req_bbbbbbbb" });
    expect(request.requestId).toBe("req_bbbbbbbb2");
    expect(asking.handedOver.map(({ id }) => id)).toEqual(["req_bbbbbbbb2"]);
  });

  it("says of a settled request how it ended, and of an unknown one that it is not asked", async () => {
    asking.ask(agent.id, makeRequest());
    await respond({ allow: true, remember: true });
    const error = await respond({ deny: true, request: "req_1" }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "REQUEST_CLOSED", details: { outcome: "allowed", decidedBy: "operator" } });
    expect(await codeOf(respond({ deny: true, request: "req_2" }))).toBe("REQUEST_NOT_FOUND");
    expect(asking.handedOver).toHaveLength(1);
  });

  it("hands nothing over that does not fit what is asked", async () => {
    asking.ask(agent.id, makeRequest());
    expect(await codeOf(respond({ text: "well" }))).toBe("REQUEST_ANSWER_INVALID");
    expect(asking.handedOver).toEqual([]);
    expect(await row("req_1")).toBeUndefined();
  });

  it("is not proved while the request stays open; it may be answered again", async () => {
    asking.ask(agent.id, makeRequest());
    asking.onAnswer = async () => undefined;
    const error = await respond({ allow: true }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "ANSWER_UNPROVED", exitCode: 9 });
    expect(await row("req_1")).toMatchObject({ state: "deciding", holder: null, via: "hook" });
    asking.onAnswer = undefined;
    expect((await respond({ allow: true })).request.outcome).toBe("allowed");
  });

  it("a permission that is gone without a trace is no success", async () => {
    asking.ask(agent.id, makeRequest());
    asking.onAnswer = async ({ requestId }) => asking.close(requestId, "gone");
    expect(await codeOf(respond({ allow: true }))).toBe("ANSWER_UNPROVED");
    await world.call(inbox, {}, as);
    expect(await row("req_1")).toMatchObject({ state: "settled", outcome: "gone" });
  });

  it("a person's No that was faster than our Yes is told, and stands in the journal", async () => {
    asking.ask(agent.id, makeRequest());
    asking.onAnswer = async ({ requestId }) => asking.close(requestId, "denied");
    const error = await respond({ allow: true }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "REQUEST_CLOSED", exitCode: 4, details: { outcome: "denied" } });
    expect(String((error as AppError).hint)).toContain("terminal first");
    expect(await row("req_1")).toMatchObject({ state: "settled", outcome: "denied" });
  });

  it.each(["REQUEST_CLOSED", "REQUEST_NOT_SHOWN", "BACKEND_COMMAND_FAILED"] as const)(
    "%s while it is handed over leaves no answer behind that would block the next one",
    async (code) => {
      asking.ask(agent.id, makeRequest());
      asking.onAnswer = async () => {
        throw new AppError(code, "no");
      };
      expect(await codeOf(respond({ allow: true }))).toBe(code);
      expect(await row("req_1")).toMatchObject({ state: "failed", holder: null });
      asking.onAnswer = undefined;
      expect((await respond({ deny: true })).request.outcome).toBe("denied");
    },
  );

  it("a dialog that comes a second time can be answered a second time; nothing else can", async () => {
    const evidence = { offset: null, promptId: null, toolUseId: null, waiter: null };
    const dialog = makeRequest({ requestId: "req_d", kind: "dialog", options: ["Go", "Stop"], via: "keys", evidence });
    asking.ask(agent.id, dialog);
    await respond({ choice: ["1"] });
    asking.ask(agent.id, dialog);
    expect((await respond({ choice: ["2"] })).request).toMatchObject({ outcome: "answered", decision: "Stop" });

    asking.ask(agent.id, makeRequest());
    await respond({ allow: true });
    asking.ask(agent.id, makeRequest());
    expect(await codeOf(respond({ allow: true }))).toBe("REQUEST_CLOSED");
  });

  it("of two who answer at once, one does; the other is told", async () => {
    asking.ask(agent.id, makeRequest());
    const other = await compose({
      signal: new AbortController().signal,
      cwd: world.root,
      env: world.context.caller.env,
    });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    asking.onAnswer = async ({ requestId }) => {
      await held;
      asking.close(requestId, "allowed");
    };
    const first = codeOf(respond({ allow: true }));
    const second = codeOf(world.call(agentRespond, { agent: agent.id, deny: true }, { ...other, ...as }));
    const early = await Promise.race([first, second]);
    release();
    expect(early).toBe("REQUEST_ALREADY_ANSWERED");
    expect([await first, await second].toSorted()).toEqual(["REQUEST_ALREADY_ANSWERED", "none"]);
    expect(asking.handedOver).toHaveLength(1);
    await other.store.close();
  });

  it("a call that is cancelled while it waits for the proof does not block the next one", async () => {
    asking.ask(agent.id, makeRequest());
    const stop = new AbortController();
    asking.onAnswer = async () => stop.abort();
    expect(await codeOf(respond({ allow: true }, { signal: stop.signal }))).toBe("CANCELLED");
    asking.close("req_1", "allowed");
    await world.call(inbox, {}, as);
    expect(await row("req_1")).toMatchObject({ state: "settled", outcome: "allowed" });
  });
});

describe("after a crash", () => {
  it("before anything was handed over, the request can be answered", async () => {
    asking.ask(agent.id, makeRequest());
    await leaveRow();
    expect((await respond({ deny: true })).request.outcome).toBe("denied");
  });

  it("after it was handed over, the next look settles it from the evidence and answers no second time", async () => {
    await leaveRow();
    asking.ask(agent.id, makeRequest());
    asking.close("req_1", "allowed");
    expect(await codeOf(respond({ deny: true, request: "req_1" }))).toBe("REQUEST_CLOSED");
    expect(asking.handedOver).toEqual([]);
    expect(await row("req_1")).toMatchObject({ state: "settled", outcome: "allowed", decidedBy: "operator" });
  });

  it("while its effect is on the way, the one who comes next does not take the credit", async () => {
    await leaveRow({ decidedBy: "manager" });
    asking.ask(agent.id, makeRequest());
    asking.onAnswer = async ({ requestId }) => {
      asking.close(requestId, "allowed");
      throw new AppError("REQUEST_CLOSED", "nobody waits any more");
    };
    expect(await codeOf(respond({ deny: true }))).toBe("REQUEST_CLOSED");
    expect(await row("req_1")).toMatchObject({ state: "settled", outcome: "allowed", decidedBy: "manager" });
  });

  it("and a new start of the agent, what it asked is gone", async () => {
    await leaveRow({ createdAt: 1 });
    asking.ask(agent.id, makeRequest());
    await world.call(inbox, {}, as);
    expect(await row("req_1")).toMatchObject({ state: "settled", outcome: "gone" });
  });

  it("the row of a process that lives is left alone", async () => {
    await leaveRow({ holder: world.context.processes.self() });
    asking.ask(agent.id, makeRequest());
    expect(await codeOf(respond({ allow: true }))).toBe("REQUEST_ALREADY_ANSWERED");
    expect(await row("req_1")).toMatchObject({ state: "deciding" });
  });
});
