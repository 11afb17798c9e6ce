import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compose } from "../../src/compose.ts";
import { AppError } from "../../src/core/errors.ts";
import { agentClear } from "../../src/operations/agent/clear.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { agentStart } from "../../src/operations/agent/start.ts";
import type { Context } from "../../src/operations/context.ts";
import { sessionCreate } from "../../src/operations/session/create.ts";
import { sessionRestore } from "../../src/operations/session/restore.ts";
import { codeOf } from "../support/code-of.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { waitFor } from "../support/wait-for.ts";

let world: FakeWorld;

beforeEach(async () => {
  world = await openFakeWorld();
});
afterEach(() => world.dispose());

const fakeFolder = () => join(world.context.home, "fake");

/** What a reboot leaves: no terminal and no process, but the files of all that ran, session files included. */
async function reboot(): Promise<void> {
  for (const name of await readdir(fakeFolder())) {
    if (/^fake-\d+\.json$/.test(name)) await rm(join(fakeFolder(), name));
  }
}

async function restore(input: Record<string, unknown> = {}, as: Partial<Context> = {}) {
  return (await world.call(sessionRestore, input, as)).agents;
}

const ask = async (agent: string, text: string) =>
  (await world.call(agentSend, { agent, text, wait: true })).message.answer?.text;
const stored = async (id: string) => {
  const agent = await world.context.store.agents.get(id);
  if (!agent) throw new Error("the agent is stored");
  return agent;
};
const states = async (id: string) =>
  (await world.context.store.messages.list(id)).map(({ text, state }) => [text, state]);

/** What another process would work with. */
const otherProcess = () =>
  compose({ signal: new AbortController().signal, cwd: world.root, env: world.context.caller.env });

/** How many terminals there are. */
const terminals = async () => (await readdir(fakeFolder())).filter((name) => /^fake-\d+\.json$/.test(name)).length;

describe("session restore", () => {
  it("R1-05: after a reboot every agent is back with its conversation, and goes on with it; again, all are alive", async () => {
    const [told, mute] = [await world.spawn("told"), await world.spawn("mute")];
    await ask("told", "[[reply one]]");
    const before = await stored(told.id);
    await reboot();

    expect(await restore()).toEqual([
      { id: told.id, name: "told", session: "team", outcome: "resumed", state: "idle" },
      { id: mute.id, name: "mute", session: "team", outcome: "reopened", state: "idle" },
    ]);
    expect((await stored(told.id)).conversationId).toBe(before.conversationId);
    expect((await stored(told.id)).terminal?.tag).not.toBe(before.terminal?.tag);
    expect(await ask("told", "[[reply two]]")).toBe("two");
    expect(await ask("mute", "[[reply three]]")).toBe("three");
    expect((await restore()).map(({ outcome }) => outcome)).toEqual(["alive", "alive"]);
  });

  it("R4-07: delivers once what was queued, also with two restores at once, of which only one opens each agent", async () => {
    const agents = [await world.spawn("a"), await world.spawn("b"), await world.spawn("c")];
    for (const { id } of agents) {
      await ask(id, "[[reply first]]");
      await world.call(agentSend, { agent: id, text: "[[sleep 1h]] busy" });
      expect(await codeOf(world.call(agentSend, { agent: id, text: "[[reply later]]", timeout: "20ms" }))).toBe(
        "WAIT_TIMEOUT",
      );
    }
    await reboot();

    const other = await otherProcess();
    const both = await Promise.all([restore(), restore({}, other)]);

    for (const [index, { id }] of agents.entries()) {
      expect(both.map((outcomes) => outcomes[index]?.outcome).sort()).toEqual(["alive", "resumed"]);
      await waitFor(
        "the queued message",
        async () =>
          (await states(id)).some(([text, state]) => text === "[[reply later]]" && state !== "queued") || undefined,
      );
      const { configDir, conversationId } = await stored(id);
      const transcript = await (await world.context.program("fake")).transcriptPath(
        { ...(await stored(id)), configDir },
        conversationId ?? "",
      );
      const records = (await readFile(transcript ?? "", "utf8"))
        .split("\n")
        .filter((line) => line.includes('"type":"user"') && line.includes("[[reply later]]"));
      expect(records).toHaveLength(1);
    }
    expect(await terminals()).toBe(3);
    await other.store.close();
  });

  it("a turn that the reboot cut off is answered as interrupted, not waited for without end", async () => {
    const { id } = await world.spawn("a");
    await world.call(agentSend, { agent: id, text: "[[sleep 1h]] endless" });
    await reboot();

    await restore();

    const [message] = await world.context.store.messages.list(id);
    expect(message).toMatchObject({
      state: "answered",
      reason: expect.stringContaining("cut off"),
      answer: { interrupted: true },
    });
  });

  it("what was half typed when the machine went down is settled, and what stood behind it arrives", async () => {
    const { id } = await world.spawn("a");
    await ask(id, "[[reply first]]");
    const { conversationId } = await stored(id);
    await leaveTyped(id, conversationId, "half typed");
    await reboot();
    const queued = await leaveQueued(id, "[[reply behind]]");

    expect(await restore()).toMatchObject([{ outcome: "resumed" }]);

    expect(await states(id)).toContainEqual(["half typed", "unknown"]);
    expect((await world.context.store.messages.get(queued))?.state).toMatch(/recorded|answered/);
  });

  it("leaves alone what ended by its own will, what was cleared, and what a person adopted", async () => {
    const [quitter, cleared, mine] = [
      await world.spawn("quitter"),
      await world.spawn("cleared"),
      await world.spawn("mine"),
    ];
    const backend = await world.context.backend("fake");
    const { terminal } = await stored(quitter.id);
    if (!terminal) throw new Error("it has a terminal");
    await backend.input(terminal, [
      { kind: "text", text: "/exit", isBracketed: false },
      { kind: "keys", keys: ["Enter"] },
    ]);
    await world.call(agentClear, { agent: "cleared" });
    await world.context.store.agents.update(mine.id, { isAdopted: true });
    await reboot();

    const outcomes = await restore();

    expect(outcomes.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["quitter", "skipped"],
      ["cleared", "skipped"],
      ["mine", "skipped"],
    ]);
    expect(outcomes.map(({ reason }) => reason)).toEqual([
      expect.stringContaining("SessionEnd"),
      expect.stringContaining("ended with claude-orch"),
      expect.stringContaining("a person started it"),
    ]);
    expect(await terminals()).toBe(0);
    expect((await stored(cleared.id)).lifecycle).toBe("closed");
  });

  it("finds a terminal again whose id is another one now, and one whose opener died before it was written down", async () => {
    const [moved, opening] = [await world.spawn("moved"), await world.spawn("opening")];
    for (const [{ id }, change] of [
      [moved, {}],
      [opening, { lifecycle: "opening", launchedAt: 1 }],
    ] as const) {
      const { terminal } = await stored(id);
      if (!terminal) throw new Error("it has a terminal");
      await world.context.store.agents.update(id, {
        ...change,
        terminal: { ...terminal, id: change.lifecycle ? "" : "fake-1" },
      });
    }

    expect((await restore()).map(({ outcome }) => outcome)).toEqual(["found", "found"]);
    expect(await ask("moved", "[[reply here]]")).toBe("here");
    expect(await terminals()).toBe(2);
  });

  it("opens what was being opened when the machine went down", async () => {
    const { id } = await world.spawn("a");
    const { terminal } = await stored(id);
    if (!terminal) throw new Error("it has a terminal");
    await world.context.store.agents.update(id, {
      lifecycle: "opening",
      launchedAt: 1,
      terminal: { ...terminal, id: "" },
    });
    await reboot();

    expect(await restore()).toMatchObject([{ outcome: "reopened", state: "idle" }]);
  });

  it("resumes the conversation that a person had opened in the tab, not the one it was started with", async () => {
    const { id } = await world.spawn("a");
    await ask("a", "[[reply before]]");
    const first = (await stored(id)).conversationId;
    const { terminal } = await stored(id);
    if (!terminal) throw new Error("it has a terminal");
    const backend = await world.context.backend("fake");
    const type = (text: string) =>
      backend.input(terminal, [
        { kind: "text", text, isBracketed: false },
        { kind: "keys", keys: ["Enter"] },
      ]);
    await type("/clear");
    await type("[[reply theirs]]");
    await reboot();

    expect(await restore()).toMatchObject([{ outcome: "resumed" }]);
    const { conversationId } = await stored(id);
    expect(conversationId).not.toBe(first);
    const program = await world.context.program("fake");
    const transcript = await program.transcriptPath(await stored(id), conversationId ?? "");
    expect(await readFile(transcript ?? "", "utf8")).toContain("theirs");
  });

  it("says why each one that cannot come back stays away, and brings back the others; exit code 7 tells it", async () => {
    const folder = join(world.root, "sub");
    await mkdir(folder);
    const rootless = (await world.call(agentSpawn, { name: "rootless", cwd: folder })).agent;
    const [lost, used, fine] = [await world.spawn("lost"), await world.spawn("used"), await world.spawn("fine")];
    for (const name of ["rootless", "lost", "used", "fine"]) await ask(name, "[[reply hello]]");
    const program = await world.context.program("fake");
    await rm(folder, { recursive: true });
    const agent = await stored(lost.id);
    await rm((await program.transcriptPath(agent, agent.conversationId ?? "")) ?? "");
    await reboot();
    const { configDir, conversationId } = await stored(used.id);
    // A person opened it by hand after the reboot: this test's own process stands for theirs.
    const self = world.context.processes.self();
    await writeFile(
      join(configDir, "sessions", `${self.pid}.json`),
      JSON.stringify({ pid: self.pid, sessionId: conversationId, procStart: self.startedAt, cwd: world.root }),
    );

    const outcomes = await restore();

    expect(outcomes).toMatchObject([
      { id: rootless?.id, outcome: "failed", code: "SESSION_ROOT_MISSING" },
      { id: lost.id, outcome: "failed", code: "TRANSCRIPT_NOT_FOUND" },
      {
        id: used.id,
        outcome: "failed",
        code: "CONVERSATION_IN_USE",
        reason: expect.stringContaining(`process ${self.pid}`),
      },
      { id: fine.id, outcome: "resumed" },
    ]);
    expect(sessionRestore.cli?.exitCode?.({ agents: outcomes }, {})).toBe(7);
    expect(await codeOf(world.call(agentStart, { agent: "used", resume: true }))).toBe("CONVERSATION_IN_USE");

    await rm(join(configDir, "sessions", `${self.pid}.json`));
    expect(await restore()).toMatchObject([{}, {}, { outcome: "resumed" }, { outcome: "alive" }]);
  });

  it("a backend or Claude Code that is missing fails the agents, not the call", async () => {
    await world.spawn("a");
    await ask("a", "[[reply hello]]");
    await reboot();
    const gone = new AppError("CLAUDE_NOT_INSTALLED", "Claude Code is not installed");
    const program = await world.context.program("fake");
    const broken = new Proxy(program, {
      get: (target, name) => {
        if (name === "probe") return async () => ({ isInstalled: false, problem: gone.message });
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });

    expect(await restore({}, { program: async () => broken })).toMatchObject([
      { outcome: "failed", code: "CLAUDE_NOT_INSTALLED", reason: gone.message },
    ]);
    const noBackend = async () => {
      throw new AppError("BACKEND_UNAVAILABLE", "tmux could not be started");
    };
    expect(await restore({}, { backend: noBackend })).toMatchObject([
      { outcome: "failed", code: "BACKEND_UNAVAILABLE" },
    ]);
    expect(await restore()).toMatchObject([{ outcome: "resumed" }]);
  });

  it("tells which variables of --env the restored agent runs without", async () => {
    await world.call(agentSpawn, { name: "a", env: ["SECRET=1", "HOME"] });
    await reboot();

    expect(await restore()).toMatchObject([{ outcome: "reopened", missingEnv: ["SECRET"] }]);
  });

  it("B8: restores one session by name, or all", async () => {
    const other = join(world.root, "..", "other");
    await mkdir(other);
    await world.call(sessionCreate, { name: "second", root: other });
    await world.spawn("a");
    await world.call(agentSpawn, { name: "b", session: "second" });
    await reboot();

    expect(await restore({ session: "second" })).toMatchObject([{ name: "b", session: "second", outcome: "reopened" }]);
    expect((await restore({ all: true })).map(({ name, outcome }) => [name, outcome])).toEqual([
      ["a", "reopened"],
      ["b", "alive"],
    ]);
    expect(await codeOf(restore({ all: true, session: "team" }))).toBe("INVALID_INPUT");
  });
});

async function leaveQueued(agentId: string, text: string): Promise<string> {
  return insert(agentId, { text, state: "queued" });
}

/** A row as a process leaves it that dies between the first key and Enter. */
async function leaveTyped(agentId: string, conversationId: string | null, text: string): Promise<string> {
  const position = await (await world.context.program("fake")).position(await stored(agentId));
  const holder = { pid: 2 ** 22 + 1, startedAt: "1" };
  const [spoolOffset, transcriptOffset] = [position.spool, position.transcript];
  return insert(agentId, {
    text,
    state: "typed",
    conversationId,
    holder,
    spoolOffset,
    transcriptOffset,
    via: "paste",
    typedAt: 1,
  });
}

async function insert(agentId: string, change: Record<string, unknown>): Promise<string> {
  const [earlier] = await world.context.store.messages.list(agentId);
  if (!earlier) throw new Error("there is an earlier message to copy");
  const { seq: _, ...copy } = earlier;
  const blank = { promptId: null, answer: null, holder: null, submittedAt: null, recordedAt: null, answeredAt: null };
  const id = world.context.ids.next("msg");
  await world.context.store.messages.insert({ ...copy, ...blank, ...change, id });
  return id;
}
