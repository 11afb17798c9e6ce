import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TerminalRef } from "../../src/core/agent.ts";
import type { AgentProgram } from "../../src/core/ports/agent-program.ts";
import { silentLogger } from "../../src/core/ports/logger.ts";
import { watchAgents } from "../../src/operations/agent/watch.ts";
import { watchTerminals } from "../../src/operations/agent/watch-terminals.ts";
import type { Context } from "../../src/operations/context.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { waitFor } from "../support/wait-for.ts";
import { type ScriptedWorld, scriptedWorld } from "../terminals/iterm2/scripted-world.ts";

/** Far more than any event takes, and no test waits for it. */
const LONG_MS = 30_000;
const QUIET_MS = 250;

let world: FakeWorld;
let iterm2: ScriptedWorld;

beforeEach(async () => {
  world = await openFakeWorld();
  iterm2 = await scriptedWorld({}, 2_000);
});
afterEach(async () => {
  await iterm2.dispose();
  await world.dispose();
});

function context(stop: AbortController): Context {
  const { context } = world;
  const backend: Context["backend"] = (name) =>
    name === "iterm2" ? Promise.resolve(iterm2.backend) : context.backend(name);
  return { ...context, backend, logger: silentLogger, signal: stop.signal };
}

/** An agent that lives in a terminal of iTerm2. */
async function agentInIterm2(name: string): Promise<{ id: string; terminal: TerminalRef }> {
  const { id } = await world.spawn(name);
  const terminal = await iterm2.backend.open(iterm2.request());
  await world.context.store.agents.update(id, { terminal });
  return { id, terminal };
}

const listed = () => world.context.store.agents.list();
const terminalOf = async (id: string) => (await world.context.store.agents.get(id))?.terminal;

describe("a process that watches terminals", () => {
  it("R2-29: writes down where they are after a restart of iTerm2, and nothing of those that stayed", async () => {
    const { id, terminal } = await agentInIterm2("api");
    const other = await world.spawn("web");
    const before = await terminalOf(other.id);
    const watching = context(new AbortController());
    await watchTerminals(watching, await listed(), LONG_MS);

    const wait = watchTerminals(watching, await listed(), LONG_MS);
    await iterm2.server.restart({ ids: "new", variables: "lost" });
    await wait;
    const moved = await waitFor("the new id", async () => {
      const now = await terminalOf(id);
      if (now && now.id !== terminal.id) return now;
      await watchTerminals(watching, await listed(), 20);
      return undefined;
    });

    expect(moved.tag).toBe(terminal.tag);
    expect(iterm2.server.model.session(moved.id)?.program).toBe(iterm2.alive(terminal.tag)[0]);
    expect(await terminalOf(other.id)).toEqual(before);
  });

  it("a live view looks as soon as a program in iTerm2 has ended", async () => {
    const { terminal } = await agentInIterm2("api");
    // Its files say nothing.
    const program = {
      watch: (_agents: unknown, maxMs: number, signal: AbortSignal) => world.context.clock.sleep(maxMs, signal),
    } as unknown as AgentProgram;
    const watching: Context = { ...context(new AbortController()), program: () => Promise.resolve(program) };
    // Until nothing is new to it any more.
    let start: number;
    do {
      start = performance.now();
      await watchAgents(watching, QUIET_MS + 50);
    } while (performance.now() - start < QUIET_MS);
    const wait = watchAgents(watching, LONG_MS);

    iterm2.alive(terminal.tag)[0]?.end(1);

    await wait;
  });

  it("does not touch an agent that was started anew meanwhile", async () => {
    const { id, terminal } = await agentInIterm2("api");
    const stale = await listed();
    const later: TerminalRef = { ...terminal, tag: "nce_later" };
    await world.context.store.agents.update(id, { terminal: later });
    await iterm2.server.restart({ ids: "new" });

    for (let i = 0; i < 3; i++) await watchTerminals(context(new AbortController()), stale, 50);

    expect(await terminalOf(id)).toEqual(later);
  });

  it("ends when it is told to, whatever it watches", async () => {
    await agentInIterm2("api");
    const stop = new AbortController();
    const agents = await listed();
    await watchTerminals(context(stop), agents, LONG_MS);
    const waits = [agents, []].map((some) => watchTerminals(context(stop), some, LONG_MS));

    stop.abort();

    for (const wait of waits) await expect(wait).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
