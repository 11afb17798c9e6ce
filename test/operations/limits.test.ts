import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compose } from "../../src/compose.ts";
import type { Agent, AgentView, StateReport } from "../../src/core/agent.ts";
import { AppError } from "../../src/core/errors.ts";
import type { Message } from "../../src/core/message.ts";
import type { Clock } from "../../src/core/ports/clock.ts";
import { pumpQueue } from "../../src/operations/agent/delivery/drive.ts";
import { keepQueuesMoving } from "../../src/operations/agent/delivery/keep-moving.ts";
import { limitEnd } from "../../src/operations/agent/delivery/limit.ts";
import { queueResume, resumeHeld } from "../../src/operations/agent/delivery/resume.ts";
import { observeAgent } from "../../src/operations/agent/observe.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentWait } from "../../src/operations/agent/wait.ts";
import type { Context } from "../../src/operations/context.ts";
import { codeOf } from "../support/code-of.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { waitFor } from "../support/wait-for.ts";

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

    const error = await sent(agent, { text: "next" }, { progress: ({ message }) => heard.push(message) });
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

  it("B7: goes on once by itself when the limit is over, before all else that is queued, with two servers running", async () => {
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
    await waitFor("the queue to be empty", async () => {
      return (await world.context.store.messages.queueLengths()).size === 0 || undefined;
    });
    stop.abort();
    await Promise.all(servers);
    await world.call(agentWait, { agents: [agent.id], timeout: "10s" }, later());

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
    expect((await messages(agent)).filter(({ sender }) => sender === "orchestrator")).toHaveLength(1);
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
    options: { kind?: string; resumes?: Partial<Message>[]; autoResume?: boolean } = {},
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
    const report = { state: "errored", pid: 1, because: "", since: NOW, error } as StateReport;
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
