import { expect, test } from "vitest";
import { SystemIds } from "../../src/platform/system-ids.ts";

test("an id is its prefix and 26 characters", () => {
  const ids = new SystemIds({ now: () => 1_700_000_000_000 });

  expect(ids.next("agt")).toMatch(/^agt_[0-9a-z]{26}$/);
});

test("ids sort in the order they were made, within one millisecond and when the clock is set back", () => {
  let now = 1_700_000_000_000;
  const ids = new SystemIds({ now: () => now });
  const made: string[] = [];

  for (let index = 0; index < 3000; index++) {
    if (index === 1000) now += 5;
    if (index === 2000) now -= 60_000;
    made.push(ids.next("msg"));
  }

  expect(made).toEqual([...made].sort());
  expect(new Set(made).size).toBe(3000);
});

test("later times sort later over processes", () => {
  const early = new SystemIds({ now: () => 1_700_000_000_000 }).next("msg");
  const late = new SystemIds({ now: () => 1_700_000_000_001 }).next("msg");

  expect(early < late).toBe(true);
});

test("two processes do not make the same id in the same millisecond", () => {
  const clock = { now: () => 1_700_000_000_000 };

  expect(new SystemIds(clock).next("msg")).not.toBe(new SystemIds(clock).next("msg"));
});
