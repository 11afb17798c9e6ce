import { expect, test } from "vitest";
import { Startups } from "../../src/operations/agent/lifecycle/startups.ts";

test("agents that start together take as many looks at their screens as one, whatever becomes of them", async () => {
  const startups = new Startups();
  const one = startups.screenEveryMs;
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const starting = [1, 2, 3].map(() =>
    startups.during(() => new Promise<void>((resolve, reject) => ends.push({ resolve, reject }))),
  );
  expect(startups.screenEveryMs).toBe(3 * one);
  ends[0]?.resolve();
  await starting[0];
  expect(startups.screenEveryMs).toBe(2 * one);
  ends[1]?.reject(new Error("did not start"));
  await expect(starting[1]).rejects.toThrow("did not start");
  expect(startups.screenEveryMs).toBe(one);
  ends[2]?.resolve();
  await starting[2];
  expect(startups.screenEveryMs).toBe(one);
});
