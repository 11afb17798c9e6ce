import { PlayedWorld } from "../../scheduler/simulation/played-world.ts";
import { median } from "../measure.ts";
import type { Row } from "../row.ts";

const SIZES = [100, 1_000, 10_000] as const;
/** Tasks that are taken from their start to their end in one measurement. */
const SAMPLE = 40;
const ROUNDS = 5;
const MAX_RUNNING = 4;

/** What deciding and journalling costs for one task, against the number of tasks in the queue; the agents are played. */
export async function measureScheduler(): Promise<Row[]> {
  const worlds = new Map<number, PlayedWorld>();
  try {
    for (const size of SIZES) worlds.set(size, await fullWorld(size + SAMPLE * (ROUNDS + 1)));
    const times = new Map<number, number[]>(SIZES.map((size) => [size, []]));
    // In turn, so that what slows the machine down slows them all; the first round warms up.
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [size, world] of worlds) {
        const time = await endTasks(world);
        if (round > 0) times.get(size)?.push(time);
      }
    }
    const [few = 0, more = 0, many = 0] = SIZES.map((size) => median(times.get(size) ?? []));
    const baseline = { name: `of ${SIZES[0]}`, value: few };
    const row = (size: number, ours: number): Row => ({
      what: `scheduling one of ${size.toLocaleString("en-US")} tasks`,
      ours,
      baseline,
      unit: "ms",
      aim: { kind: "times baseline", limit: 1.5 },
    });
    return [row(SIZES[1], more), row(SIZES[2], many)];
  } finally {
    for (const world of worlds.values()) await world.opened.remove();
  }
}

async function fullWorld(size: number): Promise<PlayedWorld> {
  const world = await PlayedWorld.open({
    maxRunning: MAX_RUNNING,
    maxAgents: MAX_RUNNING,
    play: { turn: () => ({ ms: 1, end: "result" }), checkPasses: () => true, launchFails: () => false },
  });
  await world.startProcess();
  await world.submit(
    Array.from({ length: size }, (_, index) => {
      // Every other one needs the one before, as steps of a workflow do.
      const needs = index % 2 === 1 ? [`tsk_${index - 1}`] : [];
      const state = needs.length === 0 ? ("queued" as const) : ("blocked" as const);
      return { id: `tsk_${index}`, needs, state, role: `role-${index % 4}`, priority: 1 + (index % 10) };
    }),
  );
  return world;
}

/** Milliseconds for each of `SAMPLE` tasks. */
async function endTasks(world: PlayedWorld): Promise<number> {
  const target = world.crew.turnsEnded + SAMPLE;
  const start = performance.now();
  while (world.crew.turnsEnded < target) {
    await world.wake();
    await world.pass(1);
  }
  return (performance.now() - start) / SAMPLE;
}
