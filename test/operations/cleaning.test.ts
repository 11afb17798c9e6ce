import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "../../src/core/ports/clock.ts";
import { agentLog } from "../../src/operations/agent/log.ts";
import { agentRead } from "../../src/operations/agent/read.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentShow } from "../../src/operations/agent/show.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { agentStart } from "../../src/operations/agent/start.ts";
import { closeEnded } from "../../src/operations/cleaning/close-ended.ts";
import { keepClean } from "../../src/operations/cleaning/keep-clean.ts";
import type { Context } from "../../src/operations/context.ts";
import { sessionRestore } from "../../src/operations/session/restore.ts";
import { status } from "../../src/operations/status.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { everything, gitProject, put } from "../support/git-project.ts";
import { overriding } from "../support/overriding.ts";
import { makeCoordination, makeMessage } from "../support/store-records.ts";
import { makeTask } from "../support/task-records.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let world: FakeWorld;
/** How far our clock is ahead, in ms. */
let ahead: number;
let clock: Clock;

beforeEach(async () => {
  world = await openFakeWorld({ PATH: process.env.PATH ?? "", GIT_CONFIG_NOSYSTEM: "1" });
  ahead = 0;
  const real = world.context.clock;
  clock = overriding(real, {
    now: () => real.now() + ahead,
    monotonic: () => real.monotonic() + ahead,
  });
});
afterEach(() => world.dispose());

const inOurTime = (): Context => ({ ...world.context, clock });
const show = async (agent: string) => (await world.call(agentShow, { agent }, { clock })).agent;
const stored = async (id: string) => {
  const agent = await world.context.store.agents.get(id);
  if (!agent) throw new Error("the agent stays");
  return agent;
};
const filesOf = async (id: string) => (await readdir(join(world.context.home, "agents", id))).sort();
const ask = async (agent: string, text: string) =>
  (await world.call(agentSend, { agent, text, wait: true })).message.answer?.text;
const end = (agent: string, code: number) => world.call(agentSend, { agent, text: `[[exit ${code}]]` });

describe("R3-32: what has ended is tidied up", () => {
  it("an hour after its end an agent's terminal and temporary files are gone; conversation, answers and worktree stay", async () => {
    await gitProject(world.root);
    const { agent: spawned } = await world.call(agentSpawn, { name: "done", worktree: true });
    const { id, cwd } = spawned ?? expect.unreachable("spawn returns its agent");
    await put(cwd, { "unsaved.txt": "work" });
    const { id: working } = await world.spawn("working");
    const answer = await ask("done", "[[reply kept]]");
    await end("done", 0);
    const before = await stored(id);
    const requests = join(world.context.home, "agents", id, "requests");
    await writeFile(join(requests, "1-2.json"), "{}");
    const backend = await world.context.backend("fake");
    const exists = async () => before.terminal && (await backend.status([before.terminal]))[0]?.exists;

    ahead = 59 * MINUTE;
    await closeEnded(inOurTime());
    expect([await exists(), (await show("done")).exitCode]).toEqual([true, 0]);
    ahead = HOUR + MINUTE;
    await closeEnded(inOurTime());

    expect(await exists()).toBe(false);
    expect(await stored(id)).toMatchObject({
      terminal: null,
      lifecycle: "closed",
      conversationId: before.conversationId,
    });
    expect(await show("done")).toMatchObject({ state: "exited", terminal: null });
    const left = await filesOf(id);
    expect(left).toEqual(expect.arrayContaining(["events.jsonl", "settings.json"]));
    expect(
      left.filter((name) => /^(launch-|env-|requests|input|token|mcp|prompt|claude-orch-editor)/.test(name)),
    ).toEqual([]);
    expect((await filesOf(working)).some((name) => name.startsWith("launch-"))).toBe(true);
    expect((await show("working")).state).toBe("idle");

    expect((await world.call(agentRead, { agent: "done", all: true })).entries.map(({ text }) => text)).toContain(
      answer,
    );
    const { events } = await world.call(agentLog, { agent: "done" });
    expect(events.find(({ kind }) => kind === "lifecycle.ended")?.exitCode).toBe(0);
    expect(events.map(({ kind }) => kind)).toContain("lifecycle.tidied");
    expect(await everything(cwd)).toMatchObject({ "unsaved.txt": "file work" });
    const again = await world.call(agentStart, { agent: "done", resume: true });
    expect(again.agent).toMatchObject({ state: "idle", cwd, conversationId: before.conversationId });
    expect(await ask("done", "[[reply more]]")).toBe("more");
  });

  it("a lost agent only loses its temporary files, and is restored with its conversation", async () => {
    const { id } = await world.spawn("lost");
    await ask("lost", "[[reply kept]]");
    const { terminal } = await stored(id);
    if (terminal) await (await world.context.backend("fake")).close(terminal);
    expect((await show("lost")).state).toBe("lost");

    ahead = DAY;
    await closeEnded(inOurTime());

    expect((await filesOf(id)).some((name) => name.startsWith("launch-"))).toBe(false);
    expect((await stored(id)).lifecycle).toBe("open");
    const { agents } = await world.call(sessionRestore, {});
    expect(agents).toMatchObject([{ name: "lost", outcome: "resumed", state: "idle" }]);
  });

  it("leaves alone what crashed, waits, was started again, or a person started", async () => {
    const { id: crashed } = await world.spawn("crashed");
    for (const name of ["waiting", "again"]) await world.spawn(name);
    const { id: adopted } = await world.spawn("adopted");
    await world.call(agentSend, { agent: "crashed", text: "[[crash]]" });
    await end("adopted", 0);
    await world.context.store.agents.update(adopted, { isAdopted: true });
    await world.call(agentSend, { agent: "waiting", text: '[[permission Bash {"command":"ls"}]]' });
    await end("again", 0);
    await world.call(agentStart, { agent: "again" });
    const before = await world.context.store.agents.list();

    ahead = 40 * DAY;
    await closeEnded(inOurTime());

    expect(await world.context.store.agents.list()).toEqual(before);
    for (const id of [crashed, adopted])
      expect((await filesOf(id)).some((name) => name.startsWith("launch-"))).toBe(true);
    expect([(await show("crashed")).state, (await show("waiting")).state]).toEqual(["errored", "waiting"]);
  });

  it("obeys its setting, minute by minute, in one process at a time; history goes at the start and then every hour", async () => {
    const { id } = await world.spawn("done");
    await end("done", 0);
    const stop = new AbortController();
    let looks = 0;
    const removals: number[] = [];
    const { store } = world.context;
    const counted = overriding(store.answers, {
      removeEnded: async () => {
        removals.push(Math.round(ahead / MINUTE));
        return 0;
      },
    });
    const played = overriding(clock, {
      sleep: async (ms: number) => {
        ahead += ms;
        looks += 1;
        if (looks === 130) stop.abort();
      },
    });
    const running = {
      ...world.context,
      clock: played,
      signal: stop.signal,
      store: overriding(store, { answers: counted }),
    };

    await keepClean(running);

    expect(removals).toEqual([0, 60, 120]);
    expect((await stored(id)).lifecycle).toBe("closed");
    expect(await store.duties.holder("cleaning")).toBeUndefined();
    // Another process that lives has the duty: this one only waits.
    const { processes } = world.context;
    await store.duties.take("cleaning", { ...processes.self(), token: "other" }, () => true);
    const [more, noted] = [new AbortController(), removals.length];
    const waiting = overriding(clock, { sleep: async () => more.abort() });
    await keepClean({ ...running, clock: waiting, signal: more.signal });
    expect(removals).toHaveLength(noted);
  });

  it("rows older than keepHistory go, what goes on and all that belongs to it stays", async () => {
    const { id: agentId, session } = await world.spawn("api");
    for (const text of ["one", "two", "three"]) await ask("api", text);
    const { store } = world.context;
    const usage = (await world.call(status, {})).usage;
    const ended = { sessionId: session.id, state: "done" as const, endedAt: clock.now(), createdAt: clock.now() };
    await store.tasks.insert([
      makeTask({ ...ended, id: "tsk_old" }),
      makeTask({ ...ended, id: "tsk_needed" }),
      makeTask({ ...ended, id: "tsk_open", state: "blocked", endedAt: null, needs: ["tsk_needed"] }),
    ]);
    await store.messages.insert(makeMessage({ id: "msg_queued", agentId, createdAt: clock.now() }));
    const left = async () => ({
      tasks: (await store.tasks.list()).map(({ id }) => id),
      messages: (await store.messages.list(agentId)).map(({ text }) => text),
    });
    const clean = async () => {
      const stop = new AbortController();
      const once = overriding(clock, { sleep: async () => stop.abort() });
      await keepClean({ ...world.context, clock: once, signal: stop.signal });
    };

    ahead = 29 * DAY;
    await clean();
    expect((await left()).tasks).toHaveLength(3);
    ahead = 31 * DAY;
    // A coordination that goes on asks for its messages by their keys: none may be sent twice.
    await store.coordinations.insert({ ...makeCoordination(session.id), createdAt: 1 });
    await clean();
    expect((await left()).messages).toEqual(["one", "two", "three", "hello"]);
    await store.coordinations.cancel("crd_1", clock.now());
    await clean();

    expect(await left()).toEqual({ tasks: ["tsk_needed", "tsk_open"], messages: ["hello"] });
    // The transcript is Claude Code's, and the tokens were used.
    const { entries } = await world.call(agentRead, { agent: "api", all: true });
    expect(entries.map(({ text }) => text)).toEqual(expect.arrayContaining(["one", "echo: three"]));
    expect((await world.call(status, {})).usage).toEqual(usage);
  });
});
