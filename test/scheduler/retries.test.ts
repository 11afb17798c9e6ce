import { afterEach, expect, it } from "vitest";
import { backOff } from "../../src/scheduler/back-off.ts";
import type { Turn } from "./simulation/played-crew.ts";
import { PlayedWorld } from "./simulation/played-world.ts";

let world: PlayedWorld | undefined;
afterEach(async () => {
  await world?.opened.remove();
});

/** One scheduler, one agent; the n-th try ends as `ends` says. */
async function open(ends: Turn["end"][], launchFails = 0): Promise<PlayedWorld> {
  world = await PlayedWorld.open({
    maxRunning: 1,
    maxAgents: 1,
    play: {
      turn: (_, attempt) => ({ ms: 500, end: ends[attempt - 1] ?? "silent" }),
      checkPasses: () => false,
      launchFails: (_, attempt) => attempt <= launchFails,
    },
  });
  await world.startProcess();
  return world;
}

async function playUntilEnd(playing: PlayedWorld, id: string) {
  for (let round = 0; round < 2_000; round += 1) {
    await playing.wake();
    const task = await playing.store.tasks.get(id);
    if (task?.state === "done" || task?.state === "failed") return task;
    await playing.pass(100);
  }
  throw new Error("It hangs");
}

it("R4-64: an API error twice, then success: one task, three tries, all listed, each after a longer rest", async () => {
  const playing = await open(["error", "error", "result"]);
  await playing.submit([{ id: "a", retries: 2 }]);

  const task = await playUntilEnd(playing, "a");

  expect(task).toMatchObject({ state: "done", error: null });
  expect(task.attempts.map(({ number, outcome, error }) => [number, outcome, error?.kind])).toEqual([
    [1, "failed", "agent"],
    [2, "failed", "agent"],
    [3, "done", undefined],
  ]);
  const rests = task.attempts.slice(1).map(({ startedAt }, index) => startedAt - (task.attempts[index]?.endedAt ?? 0));
  expect(rests[0]).toBeGreaterThanOrEqual(10_000);
  expect(rests[0]).toBeLessThan(10_300);
  expect(rests[1]).toBeGreaterThanOrEqual(20_000);
  expect(rests[1]).toBeLessThan(20_300);
});

it("A4: an agent that cannot be started is a failed try, too; the last failure files one task to mend it, and no more", async () => {
  const playing = await open(["failed", "failed", "failed", "failed"], 1);
  await playing.submit([{ id: "a", retries: 1, onFailure: "fix" }]);

  const task = await playUntilEnd(playing, "a");

  expect(task.attempts.map(({ error }) => error?.kind)).toEqual(["spawn", "reported"]);
  const [fix, ...others] = await playing.store.tasks.causedBy("a");
  expect(others).toEqual([]);
  expect(fix).toMatchObject({ role: "debugger", causedBy: "a", onFailure: "none", retries: 1 });
  // Its own failure is for a person.
  const failed = await playUntilEnd(playing, fix?.id ?? "");
  expect(failed.state).toBe("failed");
  expect(await playing.store.tasks.causedBy(failed.id)).toEqual([]);
});

it("the rest doubles with each failure, up to ten minutes", () => {
  expect([1, 2, 3, 7, 8, 50].map(backOff)).toEqual([10_000, 20_000, 40_000, 600_000, 600_000, 600_000]);
});

it("R3-08: with one place, urgent ones go before high before normal before low ones, and of the same the oldest first", async () => {
  const playing = await open(["result"]);
  const priorities = { low: 3, normal: 5, high: 7, urgent: 9 };
  for (const round of [1, 2]) {
    await playing.submit(Object.entries(priorities).map(([name, priority]) => ({ id: `${name}-${round}`, priority })));
    await playing.pass(10);
  }

  for (const name of Object.keys(priorities)) await playUntilEnd(playing, `${name}-2`);

  const tasks = await playing.store.tasks.list();
  expect(tasks.toSorted((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0)).map(({ id }) => id)).toEqual(
    ["urgent", "high", "normal", "low"].flatMap((name) => [`${name}-1`, `${name}-2`]),
  );
});
