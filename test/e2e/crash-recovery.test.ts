import { readdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { draft as readDraft } from "../../src/claude/screens/input-box.ts";
import { compose } from "../../src/compose.ts";
import type { AgentView } from "../../src/core/agent.ts";
import type { MessageState, MessageView } from "../../src/core/message.ts";
import { agentShow } from "../../src/operations/agent/show.ts";
import { callOperation } from "../../src/operations/call.ts";
import type { Context } from "../../src/operations/context.ts";
import { claudeVersions, processesOf } from "../support/claude-sandbox.ts";
import { isFullDepth } from "../support/depth.ts";
import { waitFor } from "../support/wait-for.ts";
import { type Crash, openCrash } from "./support/crash.ts";
import type { CrashStep } from "./support/crash-steps.ts";
import { openWorld, type World } from "./support/world.ts";

/** Takes the way through the editor: more lines than a paste may have. */
const BRIEF = Array.from({ length: 40 }, (_, line) => `${line + 1}. a line of a long brief`).join("\n");

interface SendCrash {
  step: CrashStep;
  /** What the text of the message is, given its unique beginning. */
  text?: (mark: string) => string;
  input?: Record<string, unknown>;
  /** What the dead process left in the store. */
  left: MessageState;
  /** What the message may become by the next command, and whether the agent heard it. */
  becomes: { state: MessageState; isHeard: boolean };
  isCore?: boolean;
}

/** The answer takes longer than the look at the store after the crash. */
const slow = (mark: string) => `[[sleep 1500ms]][[reply echo: ${mark}]]`;

const SENDS: SendCrash[] = [
  { step: "queued", left: "queued", becomes: { state: "answered", isHeard: true } },
  { step: "leased", left: "queued", becomes: { state: "answered", isHeard: true } },
  { step: "typed", left: "typed", becomes: { state: "unknown", isHeard: false }, isCore: true },
  { step: "no-text", left: "typed", becomes: { state: "unknown", isHeard: false } },
  {
    step: "typed",
    text: (mark) => `${mark}\n${BRIEF}`,
    left: "typed",
    becomes: { state: "answered", isHeard: true },
    isCore: true,
  },
  { step: "filled", input: { when: "now" }, left: "typed", becomes: { state: "answered", isHeard: true } },
  { step: "ctrl-g", text: (mark) => `${mark}\n${BRIEF}`, left: "typed", becomes: { state: "answered", isHeard: true } },
  {
    step: "fetched",
    text: (mark) => `${mark}\n${BRIEF}`,
    left: "typed",
    becomes: { state: "answered", isHeard: true },
    isCore: true,
  },
  { step: "home", text: (mark) => `${mark} @nobody`, left: "typed", becomes: { state: "answered", isHeard: true } },
  { step: "entered", left: "typed", becomes: { state: "answered", isHeard: true }, isCore: true },
  { step: "submitted", left: "submitted", becomes: { state: "answered", isHeard: true } },
  { step: "recorded", text: slow, left: "recorded", becomes: { state: "answered", isHeard: true } },
  {
    step: "answering",
    text: slow,
    input: { wait: true },
    left: "recorded",
    becomes: { state: "answered", isHeard: true },
  },
];

describe.each(claudeVersions("newest"))("kill -9 of the orchestrator on Claude Code $version", (claude) => {
  let world: World;
  let crash: Crash;
  /** Looks in this process: a command for every look would keep the processor from what is looked at. */
  let context: Context;
  const stop = new AbortController();
  const sent: string[] = [];

  beforeAll(async () => {
    world = await openWorld(claude);
    crash = await openCrash(world);
    await world.cli(["session", "create", "--name", "shop", "--trust"]);
    const spawned = await world.cli(["agent", "spawn", "api", "--json"]);
    expect(spawned.json<{ agent: AgentView }>().agent.state, spawned.stdout).toBe("idle");
    context = await compose({ signal: stop.signal, cwd: world.sandbox.project, env: world.env });
  }, 60_000);

  afterAll(async () => {
    await context?.store.close();
    stop.abort();
    await world?.dispose();
  }, 30_000);

  const cases = SENDS.filter(({ isCore }) => isCore || (claude.name === "newest" && isFullDepth));
  it.each(cases.map((one) => ({ ...one, route: one.text ? "long" : "plain" })))(
    "R4-76: at step $step of a send ($route text): the message is $becomes.state, never doubled, and the next one arrives whole",
    async ({ step, text, input, left, becomes }) => {
      const mark = `message ${sent.length + 1} at ${step}`;
      const wanted = text?.(mark) ?? mark;
      sent.push(wanted);

      await crash(step, "agent.send", { agent: "api", text: wanted, ...input });

      expect((await message(wanted)).state).toBe(left);
      const next = await sendNext();
      expect(next.answer?.text).toBe(`echo: ${next.text}`);
      const settled = await message(wanted);
      expect(settled).toMatchObject({
        state: becomes.state,
        ...(becomes.state === "unknown" ? { reason: expect.stringContaining("no evidence") } : {}),
        ...(becomes.state === "answered"
          ? { answer: { text: wanted.startsWith("[[") ? `echo: ${mark}` : `echo: ${wanted}` } }
          : {}),
      });
      expect(heard(wanted)).toBe(becomes.isHeard ? 1 : 0);
      expectNothingElseHeard();
    },
  );

  it("messages of several dead senders are delivered in order by a later agent wait, each answered by itself", async () => {
    const texts = [1, 2].map((number) => `queued ${number} of two, after message ${sent.length}`);
    sent.push(...texts);
    for (const text of texts)
      await crash(text === texts[0] ? "leased" : "queued", "agent.send", { agent: "api", text });

    const waited = await world.cli(["agent", "wait", "api", "--timeout", "20s", "--json"]);

    expect(waited.json()).toMatchObject({ timedOut: false, agents: [{ state: "idle" }] });
    const answers = await Promise.all(texts.map(async (text) => (await message(text)).answer?.text));
    expect(answers).toEqual(texts.map((text) => `echo: ${text}`));
    expect(heardPrompts().slice(-2)).toEqual(texts);
  });

  it("puts a person's draft aside for a message, and never counts it as the dead sender's text", async () => {
    const lost = "typed and lost";
    sent.push(lost);
    await crash("typed", "agent.send", { agent: "api", text: lost });
    const pane = await terminal();
    await world.tmux("send-keys", "-t", pane, "-l", "a person's half thought");
    await waitFor("the draft", async () => ((await draft(pane)).includes("half thought") ? true : undefined));

    const next = await sendNext();

    expect(next.answer?.text).toBe(`echo: ${next.text}`);
    expect((await message(lost)).state).toBe("unknown");
    expectNothingElseHeard();
    await waitFor("the draft to be back", async () =>
      (await draft(pane)).includes("a person's half thought") ? true : undefined,
    );
    await world.tmux("send-keys", "-t", pane, "C-c");
    await waitFor("an empty box", async () => ((await draft(pane)).trim() === "" ? true : undefined));
  });

  it.runIf(claude.name === "newest")("survives the death of those who recover, too", async () => {
    const [text, second] = [`left in the box after message ${sent.length}`, `sent by who recovers ${sent.length}`];
    sent.push(text, second);
    await crash("filled", "agent.send", { agent: "api", text, when: "now" });
    await crash("requeued", "agent.send", { agent: "api", text: second });
    expect([(await message(text)).state, (await message(second)).state]).toEqual(["queued", "queued"]);
    await crash("filled", "agent.wait", { agents: ["api"] });
    await crash("box-emptied", "agent.wait", { agents: ["api"] });
    expect((await message(text)).state).toBe("typed");

    const next = await sendNext();

    expect(next.answer?.text).toBe(`echo: ${next.text}`);
    // The box that proved that it had not arrived was emptied by a process that could not write that down any more.
    expect((await message(text)).state).toBe("unknown");
    expect((await message(second)).answer?.text).toBe(`echo: ${second}`);
    expect(heard(text)).toBe(0);
    expectNothingElseHeard();
  });

  it.runIf(claude.name === "newest")("a message into a running turn leaves a person's draft alone, too", async () => {
    const [turn, text] = [`[[sleep 4s]][[reply slept]] ${sent.length}`, `into the running turn ${sent.length}`];
    sent.push(turn, text);
    await world.cli(["agent", "send", "api", turn]);
    const pane = await terminal();
    await world.tmux("send-keys", "-t", pane, "-l", "a draft meanwhile");
    await waitFor("the draft", async () => ((await draft(pane)).includes("meanwhile") ? true : undefined));

    const result = await world.cli(["agent", "send", "api", text, "--when", "now", "--wait", "--json"]);

    expect(result.json<{ message: MessageView }>().message.state, result.stdout).toBe("answered");
    expect((await message(turn)).answer?.text).toBe("slept");
    expectNothingElseHeard();
    await waitFor("the draft to be back", async () => ((await draft(pane)).includes("meanwhile") ? true : undefined));
    await world.tmux("send-keys", "-t", pane, "C-c");
    await waitFor("an empty box", async () => ((await draft(pane)).trim() === "" ? true : undefined));
  });

  it.runIf(claude.name === "newest")(
    "an unknown message whose text is submitted after all is proved later",
    async () => {
      const text = "found out later";
      sent.push(text);
      await crash("typed", "agent.send", { agent: "api", text, idempotencyKey: "later" });
      await world.cli(["agent", "wait", "api", "--timeout", "20s"]);
      expect((await message(text)).state).toBe("unknown");
      const pane = await terminal();
      await world.tmux("send-keys", "-t", pane, "-l", text);
      await world.tmux("send-keys", "-t", pane, "Enter");

      await waitFor("the proof", async () => ((await message(text)).state === "answered" ? true : undefined));

      const again = await world.cli(["agent", "send", "api", text, "--idempotency-key", "later", "--wait", "--json"]);
      expect(again.json<{ message: MessageView }>().message.answer?.text).toBe(`echo: ${text}`);
      expect(heard(text)).toBe(1);
    },
  );

  it.runIf(claude.name === "newest")("the same text sent again proves nothing for the one that was lost", async () => {
    const text = "said twice";
    sent.push(text);
    await crash("typed", "agent.send", { agent: "api", text });

    const second = await world.cli(["agent", "send", "api", text, "--wait", "--json"]);

    const { id, state } = second.json<{ message: MessageView }>().message;
    expect(state).toBe("answered");
    const shown = await world.cli(["agent", "show", "api", "--json"]);
    const both = shown.json<{ messages: MessageView[] }>().messages.filter((one) => one.text === text);
    expect(both.map((one) => one.state)).toEqual(["unknown", "answered"]);
    expect(both[1]?.id).toBe(id);
    expect(heard(text)).toBe(1);
  });

  async function terminal(): Promise<string> {
    const { agent } = await callOperation(agentShow, { agent: "api" }, context);
    return agent.terminal ?? "";
  }

  async function draft(pane: string): Promise<string> {
    const lines = (await world.tmux("capture-pane", "-p", "-J", "-t", pane)).split("\n");
    return readDraft({ lines: lines.map((line) => line.trimEnd()) }) ?? "";
  }

  async function sendNext(): Promise<MessageView> {
    const text = `next after message ${sent.length}`;
    sent.push(text);
    const result = await world.cli(["agent", "send", "api", text, "--wait", "--timeout", "30s", "--json"]);
    expect(result.exitCode, result.stdout + result.stderr).toBe(0);
    return result.json<{ message: MessageView }>().message;
  }

  async function message(text: string): Promise<MessageView> {
    const { messages } = await callOperation(agentShow, { agent: "api" }, context);
    const found = messages.find((one) => one.text === text);
    if (!found) throw new Error(`There is no message ${JSON.stringify(text)}\n${JSON.stringify(messages)}`);
    return found;
  }

  /** Prompts that the model got from agents, in order; retries of one request count once. */
  function heardPrompts(): string[] {
    const turns = world.model.requests.filter(({ kind, attempt }) => kind === "turn" && attempt === 1);
    return turns.map(({ prompt }) => prompt);
  }

  function heard(text: string): number {
    return heardPrompts().filter((prompt) => prompt === text).length;
  }

  /** Every prompt the model got is one that was sent, whole, once. */
  function expectNothingElseHeard(): void {
    const prompts = heardPrompts();
    expect(prompts.filter((prompt) => !sent.includes(prompt))).toEqual([]);
    expect(new Set(prompts).size).toBe(prompts.length);
  }
});

describe("kill -9 of the orchestrator during a spawn", () => {
  let world: World;
  let crash: Crash;

  beforeAll(async () => {
    const [newest] = claudeVersions();
    if (!newest) throw new Error("There is no Claude Code to test with");
    world = await openWorld(newest);
    crash = await openCrash(world);
  }, 60_000);

  beforeEach(async () => {
    expect((await world.cli(["session", "create", "--name", "shop", "--trust"])).exitCode).toBe(0);
  });

  afterEach(async () => {
    const deleted = await world.cli(["session", "delete", "shop", "--yes", "--force", "--json"]);
    expect(deleted.exitCode, deleted.stdout).toBe(0);
    await expectNothingLeft();
  });

  afterAll(() => world?.dispose(), 30_000);

  const spawns: { step: CrashStep; states: AgentView["state"][] }[] = [
    { step: "reserved", states: ["exited"] },
    { step: "opening", states: ["starting", "lost"] },
    { step: "prepared", states: ["starting", "lost"] },
    { step: "open", states: ["starting", "idle"] },
    { step: "journalled", states: ["starting", "idle"] },
  ];

  it.each(spawns)(
    "at step $step: the agent is listed truly, and deleting it leaves nothing",
    async ({ step, states }) => {
      await crash(step, "agent.spawn", { name: "api" });

      const [agent] = (await world.cli(["agent", "list", "--json"])).json<{ agents: AgentView[] }>().agents;
      expect(states).toContain(agent?.state);
      const deleted = await world.cli(["agent", "delete", "api", "--yes", "--force", "--json"]);
      expect(deleted.exitCode, deleted.stdout).toBe(0);
      await expectNothingLeft();
      expect((await world.cli(["agent", "list", "--json"])).json<{ agents: unknown[] }>().agents).toEqual([]);
    },
  );

  it.each(["reserved", "prepared"] as const)("at step %s: agent start opens it", async (step) => {
    await crash(step, "agent.spawn", { name: "api" });

    // Whoever opens it may still be about to: it counts as starting for as long as a terminal's command may take.
    const env = { CLAUDE_ORCH_BACKEND_TIMEOUT: "3s" };
    await waitFor(
      "its launch to be given up",
      async () => {
        const shown = await world.cli(["agent", "show", "api", "--json"], { env });
        return shown.json<{ agent: AgentView }>().agent.state === "starting" ? undefined : true;
      },
      { everyMs: 500 },
    );
    await crash(step === "reserved" ? "open" : "journalled", "agent.start", { agent: "api" }, env);
    await expectOneThatAnswers();
  });

  it("with its terminal open and not written down, the terminal is found by its tag and used", async () => {
    await crash("open", "agent.spawn", { name: "api" });

    await expectOneThatAnswers();
  });

  async function expectOneThatAnswers(): Promise<void> {
    const sent = await world.cli(["agent", "send", "api", "are you there?", "--wait", "--json"]);
    expect(sent.exitCode, sent.stdout).toBe(0);
    expect(sent.json<{ message: MessageView }>().message.answer?.text).toBe("echo: are you there?");
    expect((await world.tmux("list-panes", "-a")).trim().split("\n")).toHaveLength(1);
  }

  /** No terminal, no Claude Code, no file of an agent. */
  async function expectNothingLeft(): Promise<void> {
    await expect(world.tmux("list-panes", "-a")).rejects.toThrow();
    expect(await readdir(path.join(world.home, "agents")).catch(() => [])).toEqual([]);
    await waitFor("all processes to end", async () =>
      (await processesOf(world.sandbox.root)).length === 0 ? true : undefined,
    );
  }
});
