import { expect, it } from "vitest";
import { roomOf, whyNoRoom } from "../../src/scheduler/room.ts";

const READING = { availableMemory: 2_000_000_000, loadPerProcessor: 5 };

it("R3-31: agents that have just been started count as if they had their memory; 0 turns a bound off", () => {
  const both = roomOf(READING, { minFreeMemory: 700, maxLoad: 6 }, 1);

  expect(both).toEqual({ freeMemory: 2_000, wanted: 700, starting: 1, load: { now: 5, most: 6 } });
  expect(whyNoRoom(both, 0)).toBeUndefined();
  expect(whyNoRoom(both, 1)).toMatch(
    /has about 2000 MB of free memory, of which 1400 are for agents that are starting; a new agent wants 700$/,
  );
  expect(whyNoRoom(roomOf(READING, { minFreeMemory: 0, maxLoad: 0 }, 9), 9)).toBeUndefined();
  expect(whyNoRoom(roomOf(READING, { minFreeMemory: 0, maxLoad: 4 }, 0), 0)).toMatch(/is 5\.0 for each processor/);
});

it("the reason stays the same, and is not written anew, while free memory goes up and down by a little", () => {
  const why = (megabytes: number) =>
    whyNoRoom(roomOf({ ...READING, availableMemory: megabytes * 1e6 }, { minFreeMemory: 700, maxLoad: 0 }, 0), 0);

  expect(why(431)).toMatch(/has about 400 MB of free memory/);
  expect(why(402)).toBe(why(431));
  expect(why(99)).toMatch(/has less than 100 MB/);
  expect(why(699)).not.toMatch(/700 MB/);
  expect(why(700)).toBeUndefined();
});

it("what the machine does not tell keeps nobody waiting", () => {
  const unknown = { availableMemory: undefined, loadPerProcessor: undefined };

  expect(whyNoRoom(roomOf(unknown, { minFreeMemory: 700, maxLoad: 4 }, 3), 3)).toBeUndefined();
});
