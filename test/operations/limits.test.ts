import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compose } from "../../src/compose.ts";
import type { Agent, AgentView, StateReport, WaitingFor } from "../../src/core/agent.ts";
import { AppError } from "../../src/core/errors.ts";
import type { Message } from "../../src/core/message.ts";
import type { AgentProgram } from "../../src/core/ports/agent-program.ts";
import type { Clock } from "../../src/core/ports/clock.ts";
import type { AgentRequest, Decision } from "../../src/core/request.ts";
import { pumpQueue } from "../../src/operations/agent/delivery/drive.ts";
import { keepQueuesMoving } from "../../src/operations/agent/delivery/keep-moving.ts";
import { limitEnd } from "../../src/operations/agent/delivery/limit.ts";
import { queueResume, resumeHeld } from "../../src/operations/agent/delivery/resume.ts";
import { observeAgent } from "../../src/operations/agent/observe.ts";
import { agentRespond } from "../../src/operations/agent/respond.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentWait } from "../../src/operations/agent/wait.ts";
import type { Context } from "../../src/operations/context.ts";
import { inbox } from "../../src/operations/inbox/inbox.ts";
import { codeOf } from "../support/code-of.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";

let world: FakeWorld;
let clock: Clock & { ahead: number };

beforeEach(async () => {
  await open();
});
afterEach(() => world.dispose());

async function open(env: Record<string, string> = {}): Promise<void> {
  world = await openFakeWorld(env);
  const real = world.context.clock;
  clock = {
    ahead: 0,
    now: () => real.now() + clock.ahead,
    monotonic: () => real.monotonic(),
    sleep: (ms, signal) => real.sleep(ms, signal),
    every: (ms, fn) => real.every(ms, fn),
  };
}

/** A call in the time of our clock. */
function later(extra: Partial<Context> = {}): Partial<Context> {
  return { clock, ...extra };
}

/** What Claude Code asks a subscriber at a limit, which the fake backend does not. */
interface LimitDialog {
  /** Where the program is asked for in a call. */
  program: Context["program"];
  decisions: Decision[];
}

function limitDialog({ shown = "req_limit" } = {}): LimitDialog {
  const asked: AgentRequest = {
    kind: "dialog",
    requestId: shown,
    summary: "What do you want to do?",
    options: ["Stop and wait for limit to reset", "Upgrade your plan"],
    canRemember: false,
    via: "keys",
    since: null,
    evidence: { offset: null, promptId: null, toolUseId: null, waiter: null },
  };
  const waitingFor: WaitingFor = { kind: "dialog", requestId: "req_limit", summary: asked.summary };
  const decisions: Decision[] = [];
  const program = async (name: Parameters<Context["program"]>[0]): Promise<AgentProgram> => {
    const real = await world.context.program(name);
    const isOpen = () => decisions.length === 0;
    const shows: Partial<AgentProgram> = {
      async observe(...args) {
        const report = await real.observe(...args);
        return isOpen() && report.state === "errored" ? { ...report, waitingFor } : report;
      },
      requests: async () => (isOpen() ? [asked] : []),
      outcome: async () => (isOpen() ? "open" : "gone"),
      async answer(_agent, { requestId }, decision) {
        expect(requestId).toBe(shown);
        decisions.push(decision);
        return { via: "keys" };
      },
    };
    return new Proxy(real, {
      get(target, property) {
        const own = Reflect.get(shows, property) ?? Reflect.get(target, property, target);
        return typeof own === "function" ? own.bind(target) : own;
      },
    });
  };
  return { program, decisions };
}

/** An agent whose turn was cut off by a limit that lasts 30 s. */
async function limited(name = "a"): Promise<AgentView> {
  const agent = await world.spawn(name);
  const text = "[[error 429 retry-after 30]]";
  expect(await codeOf(world.call(agentSend, { agent: agent.id, text, wait: true }))).toBe("ANSWER_FAILED");
  return agent;
}

function messages(agent: AgentView): Promise<Message[]> {
  return world.context.store.messages.list(agent.id);
}

async function sent(agent: AgentView, input: Record<string, unknown>, as: Partial<Context> = {}): Promise<AppError> {
  const thrown = await world
    .call(agentSend, { agent: agent.id, timeout: "50ms", ...input }, later(as))
    .catch((error: unknown) => error);
  if (!(thrown instanceof AppError)) throw new Error(`expected an error, not ${JSON.stringify(thrown)}`);
  return thrown;
}

describe("an agent that hit a limit", () => {
  it("B7: is held: its messages wait, whoever sends them in whatever way, and the sender is told until when", async () => {
    const agent = await limited();
    const heard: string[] = [];

    const error = await sent(
      agent,
      { text: "next", timeout: "1s" },
      { progress: ({ message }) => heard.push(message) },
    );
    expect(error).toMatchObject({ code: "WAIT_TIMEOUT", hint: expect.stringMatching(/stays queued until then/) });
    expect(error.message).toMatch(/held until \d\d:\d\d \(in \d+ s\)/);
    const heldUntil = Date.parse(String(error.details.heldUntil)) - clock.now();
    expect(heldUntil).toBeGreaterThan(25_000);
    expect(heldUntil).toBeLessThanOrEqual(30_000);
    expect(heard).toContainEqual(expect.stringMatching(/^held until/));
    expect((await sent(agent, { text: "at once", when: "now" }, world.as({ kind: "manager" }))).code).toBe(
      "WAIT_TIMEOUT",
    );
    expect((await sent(agent, { text: "at once", when: "interrupt" })).code).toBe("WAIT_TIMEOUT");

    expect((await messages(agent)).slice(1).map(({ state }) => state)).toEqual(["queued", "queued", "queued"]);
  });

  it("takes what a person says to send now: the limit may be over sooner", async () => {
    const agent = await limited();
    await sent(agent, { text: "next" });
    await sent(agent, { text: "at once", when: "interrupt" });

    const { message } = await world.call(agentSend, { agent: agent.id, text: "try", when: "now", wait: true }, later());

    expect(message.answer?.text).toBe("echo: try");
    await world.call(agentWait, { agents: [agent.id], timeout: "10s" }, later());
    expect((await messages(agent)).map(({ sender, state }) => [sender, state])).toEqual(
      Array.from({ length: 4 }, () => ["operator", "answered"]),
    );
  });

  it("B7: goes on once by itself when the limit is over, before all else that is queued, with two servers and a command that waits", async () => {
    const agent = await limited();
    await sent(agent, { text: "next" });
    await sent(agent, { text: "urgent", when: "interrupt" });
    const other = await compose({
      signal: new AbortController().signal,
      cwd: world.root,
      env: world.context.caller.env,
    });
    expect(await resumeHeld({ ...world.context, clock })).toBeGreaterThan(clock.now());
    expect(await messages(agent)).toHaveLength(3);

    clock.ahead = 31_000;
    const stop = new AbortController();
    const servers = [world.context, other].map((context) =>
      keepQueuesMoving({ ...context, clock, signal: stop.signal }),
    );
    // Live views move queues in the same way; who waits for the agent does so besides.
    await world.call(agentWait, { agents: [agent.id], timeout: "15s" }, later());
    stop.abort();
    await Promise.all(servers);

    const typed = (await messages(agent)).toSorted((a, b) => (a.transcriptOffset ?? 0) - (b.transcriptOffset ?? 0));
    expect(typed.map(({ sender, text }) => [sender, text])).toEqual([
      ["operator", "[[error 429 retry-after 30]]"],
      ["orchestrator", "The limit that stopped you is over. Continue where you left off."],
      ["operator", "urgent"],
      ["operator", "next"],
    ]);
    expect(typed.slice(1).every(({ answer }) => answer?.isError === false)).toBe(true);
    await other.store.close();
  }, 20_000);

  it("goes on before it takes a message that is sent after the limit, with no server running", async () => {
    const agent = await limited();
    clock.ahead = 31_000;

    const { message } = await world.call(agentSend, { agent: agent.id, text: "next", wait: true }, later());

    expect(message.answer?.text).toBe("echo: next");
    const typed = (await messages(agent)).toSorted((a, b) => (a.transcriptOffset ?? 0) - (b.transcriptOffset ?? 0));
    expect(typed.map(({ sender }) => sender)).toEqual(["operator", "orchestrator", "operator"]);
  });

  it("stays where it is when autoResume is off, and takes the next message after the limit", async () => {
    await world.dispose();
    await open({ CLAUDE_ORCH_AUTO_RESUME: "false" });
    const agent = await limited();
    expect((await sent(agent, { text: "next" })).message).toMatch(/held until/);

    clock.ahead = 31_000;
    expect(await resumeHeld({ ...world.context, clock })).toBeUndefined();
    expect(await messages(agent)).toHaveLength(2);
    const { message } = await world.call(agentSend, { agent: agent.id, text: "more", wait: true }, later());

    expect(message.answer?.text).toBe("echo: more");
    expect((await messages(agent)).map(({ sender }) => sender)).not.toContain("orchestrator");
  });

  it("is told once: neither when that failed nor by a process that looked earlier is it told again", async () => {
    const agent = await limited();
    clock.ahead = 31_000;
    const context = { ...world.context, clock };
    const stored = (await world.context.store.agents.get(agent.id)) as Agent;
    const report = await observeAgent(context, stored);

    const both = await Promise.all([queueResume(context, stored, report), queueResume(context, stored, report)]);
    const [resume] = both.flatMap((one) => one ?? []);
    expect(both.filter((one) => one !== undefined)).toHaveLength(1);
    await world.context.store.messages.update(resume?.id ?? "", { state: "failed" });
    clock.ahead += 3_600_000;

    expect(await queueResume(context, stored, report)).toBeUndefined();
    // The time that the evidence gives the failure may move; the turn that failed is the same.
    expect(await queueResume(context, stored, { ...report, since: report.since + 1 })).toBeUndefined();
    expect((await messages(agent)).filter(({ sender }) => sender === "orchestrator")).toHaveLength(1);
    const another = { ...report, failedTurn: { id: "another turn", goesOn: false } };
    expect(await queueResume(context, stored, another)).toMatchObject({ sender: "orchestrator", state: "queued" });
  });

  it("B7: is in the inbox once, and the dialog that stands there is closed once, when it goes on", async () => {
    const agent = await limited();
    const { program, decisions } = limitDialog();
    await sent(agent, { text: "next" }, { program });
    const { items } = await world.call(inbox, {}, later({ program }));

    expect(items.filter((item) => item.agent?.id === agent.id)).toMatchObject([
      { kind: "limit", error: { kind: "rate_limit" }, respond: [expect.any(String), expect.stringMatching(/respond/)] },
    ]);
    expect(decisions).toEqual([]);
    clock.ahead = 31_000;
    await resumeHeld({ ...world.context, clock, program });
    await world.call(agentWait, { agents: [agent.id], timeout: "10s" }, later({ program }));

    expect(decisions).toEqual([{ kind: "deny", reason: null }]);
    expect((await messages(agent)).map(({ sender, state }) => `${sender} ${state}`).toSorted()).toEqual([
      "operator answered",
      "operator answered",
      "orchestrator answered",
    ]);
  });

  it("closes that dialog for what a person says to send now; answered before, there is nothing to close", async () => {
    const agent = await limited();
    const first = limitDialog();
    const now = { agent: agent.id, text: "now", when: "now", wait: true };
    expect((await world.call(agentSend, now, later(first))).message.answer?.text).toBe("echo: now");
    expect(first.decisions).toHaveLength(1);

    const other = await limited("b");
    const { program, decisions } = limitDialog();
    await sent(other, { text: "next" }, { program });
    const answered = await world.call(agentRespond, { agent: other.id, choice: [1] }, later({ program }));
    clock.ahead = 31_000;
    await world.call(agentWait, { agents: [other.id], timeout: "10s" }, later({ program }));

    expect(answered).toMatchObject({ request: { outcome: "gone" }, agent: { state: "errored" } });
    expect(decisions).toMatchObject([{ kind: "choose" }]);
    expect((await messages(other)).every(({ state }) => state === "answered")).toBe(true);
  });

  it("does not go on past any other dialog", async () => {
    const agent = await limited();
    clock.ahead = 31_000;
    const { program, decisions } = limitDialog({ shown: "req_other" });
    const context = { ...world.context, clock, program };

    await resumeHeld(context);
    await pumpQueue(context, (await world.context.store.agents.get(agent.id)) as Agent);

    expect(decisions).toEqual([]);
    expect((await messages(agent)).at(-1)).toMatchObject({ sender: "orchestrator", state: "queued", typedAt: null });
  });

  it("B7: that goes on by itself is not told to, and then takes what is queued", async () => {
    const agent = await limited();
    const stored = (await world.context.store.agents.get(agent.id)) as Agent;
    const goesOn = async (name: Parameters<Context["program"]>[0]) => {
      const real = await world.context.program(name);
      return new Proxy(real, {
        get(target, property) {
          const own = Reflect.get(target, property, target);
          if (property !== "observe") return typeof own === "function" ? own.bind(target) : own;
          return async (...args: Parameters<AgentProgram["observe"]>) => {
            const report = await target.observe(...args);
            const { failedTurn } = report;
            return failedTurn ? { ...report, failedTurn: { ...failedTurn, goesOn: true } } : report;
          };
        },
      });
    };
    const context = { ...world.context, clock, program: goesOn };
    await sent(agent, { text: "next" }, { program: goesOn });
    clock.ahead = 120_000;
    await resumeHeld(context);
    await pumpQueue(context, stored);
    expect((await messages(agent)).map(({ state }) => state)).toEqual(["answered", "queued"]);

    if (!stored.terminal) throw new Error("a running agent has a terminal");
    await (await world.context.backend("fake")).input(stored.terminal, [
      { kind: "text", text: "Your usage limit has reset.", isBracketed: true },
      { kind: "keys", keys: ["Enter"] },
    ]);
    await world.call(agentWait, { agents: [agent.id], timeout: "10s" }, later({ program: goesOn }));

    expect((await messages(agent)).map(({ sender, state }) => [sender, state])).toEqual([
      ["operator", "answered"],
      ["operator", "answered"],
    ]);
  });

  it("is not told to go on when somebody has prompted it since", async () => {
    const agent = await limited();
    clock.ahead = 31_000;
    await resumeHeld({ ...world.context, clock });
    const stored = (await world.context.store.agents.get(agent.id)) as Agent;
    if (!stored.terminal) throw new Error("a running agent has a terminal");
    const backend = await world.context.backend("fake");
    await backend.input(stored.terminal, [
      { kind: "text", text: "I am here again", isBracketed: true },
      { kind: "keys", keys: ["Enter"] },
    ]);

    await pumpQueue({ ...world.context, clock }, stored);

    const resume = (await messages(agent)).at(-1);
    expect(resume).toMatchObject({ sender: "orchestrator", state: "failed", typedAt: null });
    expect(resume?.reason).toMatch(/somebody has prompted it/);
  });

  it("is waited for when it goes on in time, and not when it does not", async () => {
    const agent = await world.spawn("a");
    await codeOf(world.call(agentSend, { agent: agent.id, text: "[[error 429 retry-after 2]]", wait: true }));

    const early = await world.call(agentWait, { agents: [agent.id], timeout: "1s" });
    expect(early).toMatchObject({ timedOut: false, agents: [{ state: "errored" }] });
    const { timedOut, agents } = await world.call(agentWait, { agents: [agent.id], timeout: "15s" });

    expect([timedOut, agents[0]?.state]).toEqual([false, "idle"]);
    expect((await messages(agent)).map(({ sender }) => sender)).toEqual(["operator", "orchestrator"]);
  }, 20_000);
});

describe("how long a limit holds", () => {
  const NOW = 1_800_000_000_000;
  const MINUTE = 60_000;

  function resume(minutesAgo: number, isError: boolean | null): Partial<Message> {
    const answer = isError === null ? null : ({ isError } as Message["answer"]);
    return { sender: "orchestrator", createdAt: NOW - minutesAgo * MINUTE, answer };
  }

  /** Minutes from now. */
  async function end(
    retryInMinutes: number,
    options: { kind?: string; resumes?: Partial<Message>[]; autoResume?: boolean; goesOn?: boolean } = {},
  ): Promise<number | undefined> {
    const context = {
      clock: { now: () => NOW },
      settings: { autoResume: options.autoResume ?? true },
      store: { messages: { list: async () => options.resumes ?? [] } },
    } as unknown as Context;
    const error = {
      kind: options.kind ?? "rate_limit",
      message: "",
      retryAt: new Date(NOW + retryInMinutes * MINUTE).toISOString(),
    };
    const failedTurn = { id: "p", goesOn: options.goesOn ?? false };
    const report = { state: "errored", pid: 1, because: "", since: NOW, error, failedTurn } as StateReport;
    const until = await limitEnd(context, { id: "agt_1" } as Agent, report);
    return until === undefined ? undefined : (until - NOW) / MINUTE;
  }

  it("is what the error says, up to eight days ahead; a time in the past holds nobody up", async () => {
    expect(await end(5)).toBe(5);
    expect(await end(5, { kind: "usage_limit" })).toBe(5);
    expect(await end(-5)).toBe(-5);
    expect(await end(7 * 24 * 60)).toBe(7 * 24 * 60);
    expect(await end(9 * 24 * 60)).toBeUndefined();
    expect(await end(5, { kind: "auth" })).toBeUndefined();
    expect(await end(5, { kind: "api" })).toBeUndefined();
  });

  it("is three minutes longer where Claude Code has announced to go on by itself: until then it may", async () => {
    expect(await end(5, { goesOn: true })).toBe(8);
    expect(await end(-1, { goesOn: true })).toBe(2);
    expect(await end(-1, { goesOn: true, resumes: [resume(0, true), resume(0, true), resume(0, true)] })).toBe(4);
    expect(await end(5, { goesOn: true, autoResume: false })).toBe(5);
  });

  it("grows each time the limit is met again, from a minute to half an hour, and starts anew after a success", async () => {
    const failed = (count: number) => Array.from({ length: count }, () => resume(0, true));
    expect(await end(-1, { resumes: [resume(0, null)] })).toBe(1);
    expect(await end(-1, { resumes: failed(1) })).toBe(1);
    expect(await end(-1, { resumes: failed(2) })).toBe(2);
    expect(await end(-1, { resumes: failed(4) })).toBe(8);
    expect(await end(-1, { resumes: failed(12) })).toBe(30);
    expect(await end(60, { resumes: failed(4) })).toBe(60);
    expect(await end(-1, { resumes: [...failed(6), resume(0, false)] })).toBe(1);
    expect(await end(-1, { resumes: [...failed(6), resume(5, false)] })).toBe(-1);
    expect(await end(-1, { resumes: failed(6), autoResume: false })).toBe(-1);
  });
});
