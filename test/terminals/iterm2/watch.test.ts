import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { TerminalRef } from "../../../src/core/agent.ts";
import { type ScriptedAgent, type ScriptedWorld, scriptedWorld } from "./scripted-world.ts";

/** Far more than any event takes, and no test waits for it. */
const LONG_MS = 30_000;

let world: ScriptedWorld;
beforeEach(async () => {
  world = await scriptedWorld({}, 2_000);
});
afterEach(() => world.dispose());

function agentOf(ref: TerminalRef): ScriptedAgent {
  const agent = world.agents.find(({ tag }) => tag === ref.tag);
  if (!agent) throw new Error(`There is no agent ${ref.tag}`);
  return agent;
}

function sessionOf(ref: TerminalRef) {
  const session = world.server.model.session(ref.id);
  if (!session) throw new Error(`iTerm2 has no session ${ref.id}`);
  return session;
}

/** What was subscribed to on the newest connection: type and session. */
function topics(): string[] {
  const { requests, accepted } = world.server;
  return requests.flatMap(({ connection, name, body }) =>
    connection === accepted && name === "notification" && body.subscribe
      ? [`${body.notification_type} ${body.session ?? ""}`]
      : [],
  );
}

/** What a process that lives long holds: one backend, which has subscribed, and looked at all that it watches. */
async function watching(...refs: TerminalRef[]) {
  const backend = world.another();
  expect(await backend.watch(refs, LONG_MS)).toEqual([]);
  // New, terminated, layout, and each screen.
  await vi.waitFor(() => expect(topics()).toHaveLength(3 + refs.length));
  return backend;
}

describe("a process that lives long", () => {
  it("hears of a program's end at once, by one subscription for all who wait", async () => {
    const [first, second] = [await world.backend.open(world.request()), await world.backend.open(world.request())];
    const backend = await watching(first, second);
    const waits = [backend.watch([first, second], LONG_MS), backend.watch([second], LONG_MS)];

    agentOf(second).end(3);

    expect(await Promise.all(waits)).toEqual([[], []]);
    expect(await backend.status([first, second])).toMatchObject([
      { isRunning: true },
      { exists: true, isRunning: false, exitCode: 3 },
    ]);
    expect(topics().toSorted()).toEqual(["6 ", "7 ", "8 ", `2 ${first.id}`, `2 ${second.id}`].toSorted());
  });

  it("hears that a person closed a tab, and that the close was undone", async () => {
    const ref = await world.backend.open(world.request());
    const backend = await watching(ref);
    const { model } = world.server;

    const closed = backend.watch([ref], LONG_MS);
    model.closeSession(sessionOf(ref));
    await closed;
    expect(model.sessions).toEqual([]);
    const back = backend.watch([ref], LONG_MS);
    model.undoClose(ref.id);
    await back;

    expect(await backend.status([ref])).toMatchObject([{ isRunning: true }]);
  });

  it("hears of a screen that comes to rest, and not of one that goes on changing", async () => {
    const ref = await world.backend.open(world.request());
    const backend = await watching(ref);
    const isWoken = vi.fn();
    const wait = backend.watch([ref], LONG_MS).then(isWoken);

    let last = 0;
    for (let i = 0; i < 8; i++) {
      agentOf(ref).print(`spinner ${i}`);
      last = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(isWoken).not.toHaveBeenCalled();
    await wait;

    expect(performance.now() - last).toBeGreaterThan(200);
  });

  it("is not woken by what a person does in tabs of their own, and by agents that nobody watches", async () => {
    const [ref, other] = [await world.backend.open(world.request()), await world.backend.open(world.request())];
    const backend = await watching(ref);
    const isWoken = vi.fn();
    const stop = new AbortController();
    const wait = backend.watch([ref], LONG_MS, stop.signal).then(isWoken, (error: unknown) => error);

    const { session } = await world.server.model.createTab({ isSelected: true });
    world.server.model.closeSession(session);
    agentOf(other).end(0);
    // Answered after all that: whatever was told of it has come as well.
    await backend.screen(ref);
    expect(isWoken).not.toHaveBeenCalled();

    stop.abort();
    expect(await wait).toMatchObject({ code: "CANCELLED" });
  });

  it("a tab closed while the connection is lost: it comes back, looks, and the state is right", async () => {
    const [gone, kept] = [await world.backend.open(world.request()), await world.backend.open(world.request())];
    const backend = await watching(gone, kept);
    const { model, accepted } = world.server;
    const wait = backend.watch([gone, kept], LONG_MS);

    world.server.dropConnections();
    const session = sessionOf(gone);
    model.closeSession(session);
    session.program.hangUp();
    await wait;

    expect(world.server.accepted).toBe(accepted + 1);
    expect(await backend.status([gone, kept])).toMatchObject([{ exists: false }, { isRunning: true }]);
    // And it hears again.
    await vi.waitFor(() => expect(topics()).toContain(`2 ${kept.id}`));
    const next = backend.watch([kept], LONG_MS);
    agentOf(kept).end(0);
    await next;
    expect(await backend.status([kept])).toMatchObject([{ isRunning: false, exitCode: 0 }]);
  });

  it.each(["kept", "lost"] as const)(
    "after a restart of iTerm2 that gave new ids (marks %s), tells once where each terminal is now",
    async (variables) => {
      const refs = [await world.backend.open(world.request()), await world.backend.open(world.request())];
      const backend = await watching(...refs);
      const wait = backend.watch(refs, LONG_MS);

      await world.server.restart({ ids: "new", variables });

      const moved = await untilMoved(wait, () => backend.watch(refs, LONG_MS));
      expect(moved.map(({ tag }) => tag).toSorted()).toEqual(refs.map(({ tag }) => tag).toSorted());
      for (const ref of moved) {
        expect(sessionOf(ref).program).toBe(agentOf(ref));
        expect(sessionOf(ref).user.get("claude_orch")).toBe(ref.tag);
      }
      // Also to one who did not write it down.
      expect(await backend.watch(refs, 1)).toEqual([]);
    },
  );

  it("iTerm2 answers before it has restored its windows: found when they are there", async () => {
    const ref = await world.backend.open(world.request());
    const backend = await watching(ref);
    const { model } = world.server;
    const wait = backend.watch([ref], LONG_MS);
    await world.server.stop();
    const session = sessionOf(ref);
    const windows = model.windows.splice(0);
    await world.server.start();
    await wait;
    expect(model.session(ref.id)).toBeUndefined();

    const next = backend.watch([ref], LONG_MS);
    model.windows.push(...windows);
    await model.createTab({ isSelected: true });
    await next;

    expect(sessionOf(ref)).toBe(session);
    await vi.waitFor(() => expect(topics()).toContain(`2 ${ref.id}`));
  });

  it("where iTerm2 does not let us in, it is silent, and asks nobody again", async () => {
    const ref = await world.backend.open(world.request());
    world.server.osascript.mode = "not-permitted";
    const before = world.server.osascript.scripts.length;
    const backend = world.another();

    expect(await backend.watch([ref], 50)).toEqual([]);
    await vi.waitFor(() => expect(world.log.join()).toContain("iterm2.watch.gave-up"));
    expect(await backend.watch([ref], 50)).toEqual([]);

    expect(world.server.osascript.scripts.length - before).toBe(2);
  });

  it("while iTerm2 is not there, it waits, never starts it, and leaves no timer when it is done with", async () => {
    const ref = await world.backend.open(world.request());
    const backend = await watching(ref);
    const wait = backend.watch([ref], LONG_MS);
    await world.server.stop();
    await vi.waitFor(() => expect(world.server.osascript.scripts.length).toBeGreaterThan(3), 5_000);
    await world.server.start();
    await wait;

    expect(await backend.status([ref])).toMatchObject([{ isRunning: true }]);
    expect(world.server.violations.list).toEqual([]);
  });
});

/** A wake can come before all are found. */
async function untilMoved(first: Promise<TerminalRef[]>, next: () => Promise<TerminalRef[]>): Promise<TerminalRef[]> {
  const moved: TerminalRef[] = await first;
  while (moved.length < 2) moved.push(...(await next()));
  return moved;
}
