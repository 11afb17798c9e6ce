import { expect, it } from "vitest";
import type { TerminalRef } from "../../../src/core/agent.ts";
import { LAYOUTS } from "../../../src/core/agent.ts";
import { AppError } from "../../../src/core/errors.ts";
import type { Iterm2Backend } from "../../../src/terminals/iterm2/backend.ts";
import type { Fault } from "../../support/iterm2-server/injection.ts";
import { waitFor } from "../../support/wait-for.ts";
import { type ScriptedWorld, scriptedWorld } from "./scripted-world.ts";

const OPERATIONS = 10_000;
const WORLDS = 10;
const MAX_OPEN = 5;
const AT_ONCE = 5;

/** What a call may end with; anything else is a bug. */
const EXPECTED = new Set(["BACKEND_COMMAND_FAILED", "BACKEND_UNAVAILABLE", "TERMINAL_GONE"]);

const FAULTS: readonly Fault[] = [
  { kind: "drop", when: "before" },
  { kind: "drop", when: "after" },
  { kind: "error", text: "no" },
  { kind: "no-submessage" },
  { kind: "delay", ms: 1 },
  { kind: "never" },
  { kind: "malformed" },
  { kind: "wrong-id" },
];

/** mulberry32: the same operations in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Run {
  readonly world: ScriptedWorld;
  readonly #random: () => number;
  /** Terminals that were opened and that nobody has ended since. */
  readonly live = new Map<string, TerminalRef>();
  readonly failedOpens: string[] = [];
  /** What was surely typed into each, in order. */
  readonly typed = new Map<string, string[]>();
  count = 0;
  opened = 0;
  #backend: Iterm2Backend;

  constructor(world: ScriptedWorld, random: () => number) {
    this.world = world;
    this.#random = random;
    this.#backend = world.backend;
  }

  async step(): Promise<void> {
    this.count++;
    const { inject } = this.world.server;
    const fault = this.#one(FAULTS);
    if (fault && this.#chance(0.04)) inject.on("*", fault, { skip: Math.floor(this.#random() * 6) });
    if (this.#chance(0.02)) inject.handshakes(this.#one([401, "eof"] as const));
    const ref = this.#one([...this.live.values()]);
    const kind = this.#random();
    if (!ref || (kind < 0.08 && this.live.size < MAX_OPEN)) await this.#open();
    else if (kind < 0.3) await this.#type(ref);
    else if (kind < 0.45) await this.#attempt(() => this.#backend.screen(ref));
    else if (kind < 0.55) await this.#find(ref);
    else if (kind < 0.75) await this.#status(ref);
    else if (kind < 0.8) await this.#attempt(() => this.#backend.focus(ref));
    else if (kind < 0.86) await this.#close(ref);
    else if (kind < 0.88) this.#backend = this.world.another();
    else await this.#person(ref);
  }

  async #open(): Promise<void> {
    const request = this.world.request({
      layout: this.#one(LAYOUTS) ?? "tab",
      group: { id: this.#one(["ses_1", "ses_2"]) ?? "", name: "team" },
      ...(this.live.size > 0 ? { splitFrom: this.#one([...this.live.values()]) as TerminalRef } : {}),
    });
    const { inject } = this.world.server;
    if (this.#chance(0.1)) {
      // The agent runs, but neither the answer nor the look at what is there comes through.
      inject.on("create_tab", { kind: "drop", when: "after" });
      inject.on("variable", { kind: "error", text: "no" }, { times: 4, skip: 2 });
    }
    const ref = await this.#attempt(() => this.#backend.open(request));
    if (!ref) {
      this.failedOpens.push(request.tag);
      return;
    }
    this.opened++;
    this.live.set(ref.tag, ref);
    expect(this.world.alive(ref.tag)).toHaveLength(1);
  }

  async #type(ref: TerminalRef): Promise<void> {
    const text = `<${ref.tag} ${this.count}>`;
    const steps = [{ kind: "text", text, isBracketed: false }] as const;
    const done = await this.#attempt(async () => {
      await this.#backend.input(ref, steps);
      return true;
    });
    if (done) this.typed.set(ref.tag, [...(this.typed.get(ref.tag) ?? []), text]);
  }

  async #find(ref: TerminalRef): Promise<void> {
    const found = await this.#attempt(async () => (await this.#backend.find(ref.tag)) ?? null);
    // Undefined: the call failed.
    if (found === undefined) return;
    expect(found, ref.tag).not.toBeNull();
    if (found) this.live.set(ref.tag, found);
    expect(this.world.server.model.session(found?.id ?? "")?.program).toBe(this.world.alive(ref.tag)[0]);
  }

  async #status(ref: TerminalRef): Promise<void> {
    const statuses = await this.#attempt(() => this.#backend.status([...this.live.values()]));
    if (statuses)
      expect(
        statuses.map(({ isRunning }) => isRunning),
        ref.tag,
      ).toEqual(Array(this.live.size).fill(true));
  }

  async #close(ref: TerminalRef): Promise<void> {
    const done = await this.#attempt(async () => {
      await this.#backend.close(ref);
      return true;
    });
    // Whatever became of the pane, the program has been ended.
    this.live.delete(ref.tag);
    expect(this.world.alive(ref.tag)).toEqual([]);
    if (done) expect(await this.#backend.find(ref.tag)).toBeUndefined();
  }

  /** Whoever sits in front of iTerm2. */
  async #person(ref: TerminalRef): Promise<void> {
    const { server } = this.world;
    const { model } = server;
    const session = model.sessions.find(({ program }) => program === this.world.alive(ref.tag)[0]);
    if (!session) throw new Error(`The agent of ${ref.tag} runs in no session`);
    const place = model.placeOf(session);
    const kind = this.#random();
    if (kind < 0.15) {
      // A look at all sessions is a request for each: not too many of them.
      if (this.world.shells.length < 3) await model.createTab({ isSelected: true, window: this.#one(model.windows) });
    } else if (kind < 0.3 && place) model.maximize(place.tab, this.#chance(0.5) ? session : undefined);
    else if (kind < 0.4) model.bury(session);
    else if (kind < 0.5) model.disinter(session);
    else if (kind < 0.6) model.setAppActive(this.#chance(0.5));
    else if (kind < 0.7) {
      // A program that is paused while its pane is gone is nobody's to find; the person brings it back.
      model.closeSession(session);
      await this.#attempt(() => this.#backend.screen(ref));
      model.undoClose(session.id);
    } else if (kind < 0.8) {
      model.closeSession(session);
      session.program.hangUp();
      this.live.delete(ref.tag);
      await this.#attempt(() => this.#backend.close(ref));
    } else if (kind < 0.9) server.dropConnections();
    else {
      const ids = this.#one(["same", "new", "renumbered", "shuffled"] as const);
      const jobs = this.#chance(0.2) ? "killed" : "survive";
      await server.restart({ ...(ids ? { ids } : {}), variables: this.#chance(0.5) ? "kept" : "lost", jobs });
      if (jobs === "killed") this.live.clear();
    }
  }

  async #attempt<T>(call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof AppError) || !EXPECTED.has(error.code)) throw error;
      return undefined;
    }
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #one<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.#random() * from.length)];
  }
}

/** A process that lives long and hears of what happens, through all of it. Resolves with the number of times it looked. */
async function watch(backend: Iterm2Backend, run: Run, signal: AbortSignal): Promise<number> {
  for (let looks = 0; ; looks++) {
    try {
      await backend.watch([...run.live.values()], 20, signal);
    } catch (error) {
      if (signal.aborted) return looks;
      throw error;
    }
  }
}

/** Where it takes each agent to be in the end. */
async function expectFound(backend: Iterm2Backend, { world, live }: Run): Promise<void> {
  for (const tag of live.keys()) {
    const stale: TerminalRef = { backend: "iterm2", tag, id: "none" };
    const found = await waitFor(`${tag} to be found`, async () => (await backend.watch([stale], 20))[0]);
    expect(world.server.model.session(found.id)?.program, tag).toBe(world.alive(tag)[0]);
  }
}

interface Tally {
  count: number;
  opened: number;
  failed: number;
  typed: number;
}

/** One iTerm2, and a share of the operations. */
async function play(seed: number): Promise<Tally> {
  const profile = seed % 2 === 0 ? "3.6" : "3.7";
  const world = await scriptedWorld({ profile, grid: { width: 200, height: 60 } }, 25);
  const run = new Run(world, generator(seed));
  const stop = new AbortController();
  const watcher = world.another();
  const watching = watch(watcher, run, stop.signal);
  watching.catch(() => undefined);
  let typed = 0;
  try {
    while (run.count < OPERATIONS / WORLDS) await run.step();
    stop.abort();
    expect(await watching).toBeGreaterThan(10);
    // Where two handshakes in a row were refused, it asks nobody any more.
    const hasGivenUp = world.log.some((line) => line.startsWith("iterm2.watch.gave-up"));
    await expectFound(hasGivenUp ? world.another() : watcher, run);

    // No two of one agent, ever, and none that nobody knows of.
    for (const tag of new Set(world.agents.map((agent) => agent.tag))) {
      expect(world.alive(tag).length, `seed ${seed}: ${tag}`).toBe(run.live.has(tag) ? 1 : 0);
    }
    for (const tag of run.failedOpens) expect(world.alive(tag), `seed ${seed}: ${tag}`).toEqual([]);
    for (const agent of world.agents) {
      const others = agent.input.replaceAll(new RegExp(`<${agent.tag} \\d+>`, "g"), "");
      expect(others, `seed ${seed}: typed into ${agent.tag}`).toBe("");
      const received = agent.input.match(/<[^>]*>/g) ?? [];
      expect(new Set(received).size, `seed ${seed}: typed twice`).toBe(received.length);
      expect(received).toEqual(expect.arrayContaining(run.typed.get(agent.tag) ?? []));
      typed += received.length;
    }
    for (const shell of world.shells) expect(shell.input, `seed ${seed}: typed into a shell`).toBe("");
  } catch (error) {
    throw new Error(`seed ${seed}, operation ${run.count}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
  const { server } = world;
  await world.dispose();
  await waitFor("all sockets to close", () => server.connections.length === 0 || undefined);
  return { count: run.count, opened: run.opened, failed: run.failedOpens.length, typed };
}

it(`${OPERATIONS} random operations with faults: no agent lost or doubled, nothing typed elsewhere, no socket left`, async () => {
  const tally: Tally = { count: 0, opened: 0, failed: 0, typed: 0 };
  const seeds = Array.from({ length: WORLDS }, (_, index) => index + 1);
  // They mostly wait for answers that never come: together they wait once.
  for (let first = 0; first < WORLDS; first += AT_ONCE) {
    for (const played of await Promise.all(seeds.slice(first, first + AT_ONCE).map(play))) {
      for (const key of ["count", "opened", "failed", "typed"] as const) tally[key] += played[key];
    }
  }

  expect(tally.count).toBe(OPERATIONS);
  // It did test something.
  const { opened, failed, typed } = tally;
  expect([opened > 300, failed > 20, typed > 1_000], JSON.stringify(tally)).toEqual([true, true, true]);
}, 120_000);
