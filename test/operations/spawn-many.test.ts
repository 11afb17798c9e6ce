import { afterEach, beforeEach, expect, it } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { agentList } from "../../src/operations/agent/list.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import type { Context } from "../../src/operations/context.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { overriding } from "../support/overriding.ts";

let world: FakeWorld;
beforeEach(async () => {
  world = await openFakeWorld();
});
afterEach(() => world.dispose());

/** Terminals of agents whose title says one of these words cannot be opened. */
async function withoutTerminalsFor(...names: string[]): Promise<Partial<Context>> {
  const backend = await world.context.backend("fake");
  const failing = overriding(backend, {
    open: async (request, signal) => {
      if (names.some((name) => request.title.includes(name)))
        throw new AppError("BACKEND_COMMAND_FAILED", "no more terminals");
      return backend.open(request, signal);
    },
  });
  return { backend: async () => failing };
}

const failureOf = (input: Record<string, unknown>, as: Partial<Context>): Promise<AppError> =>
  world.call(agentSpawn, input, as).then(
    () => expect.unreachable("it worked"),
    (error) => error,
  );

it("of several agents, the error says by name which run and which failed, and why", async () => {
  const error = await failureOf({ name: "w", count: 3 }, await withoutTerminalsFor("w_2"));

  expect(error).toMatchObject({
    code: "BACKEND_COMMAND_FAILED",
    message: "It failed for 1 of 3 agents (w_2: no more terminals); it worked for w_1, w_3",
  });
  const { agents } = await world.call(agentList, {});
  expect(error.details.succeeded).toEqual(agents.map(({ id, name }) => ({ id, name })));
  expect(error.details.failed).toEqual([{ name: "w_2", code: "BACKEND_COMMAND_FAILED", message: "no more terminals" }]);
});

it("where none runs, nothing is said to have worked, and nothing is left", async () => {
  const error = await failureOf({ name: "w", count: 2 }, await withoutTerminalsFor("w_1", "w_2"));

  expect(error.message).toBe("It failed for 2 of 2 agents (w_1: no more terminals; w_2: no more terminals)");
  expect(error.details).toMatchObject({ succeeded: [], failed: [{ name: "w_1" }, { name: "w_2" }] });
  expect((await world.call(agentList, {})).agents).toEqual([]);
});

it("a prompt that one of them loses: that agent stays, with its id", async () => {
  const program = await world.context.program("fake");
  const deaf = overriding(program, {
    planInput: async (agent, text, options) => {
      if (agent.name === "w_2") throw new AppError("TEXT_NOT_DELIVERABLE", "not to this one");
      return program.planInput(agent, text, options);
    },
  });

  const error = await failureOf({ name: "w", count: 2, prompt: "hello" }, { program: async () => deaf });

  const { agents } = await world.call(agentList, {});
  const [first, second] = agents.map(({ id, name }) => ({ id, name }));
  expect(error.details).toMatchObject({ succeeded: [first], failed: [{ ...second, code: "AGENT_NOT_RUNNING" }] });
});

it("of a single agent, the error is its own", async () => {
  const error = await failureOf({ name: "w" }, await withoutTerminalsFor("w"));

  expect(error).toMatchObject({ message: "no more terminals" });
  expect(error.details).toEqual({});
});
