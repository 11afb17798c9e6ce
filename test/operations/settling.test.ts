import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compose } from "../../src/compose.ts";
import { AppError } from "../../src/core/errors.ts";
import type { Answer } from "../../src/core/message.ts";
import type { AgentProgram } from "../../src/core/ports/agent-program.ts";
import { agentClear } from "../../src/operations/agent/clear.ts";
import { agentDelete } from "../../src/operations/agent/delete.ts";
import { awaitAnswer, settleAnswer } from "../../src/operations/agent/delivery/answer.ts";
import { emptyBox } from "../../src/operations/agent/delivery/draft.ts";
import { keepQueuesMoving } from "../../src/operations/agent/delivery/keep-moving.ts";
import { QueueLeaders } from "../../src/operations/agent/delivery/queue-leaders.ts";
import { agentRead } from "../../src/operations/agent/read.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { agentStart } from "../../src/operations/agent/start.ts";
import type { Context } from "../../src/operations/context.ts";
import { codeOf } from "../support/code-of.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { overriding } from "../support/overriding.ts";
import { waitFor } from "../support/wait-for.ts";

let world: FakeWorld;

beforeEach(async () => {
  world = await openFakeWorld();
});
afterEach(() => world.dispose());

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The fake's program with some of its methods replaced. */
async function programWith(methods: Partial<AgentProgram>): Promise<Pick<Context, "program">> {
  const program = await world.context.program("fake");
  const replaced = overriding(program, methods);
  return { program: async () => replaced };
}

/** What another process would work with: a store, a doorbell and queue leaders of its own. */
async function otherProcess(): Promise<Context> {
  return compose({ signal: new AbortController().signal, cwd: world.root, env: world.context.caller.env });
}

/** Queues a message whose sender gives up at once. */
async function leave(agent: string, text: string): Promise<string> {
  expect(await codeOf(world.call(agentSend, { agent, text, timeout: "50ms" }))).toBe("WAIT_TIMEOUT");
  const message = (await world.context.store.messages.list(agent)).at(-1);
  if (!message) throw new Error("the message was queued");
  return message.id;
}

describe("settling messages", () => {
  it("a sender sees that another process has delivered its message, and does not wait for the next one", async () => {
    const agent = await world.spawn("a");
    await world.call(agentSend, { agent: agent.id, text: "[[sleep 1s]] busy" });
    // This sender looks again only after the other process has delivered its message and the agent works again.
    const sleepy = { ...(await programWith({ watch: () => pause(2_500) })), queueLeaders: new QueueLeaders() };
    const first = world.call(agentSend, { agent: agent.id, text: "[[sleep 9s]] first", timeout: "5s" }, sleepy);
    await pause(200);
    const other = await otherProcess();
    const second = codeOf(world.call(agentSend, { agent: agent.id, text: "second", timeout: "5s" }, other));
    expect((await first).message.state).toBe("recorded");
    expect(await second).toBe("WAIT_TIMEOUT");
    await other.store.close();
  }, 20_000);

  it("the spawn fails when its prompt was not delivered; the agent stays", async () => {
    const refusing = await programWith({
      planInput: async () => {
        throw new AppError("TEXT_NOT_DELIVERABLE", "no way carries it");
      },
    });
    expect(await codeOf(world.call(agentSpawn, { name: "a", prompt: "hello" }, refusing))).toBe("AGENT_NOT_RUNNING");
    expect(await world.context.store.agents.list()).toHaveLength(1);
  });

  it("reading a queued message with wait delivers it and waits for its answer", async () => {
    const agent = await world.spawn("a");
    await world.call(agentSend, { agent: agent.id, text: "[[sleep 500ms]] busy" });
    const message = await leave(agent.id, "second");
    const { answer } = await world.call(agentRead, { agent: agent.id, message, wait: true, timeout: "10s" });
    expect(answer?.text).toContain("second");
  }, 20_000);

  it("a recorded message whose turn nobody named finds it in the transcript, and its answer", async () => {
    const agent = await world.spawn("a");
    const { message } = await world.call(agentSend, { agent: agent.id, text: "who am I?" });
    await world.context.store.messages.update(message.id, { promptId: null });

    const read = await world.call(agentRead, { agent: agent.id, message: message.id, wait: true, timeout: "5s" });

    expect(read.answer?.text).toContain("who am I?");
    expect(read.entries.map(({ kind }) => kind)).toEqual(["prompt", "text"]);
  });

  it("a running turn gets one Escape, however often the agent is looked at; the message waits for its end", async () => {
    const agent = await world.spawn("a");
    const backend = await world.context.backend("fake");
    let escapes = 0;
    const deaf = overriding(backend, {
      input: async (ref, steps, signal) => {
        if (!steps.some((step) => step.kind === "keys" && step.keys.includes("Escape")))
          return backend.input(ref, steps, signal);
        escapes += 1;
      },
    });
    await world.call(agentSend, { agent: agent.id, text: "[[sleep 4500ms]][[reply slept]]" });

    const { message } = await world.call(
      agentSend,
      { agent: agent.id, text: "next", when: "interrupt", wait: true },
      { backend: async () => deaf },
    );

    expect(message.answer?.text).toContain("next");
    expect(escapes).toBe(1);
  }, 20_000);

  it("interrupts a turn and delivers at once", async () => {
    const agent = await world.spawn("a");
    const long = await world.call(agentSend, { agent: agent.id, text: "[[reply first]][[sleep 60s]]" });

    const { message } = await world.call(agentSend, { agent: agent.id, text: "next", when: "interrupt", wait: true });

    expect(message.answer?.text).toContain("next");
    const read = await world.call(agentRead, { agent: agent.id, message: long.message.id });
    expect(read.answer?.interrupted).toBe(true);
  }, 20_000);

  it("what Claude Code has in its own queue is waited for, longer than a proof may take, by any process", async () => {
    const settings = { ...world.context.settings, deliveryTimeout: "300ms" };
    const agent = await world.spawn("a");
    await world.call(agentSend, { agent: agent.id, text: "[[sleep 4s]][[reply slept]]" });
    const input = { agent: agent.id, text: "now", when: "now", wait: true };

    expect(await codeOf(world.call(agentSend, { ...input, timeout: "1s" }, { settings }))).toBe("WAIT_TIMEOUT");
    const [, typed] = await world.context.store.messages.list(agent.id);
    expect(["typed", "submitted"]).toContain(typed?.state);
    const { answer } = await world.call(agentRead, { agent: agent.id, message: typed?.id, wait: true }, { settings });

    expect(answer?.text).toBe("echo: now");
    expect(await world.context.store.messages.list(agent.id)).toHaveLength(2);
  }, 20_000);

  it("what stood in Claude Code's own queue when its agent was cleared is not said to be on its way", async () => {
    const settings = { ...world.context.settings, deliveryTimeout: "300ms" };
    const agent = await world.spawn("a");
    await world.call(agentSend, { agent: agent.id, text: "[[sleep 60s]][[reply slept]]" });
    const input = { agent: agent.id, text: "now", when: "now", timeout: "1s" };
    expect(await codeOf(world.call(agentSend, input, { settings }))).toBe("WAIT_TIMEOUT");

    await world.call(agentClear, { agent: agent.id, force: true });

    const messages = await world.context.store.messages.list(agent.id);
    expect(messages.map(({ state }) => state)).toEqual(["recorded", "unknown"]);
  }, 20_000);

  it("waiting for an answer ends when the agent is deleted", async () => {
    const agent = await world.spawn("a");
    // Looks only after everything is gone.
    const sleepy = await programWith({ watch: () => pause(2_000) });
    const text = "[[sleep 60s]] long";
    const waiting = codeOf(world.call(agentSend, { agent: agent.id, text, wait: true, timeout: "10s" }, sleepy));
    await waitFor("the turn", async () => (await world.context.store.messages.unanswered(agent.id))[0]);
    await world.call(agentDelete, { agent: agent.id, force: true });
    expect(await waiting).toBe("MESSAGE_NOT_FOUND");
  }, 20_000);

  it("a box that is slow to show that it was emptied gets one Ctrl-C: a second one would end Claude Code", async () => {
    const agent = await world.spawn("a");
    const row = await world.context.store.agents.get(agent.id);
    if (!row) throw new Error("it is stored");
    const pressedAt: number[] = [];
    const { clock } = world.context;
    const backend = overriding(await world.context.backend("fake"), {
      input: async () => {
        pressedAt.push(clock.monotonic());
      },
    });
    const program = overriding(await world.context.program("fake"), {
      draft: () => (clock.monotonic() - (pressedAt[0] ?? Number.POSITIVE_INFINITY) > 700 ? "" : "left behind"),
      planClear: () => [{ kind: "keys", keys: ["C-c"] }],
    });

    expect(await emptyBox({ context: world.context, agent: row, backend, program })).toBe(true);

    expect(pressedAt).toHaveLength(1);
  });

  it("what a person types into a turn that we began is the person's", async () => {
    const agent = await world.spawn("a");
    const { message } = await world.call(agentSend, { agent: agent.id, text: "work", wait: true });
    const program = await world.context.program("fake");
    const meanwhile = await programWith({
      entries: async (...args) => {
        const page = await program.entries(...args);
        const [prompt, ...rest] = page.entries;
        return { ...page, entries: prompt ? [prompt, { ...prompt, id: "@1", text: "and hurry" }, ...rest] : [] };
      },
    });

    const { entries } = await world.call(agentRead, { agent: agent.id, message: message.id }, meanwhile);

    expect(entries.map(({ text, from }) => [text, from])).toEqual([
      ["work", "orchestrator"],
      ["and hurry", "person"],
      ["echo: work", undefined],
    ]);
  });

  it("an agent that was read before it followed its person into another conversation has not cut its turn off", async () => {
    const agent = await world.spawn("a");
    const { message } = await world.call(agentSend, { agent: agent.id, text: "[[sleep 300ms]][[reply done]]" });
    const stored = await world.context.store.messages.get(message.id);
    const row = await world.context.store.agents.get(agent.id);
    if (!stored || !row) throw new Error("both are stored");
    // Idle already, and its last record is still to come.
    const late = await programWith({ observe: async () => ({ state: "idle", because: "Stop", since: 0 }) });

    const earlier = { ...row, conversationId: "11111111-1111-4111-8111-111111111111" };
    const answered = await awaitAnswer({ ...world.context, ...late }, earlier, stored, 10_000);

    expect(answered.answer).toMatchObject({ text: "done", isError: false });
  });

  it("a turn that ends just before its process is no turn that was cut off", async () => {
    const agent = await world.spawn("a");
    const { message } = await world.call(agentSend, { agent: agent.id, text: "[[reply all done]] [[exit 0]]" });
    const stored = await world.context.store.messages.get(message.id);
    const row = await world.context.store.agents.get(agent.id);
    if (!stored || !row) throw new Error("both are stored");
    const answer = (text: string): Answer => ({
      text,
      toolUses: [],
      stopReason: null,
      interrupted: false,
      isError: false,
      durationMs: null,
      usage: null,
    });
    let looks = 0;
    const late = await programWith({
      turn: async () => ({ isOver: ++looks > 1, answer: answer(looks > 1 ? "all of it" : "a part") }),
      observe: async () => ({ state: "exited", because: "it ended", since: 0 }),
    });
    const settled = await settleAnswer({ ...world.context, ...late }, row, { ...stored, state: "recorded" });
    expect(settled.answer).toMatchObject({ text: "all of it", isError: false });
  });
});

describe("starting an agent", () => {
  it("two who start the same agent open one terminal", async () => {
    const agent = await world.spawn("a");
    await world.call(agentClear, { agent: agent.id });
    const backend = await world.context.backend("fake");
    let opened = 0;
    const counting = new Proxy(backend, {
      get(target, name) {
        if (name === "open") opened += 1;
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const other = await otherProcess();
    const start = (as: Partial<Context>) =>
      codeOf(world.call(agentStart, { agent: agent.id }, { ...as, backend: async () => counting }));
    const codes = await Promise.all([start({}), start(other)]);
    expect(codes.toSorted()).toEqual(["AGENT_ALREADY_RUNNING", "none"]);
    expect(opened).toBe(1);
    await other.store.close();
  });
});

describe("queues that nobody waits for", () => {
  it("two processes that keep them moving do not wake each other without end", async () => {
    const agent = await world.spawn("a");
    await world.call(agentSend, { agent: agent.id, text: "[[sleep 30s]] busy" });
    await leave(agent.id, "second");
    const other = await otherProcess();
    const stop = new AbortController();
    let tries = 0;
    const counting = (context: Context): Context => ({
      ...context,
      signal: stop.signal,
      ids: new Proxy(context.ids, {
        get(target, name) {
          if (name === "next") tries += 1;
          const value = Reflect.get(target, name);
          return typeof value === "function" ? value.bind(target) : value;
        },
      }),
    });
    const movers = [keepQueuesMoving(counting(world.context)), keepQueuesMoving(counting(other))];
    await pause(1_500);
    stop.abort();
    await Promise.all(movers);
    expect(tries).toBeLessThan(10);
    await other.store.close();
  }, 20_000);

  it("what goes wrong with one agent does not keep the others waiting", async () => {
    const [broken, sound] = [await world.spawn("a"), await world.spawn("b")];
    for (const { id } of [broken, sound]) await world.call(agentSend, { agent: id, text: "[[sleep 400ms]] busy" });
    for (const { id } of [broken, sound]) await leave(id, "second");
    const program = await world.context.program("fake");
    const failing = await programWith({
      observe: async (agent, ...rest) => {
        if (agent.id === broken.id) throw new Error("a bug");
        return program.observe(agent, ...rest);
      },
    });
    const stop = new AbortController();
    const moving = keepQueuesMoving({ ...world.context, ...failing, signal: stop.signal });
    await waitFor("the sound agent's queue", async () => {
      return (await world.context.store.messages.head(sound.id)) === undefined || undefined;
    });
    stop.abort();
    await moving;
  }, 20_000);
});
