import { expect, test } from "vitest";
import { Startups } from "../../src/operations/agent/lifecycle/startups.ts";

test("agents that start together take as many looks as one, whatever becomes of them", async () => {
  const startups = new Startups();
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const starting = [1, 2, 3].map(() =>
    startups.during(() => new Promise<void>((resolve, reject) => ends.push({ resolve, reject }))),
  );
  expect(startups.shared(400)).toBe(1200);
  ends[0]?.resolve();
  await starting[0];
  expect(startups.shared(400)).toBe(800);
  ends[1]?.reject(new Error("did not start"));
  await expect(starting[1]).rejects.toThrow("did not start");
  expect(startups.shared(400)).toBe(400);
  ends[2]?.resolve();
  await starting[2];
  expect(startups.shared(400)).toBe(400);
});
