import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import { agentList } from "../../src/operations/agent/list.ts";
import { agentRead } from "../../src/operations/agent/read.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentShow } from "../../src/operations/agent/show.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { agentWait } from "../../src/operations/agent/wait.ts";
import { broadcast } from "../../src/operations/broadcast.ts";
import { sessionCreate } from "../../src/operations/session/create.ts";
import { status } from "../../src/operations/status.ts";
import { codeOf } from "../support/code-of.ts";
import { isFullDepth } from "../support/depth.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { waitFor } from "../support/wait-for.ts";

const COUNT = isFullDepth ? 1_000 : 500;

let world: FakeWorld;

beforeEach(async () => {
  world = await openFakeWorld({ CLAUDE_ORCH_AGENT_MESSAGES_PER_MINUTE: "5000", CLAUDE_ORCH_MAX_AGENTS: "200" });
});
afterEach(() => world.dispose());

const workerOf = (agent: AgentView) => world.as({ kind: "worker", agentId: agent.id, sessionId: agent.session.id });

describe("messages", () => {
  it(`R4-10: ${COUNT} messages between agents: none lost, none doubled, each with its own answer`, async () => {
    const agents = await Promise.all(["a", "b", "c", "d", "e"].map((name) => world.spawn(name)));

    // Each writes to those after it: who waits for an agent that waits for oneself, is refused.
    const pairs = agents.flatMap((from, index) => agents.slice(index + 1).map((to) => [from, to] as const));

    const sent = await Promise.all(
      Array.from({ length: COUNT }, async (_, index) => {
        const [from, to] = pairs[index % pairs.length] ?? [];
        if (!from || !to) throw new Error("five agents");
        const { message } = await world.call(
          agentSend,
          { agent: to.id, text: `note ${index}`, wait: true },
          workerOf(from),
        );
        return { index, message };
      }),
    );

    for (const { index, message } of sent) {
      expect(message.state).toBe("answered");
      expect(message.answer?.text).toContain(`note ${index}`);
      expect(message.sentText).toMatch(/^\[Message from agent \w in session team\./);
    }
    expect(new Set(sent.map(({ message }) => message.promptId)).size).toBe(COUNT);
    const read = await Promise.all(agents.map(({ id }) => readAll(id)));
    const prompts = read.flat().filter(({ kind }) => kind === "prompt");
    expect(prompts).toHaveLength(COUNT);
    expect(prompts.every(({ from }) => from === "agent")).toBe(true);
    const notes = prompts.map(({ text }) => /note (\d+)$/.exec(text ?? "")?.[1]);
    expect(new Set(notes).size).toBe(COUNT);
  }, 300_000);

  /** Page by page, as a client that respects the size limit does. */
  async function readAll(agent: string) {
    const entries = [];
    const first = await world.call(agentShow, { agent });
    let cursor = `${first.agent.conversationId}.0`;
    for (;;) {
      const page = await world.call(agentRead, { agent, since: cursor }, world.as({ kind: "manager" }));
      entries.push(...page.entries);
      if (!page.more) return entries;
      cursor = page.cursor;
    }
  }

  it("R1-56: sixteen agents answer at once, in little more time than the slowest of them takes", async () => {
    const turns = Array.from({ length: 16 }, (_, index) => 200 + 60 * index);
    const { agents = [] } = await world.call(agentSpawn, { count: turns.length });
    const startedAt = world.context.clock.monotonic();

    const answers = await Promise.all(
      turns.map(async (ms, index) => {
        const text = `[[sleep ${ms}ms]][[reply slept ${ms}]]`;
        const { message } = await world.call(agentSend, { agent: agents[index]?.id, text, wait: true });
        return message.answer?.text;
      }),
    );

    expect(answers).toEqual(turns.map((ms) => `slept ${ms}`));
    // One after the other they would take 10 s.
    const tookMs = world.context.clock.monotonic() - startedAt;
    expect(tookMs).toBeGreaterThanOrEqual(Math.max(...turns));
    expect(tookMs).toBeLessThan(4 * Math.max(...turns));
  }, 30_000);

  it("delivers in the order of the queue, whoever drives it", async () => {
    const agent = await world.spawn("a");
    const texts = Array.from({ length: 30 }, (_, index) => `step ${index}`);

    const results: Promise<unknown>[] = [];
    for (const text of texts) {
      results.push(world.call(agentSend, { agent: agent.id, text, wait: true }));
      // Each must be in the queue before the next one is sent.
      await world.context.clock.sleep(0);
    }
    await Promise.all(results);

    const messages = await world.context.store.messages.list(agent.id);
    const byRecord = [...messages].sort((x, y) => (x.transcriptOffset ?? 0) - (y.transcriptOffset ?? 0));
    expect(byRecord.map(({ seq }) => seq)).toEqual(messages.map(({ seq }) => seq));
  });

  it("one idempotency key is one message, however many callers use it at once", async () => {
    const agent = await world.spawn("a");
    const send = () => world.call(agentSend, { agent: agent.id, text: "deploy", idempotencyKey: "k", wait: true });

    const results = await Promise.all(Array.from({ length: 10 }, send));

    expect(new Set(results.map(({ message }) => message.id)).size).toBe(1);
    const { entries } = await world.call(agentRead, { agent: agent.id, all: true });
    expect(entries.filter(({ kind }) => kind === "prompt")).toHaveLength(1);
    expect(await codeOf(world.call(agentSend, { agent: agent.id, text: "other", idempotencyKey: "k" }))).toBe(
      "IDEMPOTENCY_KEY_REUSED",
    );
  });

  it("keeps a message queued when its sender's time is over, and delivers it with the next command", async () => {
    const agent = await world.spawn("a");
    await world.call(agentSend, { agent: agent.id, text: "[[sleep 600ms]][[reply slow]]" });

    expect(await codeOf(world.call(agentSend, { agent: agent.id, text: "later", timeout: "50ms" }))).toBe(
      "WAIT_TIMEOUT",
    );
    expect((await world.call(status, {})).agents[0]).toMatchObject({ state: "working", queued: 1 });

    const waited = await world.call(agentWait, { agents: [agent.id], timeout: "10s" });
    expect(waited).toMatchObject({ timedOut: false, agents: [{ state: "idle" }] });
    const { entries } = await world.call(agentRead, { agent: agent.id, last: 2 });
    expect(entries.map(({ text }) => text)).toEqual(expect.arrayContaining(["slow", "later", "echo: later"]));
  });

  it("takes back a queued message when a person cancels, and keeps it when a program does", async () => {
    const agent = await world.spawn("a");
    await world.call(agentSend, { agent: agent.id, text: "[[sleep 400ms]]" });

    for (const principal of [{ kind: "operator" }, { kind: "manager" }] as const) {
      const stop = new AbortController();
      const sending = codeOf(
        world.call(
          agentSend,
          { agent: agent.id, text: `by ${principal.kind}` },
          { ...world.as(principal), signal: stop.signal },
        ),
      );
      await until(async () =>
        (await world.context.store.messages.list(agent.id)).some(({ text }) => text === `by ${principal.kind}`),
      );
      stop.abort();
      expect(await sending).toBe("CANCELLED");
    }

    const states = (await world.context.store.messages.list(agent.id)).map(({ text, state }) => [text, state]);
    expect(states).toContainEqual(["by operator", "failed"]);
    expect(states).toContainEqual(["by manager", "queued"]);
  });

  async function until(isTrue: () => Promise<boolean>): Promise<void> {
    const deadline = world.context.clock.monotonic() + 5_000;
    while (!(await isTrue())) {
      if (world.context.clock.monotonic() > deadline) throw new Error("timed out");
      await world.context.clock.sleep(5);
    }
  }

  it("a broadcast reaches those it can and names the others", async () => {
    await Promise.all(["a", "b"].map((name) => world.spawn(name)));
    const ended = await world.spawn("c");
    await world.call(agentSend, { agent: ended.id, text: "[[exit 0]]" });

    const result = await world.call(broadcast, { text: "report" });

    expect(result.messages.map(({ agent, state }) => [agent.name, state])).toEqual([
      ["a", "recorded"],
      ["b", "recorded"],
    ]);
    expect(result.failed).toMatchObject([{ agent: { name: "c" }, code: "AGENT_NOT_RUNNING" }]);
  });

  it("R4-12: status sums the tokens of all answers", async () => {
    const agent = await world.spawn("a");
    for (const text of ["one", "two"]) await world.call(agentSend, { agent: agent.id, text, wait: true });

    const messages = await world.context.store.messages.list(agent.id);
    const output = messages.reduce((sum, { answer }) => sum + (answer?.usage?.outputTokens ?? 0), 0);
    expect(output).toBeGreaterThan(0);
    expect((await world.call(status, {})).usage.outputTokens).toBe(output);
  });
});

describe("agents among themselves", () => {
  it("R1-32: an agent reaches only its own session", async () => {
    const mine = await world.spawn("mine");
    await world.call(sessionCreate, { name: "other", root: world.root });
    const { agent: foreign } = await world.call(agentSpawn, { name: "foreign", session: "other" });
    const worker = workerOf(mine);

    expect(await codeOf(world.call(agentSend, { agent: foreign?.id, text: "hi" }, worker))).toBe("PERMISSION_DENIED");
    expect(await codeOf(world.call(agentSend, { agent: "other/foreign", text: "hi" }, worker))).toBe(
      "PERMISSION_DENIED",
    );
    expect(await codeOf(world.call(agentRead, { agent: foreign?.id }, worker))).toBe("PERMISSION_DENIED");
    expect(await codeOf(world.call(agentList, { session: "other" }, worker))).toBe("PERMISSION_DENIED");
    expect(await codeOf(world.call(broadcast, { session: "other", text: "hi" }, worker))).toBe("PERMISSION_DENIED");
    expect(await codeOf(world.call(agentSpawn, { name: "child" }, worker))).toBe("PERMISSION_DENIED");
    const listed = await world.call(agentList, {}, worker);
    expect(listed.agents.map(({ name }) => name)).toEqual(["mine"]);
    expect((await world.call(status, {}, worker)).sessions.map(({ name }) => name)).toEqual(["team"]);
  });

  it("breaks a chain of agents that only answer each other", async () => {
    const agents = await Promise.all(Array.from({ length: 11 }, (_, index) => world.spawn(`n${index}`)));
    let code = "none";
    let passed = 0;
    // Each hands on what it was asked, within the turn that this started.
    for (const [index, from] of agents.entries()) {
      const to = agents[index + 1];
      if (!to || code !== "none") break;
      code = await codeOf(world.call(agentSend, { agent: to.id, text: "[[sleep 20s]] your turn" }, workerOf(from)));
      passed += 1;
    }
    expect(code).toBe("MESSAGE_LOOP");
    expect(passed).toBe(9);
  });

  it("agents that would wait for each other, perhaps around a corner, are told at once", async () => {
    const [a, b, c] = [await world.spawn("a"), await world.spawn("b"), await world.spawn("c")];
    const send = (from: AgentView, to: AgentView, more: Record<string, unknown> = {}) =>
      codeOf(world.call(agentSend, { agent: to.id, text: "[[sleep 3s]] hm", timeout: "10s", ...more }, workerOf(from)));
    const waitsFor = (waiter: AgentView) =>
      waitFor("the wait", async () => (await world.context.store.waits.targets(waiter.id, () => true))[0]);

    const first = send(a, b, { wait: true });
    await waitsFor(a);
    const second = send(b, c, { wait: true });
    await waitsFor(b);

    const startedAt = Date.now();
    expect([await send(c, a), await send(c, a, { wait: true }), await send(b, a)]).toEqual([
      "MESSAGE_LOOP",
      "MESSAGE_LOOP",
      "MESSAGE_LOOP",
    ]);
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(await codeOf(world.call(agentSend, { agent: a.id, text: "from a person" }))).toBe("none");
    expect([await first, await second]).toEqual(["none", "none"]);
    expect(await send(c, a, { text: "now" })).toBe("none");
    // What a process that died has left behind does not count.
    const { waits } = world.context.store;
    await waits.begin({ id: "w", waiterId: a.id, targetId: b.id, holder: { pid: 1, startedAt: "never" } });
    expect(await send(b, a, { text: "still there?" })).toBe("none");
  }, 20_000);

  it("limits how fast an agent sends, and forbids it to send to itself", async () => {
    await world.dispose();
    world = await openFakeWorld({ CLAUDE_ORCH_AGENT_MESSAGES_PER_MINUTE: "3" });
    const [a, b] = [await world.spawn("a"), await world.spawn("b")];
    const send = () => codeOf(world.call(agentSend, { agent: b.id, text: "hello", wait: true }, workerOf(a)));

    expect([await send(), await send(), await send(), await send()]).toEqual([
      "none",
      "none",
      "none",
      "MESSAGE_RATE_EXCEEDED",
    ]);
    expect(await codeOf(world.call(agentSend, { agent: a.id, text: "hello me" }, workerOf(a)))).toBe("INVALID_INPUT");
    await Promise.all(["c", "d", "e", "f"].map((name) => world.spawn(name)));
    const heard = await world.call(broadcast, { text: "to all at once" }, workerOf(b));
    expect([heard.messages.length, heard.failed.length]).toEqual([3, 2]);
  });

  it("an observer may look and not touch", async () => {
    const agent = await world.spawn("a");
    const observer = world.as({ kind: "observer" });

    expect(await codeOf(world.call(agentShow, { agent: agent.id }, observer))).toBe("none");
    expect(await codeOf(world.call(agentSend, { agent: agent.id, text: "hi" }, observer))).toBe("PERMISSION_DENIED");
  });
});
