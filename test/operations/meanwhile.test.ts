import { afterEach, beforeEach, expect, it } from "vitest";
import type { TerminalRef } from "../../src/core/agent.ts";
import type { TerminalBackend } from "../../src/core/ports/terminal-backend.ts";
import { agentClear } from "../../src/operations/agent/clear.ts";
import { agentDelete } from "../../src/operations/agent/delete.ts";
import { agentFocus } from "../../src/operations/agent/focus.ts";
import { agentList } from "../../src/operations/agent/list.ts";
import { agentRead } from "../../src/operations/agent/read.ts";
import { agentScreen } from "../../src/operations/agent/screen.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { agentStart } from "../../src/operations/agent/start.ts";
import type { Context } from "../../src/operations/context.ts";
import { sessionDelete } from "../../src/operations/session/delete.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { overriding } from "../support/overriding.ts";

let world: FakeWorld;
let backend: TerminalBackend;
let opened: TerminalRef[];
let closed: TerminalRef[];
beforeEach(async () => {
  world = await openFakeWorld();
  backend = await world.context.backend("fake");
  opened = [];
  closed = [];
});
afterEach(() => world.dispose());

function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

const withBackend = (methods: Partial<TerminalBackend>): Partial<Context> => {
  const close: TerminalBackend["close"] = (ref, signal) => {
    closed.push(ref);
    return backend.close(ref, signal);
  };
  const changed = overriding(backend, { close, ...methods });
  return { backend: async () => changed };
};

/** The caller who opens: `during` happens once the terminal is there and nobody has written it down yet. */
const opener = (before: () => Promise<unknown>, during: () => Promise<unknown>) =>
  withBackend({
    open: async (request, signal) => {
      await before();
      const terminal = await backend.open(request, signal);
      opened.push(terminal);
      await during();
      return terminal;
    },
  });

const names = async () => (await world.call(agentList, {})).agents.map(({ name }) => name);

const nothing = async () => undefined;

/** A caller who has looked for the terminal for the last time when `looked` passes, and goes on when `goOn` is opened. */
function lookingInVain() {
  const [looked, goOn] = [gate(), gate()];
  let looks = 0;
  const as = withBackend({
    find: async (tag, signal) => {
      const found = await backend.find(tag, signal);
      looks += 1;
      // By itself, and before its state is read.
      if (looks === 2) {
        looked.open();
        await goOn.passed;
      }
      return found;
    },
  });
  return { as, looked: looked.passed, goOn: goOn.open };
}

const DELETES = {
  "agent delete": (as: Partial<Context>) => world.call(agentDelete, { agent: "w", force: true }, as),
  "session delete": (as: Partial<Context>) => world.call(sessionDelete, { session: "team", force: true }, as),
};

for (const [name, remove] of Object.entries(DELETES)) {
  it(`${name} that looked for a terminal just before it was opened: whoever opened it closes it`, async () => {
    const looking = lookingInVain();
    let removal: Promise<unknown> | undefined;
    const start = async () => {
      removal = remove(looking.as);
      await looking.looked;
    };
    const finish = async () => {
      looking.goOn();
      await removal;
    };

    const spawn = world.call(agentSpawn, { name: "w" }, opener(start, finish));

    await expect(spawn).rejects.toMatchObject({ code: "AGENT_NOT_RUNNING" });
    expect(closed).toEqual(opened);
  });

  it(`${name} that looked for a terminal just before it was opened and written down closes that one, too`, async () => {
    const looking = lookingInVain();
    let removal: Promise<unknown> | undefined;
    const start = async () => {
      removal = remove(looking.as);
      await looking.looked;
    };

    const spawn = await world.call(agentSpawn, { name: "w" }, opener(start, nothing));
    looking.goOn();
    await removal;

    expect(spawn.agent?.state).toBe("idle");
    expect(closed).toEqual(opened);
  });
}

it("agent clear while a new agent's terminal is being opened: it is closed, and the agent stays", async () => {
  const clear = () => world.call(agentClear, { agent: "w" });

  const spawn = world.call(agentSpawn, { name: "w" }, opener(clear, nothing));

  await expect(spawn).rejects.toMatchObject({ code: "AGENT_NOT_RUNNING" });
  expect(closed).toEqual(opened);
  expect(await names()).toEqual(["w"]);
});

it("agent delete while the agent is started again leaves neither terminal nor files", async () => {
  await world.spawn("w");
  await world.call(agentClear, { agent: "w" });
  const remove = () => world.call(agentDelete, { agent: "w" });

  const start = world.call(agentStart, { agent: "w" }, opener(nothing, remove));

  await expect(start).rejects.toMatchObject({ code: "AGENT_NOT_RUNNING" });
  expect(closed).toEqual(opened);
  expect(await names()).toEqual([]);
});

it("agent delete while a new agent gets ready: it is said to have been ended, not to have failed", async () => {
  const program = await world.context.program("fake");
  const deleting = overriding(program, {
    watch: async () => void (await world.call(agentDelete, { agent: "w" })),
  });

  const spawn = world.call(agentSpawn, { name: "w" }, { program: async () => deleting });

  await expect(spawn).rejects.toMatchObject({ code: "AGENT_NOT_RUNNING" });
  expect(await names()).toEqual([]);
});

it("agent start of a new agent whose place is still being made waits, and opens no second terminal", async () => {
  const trees = await world.context.workTrees();
  const isMaking = gate();
  const goOn = gate();
  const slow = overriding(trees, {
    createFolder: async (path) => {
      isMaking.open();
      await goOn.passed;
      return trees.createFolder(path);
    },
  });
  const slowly = { ...opener(nothing, nothing), workTrees: async () => slow };

  const spawn = world.call(agentSpawn, { name: "w", isolation: "directory" }, slowly);
  await isMaking.passed;
  const isWaiting = gate();
  const processes = overriding(world.context.processes, {
    // Asked of whoever has the lease that one waits for.
    isAlive: (holder) => {
      isWaiting.open();
      return world.context.processes.isAlive(holder);
    },
  });
  const start = world.call(agentStart, { agent: "w" }, { ...opener(nothing, nothing), processes });
  await Promise.race([start.catch(() => undefined), isWaiting.passed]);
  goOn.open();

  await expect(start).rejects.toMatchObject({ code: "AGENT_ALREADY_RUNNING" });
  expect((await spawn).agent?.state).toBe("idle");
  expect(opened).toHaveLength(1);
});

it("a terminal that is there and not written down yet, as after a crash of its opener, is shown and focused", async () => {
  const isOpen = gate();
  const goOn = gate();
  const during = async () => {
    isOpen.open();
    await goOn.passed;
  };
  const spawn = world.call(agentSpawn, { name: "w" }, opener(nothing, during));
  await isOpen.passed;
  const focused: TerminalRef[] = [];
  const focusing = withBackend({
    focus: async (terminal) => {
      focused.push(terminal);
      return {};
    },
  });

  await world.call(agentFocus, { agent: "w" }, focusing);
  const { lines } = await world.call(agentScreen, { agent: "w" });

  expect(focused).toEqual(opened);
  expect(lines.join("")).not.toBe("");
  goOn.open();
  await spawn;
});

it("a terminal that is not there yet is said to be opened, and not to be gone", async () => {
  const isOpening = gate();
  const goOn = gate();
  const before = async () => {
    isOpening.open();
    await goOn.passed;
  };
  const spawn = world.call(agentSpawn, { name: "w" }, opener(before, nothing));
  await isOpening.passed;

  await expect(world.call(agentScreen, { agent: "w" })).rejects.toMatchObject({
    code: "TERMINAL_GONE",
    message: "The terminal of agent w is not open yet",
  });
  goOn.open();
  await spawn;
});

it("an agent that is deleted while somebody reads it is said to be deleted", async () => {
  const program = await world.context.program("fake");
  const outcomes = [];
  for (const name of ["w", "v"]) {
    await world.spawn(name);
    await world.call(agentSend, { agent: name, text: "hello", wait: true });
    const { cursor } = await world.call(agentRead, { agent: name });
    let deletion: Promise<unknown> | undefined;
    const deleting: Partial<Context> = {
      program: async () => {
        deletion ??= world.call(agentDelete, { agent: name });
        await deletion;
        return program;
      },
    };
    const since = name === "w" ? { since: cursor } : {};
    outcomes.push(await world.call(agentRead, { agent: name, ...since }, deleting).catch((error: unknown) => error));
  }

  expect(outcomes).toMatchObject([
    { code: "AGENT_NOT_FOUND", message: "Agent w was deleted meanwhile" },
    { code: "AGENT_NOT_FOUND", message: "Agent v was deleted meanwhile" },
  ]);
});
