import { afterEach, beforeEach, expect, it } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import type { TerminalBackend } from "../../src/core/ports/terminal-backend.ts";
import { agentList } from "../../src/operations/agent/list.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { agentWait } from "../../src/operations/agent/wait.ts";
import type { Context } from "../../src/operations/context.ts";
import { doctor } from "../../src/operations/doctor.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { overriding } from "../support/overriding.ts";

let world: FakeWorld;
let backend: TerminalBackend;
beforeEach(async () => {
  world = await openFakeWorld();
  backend = await world.context.backend("fake");
});
afterEach(() => world.dispose());

const noAnswer = async () => {
  throw new AppError("BACKEND_COMMAND_FAILED", "list-panes: did not answer in time");
};

/** What holds the terminals hangs, or its socket's folder belongs to somebody else. */
function unreachable(): Partial<Context> {
  const hanging = overriding(backend, { status: noAnswer, find: noAnswer });
  return { backend: async () => hanging };
}

it("an agent whose terminal cannot be reached is lost, and the states of the others are told", async () => {
  await world.spawn("ended");
  await world.spawn("lives");
  await world.call(agentSend, { agent: "ended", text: "[[crash]]" });
  await world.call(agentWait, { agents: ["ended"] });

  const { agents } = await world.call(agentList, {}, unreachable());

  expect(agents.map(({ name, state }) => [name, state])).toEqual([
    ["ended", "lost"],
    ["lives", "idle"],
  ]);
  expect(agents[0]?.because).toContain("its terminal cannot be reached (list-panes: did not answer in time)");
});

it("an agent whose opener died, and whose terminal nobody can look for now, keeps nobody from seeing the others", async () => {
  await world.spawn("lives");
  let isOpening: () => void = () => undefined;
  let goOn: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    isOpening = resolve;
  });
  const over = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const slow = overriding(backend, {
    open: async (request, signal) => {
      isOpening();
      await over;
      return backend.open(request, signal);
    },
  });
  const spawn = world.call(agentSpawn, { name: "cut" }, { backend: async () => slow });
  await begun;

  const { agents } = await world.call(agentList, {}, unreachable());
  goOn();
  await spawn;

  expect(agents.map(({ name, state }) => [name, state])).toEqual([
    ["lives", "idle"],
    ["cut", "starting"],
  ]);
});

it.each([
  // Its terminal may be there.
  ["BACKEND_COMMAND_FAILED", ["cut"]],
  // Nothing can have been opened.
  ["BACKEND_UNAVAILABLE", []],
] as const)("a spawn that fails by %s says why, and keeps its name: %j", async (code, kept) => {
  const fails = (what: string) => async () => {
    throw new AppError(code, `${what} failed`);
  };
  const broken = overriding(backend, { open: fails("open"), status: fails("status"), find: fails("find") });

  await expect(world.call(agentSpawn, { name: "cut" }, { backend: async () => broken })).rejects.toMatchObject({
    code,
    message: expect.stringContaining("open failed"),
  });
  expect((await world.call(agentList, {})).agents.map(({ name }) => name)).toEqual(kept);
});

it("doctor's fix for the default backend is what tmux needs, which may be installed", async () => {
  const fix = "Make the socket's folder your own.";
  const tmux = overriding(backend, { probe: async () => ({ isUsable: false, problem: "cannot be reached", fix }) });
  const { context } = world;
  const { findings } = await world.call(
    doctor,
    {},
    {
      settings: { ...context.settings, backend: null },
      backend: (name) => (name === "tmux" ? Promise.resolve(tmux) : context.backend(name)),
    },
  );

  expect(findings.find(({ check }) => check === "default backend")).toMatchObject({ fix });
});
