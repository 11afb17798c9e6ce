import { expect, test } from "vitest";
import { SystemClock } from "../../src/platform/system-clock.ts";

const clock = new SystemClock();

test("sleeps at least as long as asked", async () => {
  const start = clock.monotonic();

  await clock.sleep(30);

  expect(clock.monotonic() - start).toBeGreaterThanOrEqual(28);
});

test("a sleep ends at once with CANCELLED when its signal aborts", async () => {
  const controller = new AbortController();
  const sleep = clock.sleep(60_000, controller.signal);

  controller.abort();

  await expect(sleep).rejects.toMatchObject({ code: "CANCELLED" });
  await expect(clock.sleep(60_000, controller.signal)).rejects.toMatchObject({ code: "CANCELLED" });
});

test("a sleep longer than a timer can be does not end at once", async () => {
  const controller = new AbortController();
  const outcome = Promise.race([
    clock.sleep(2 ** 40, controller.signal).catch(() => "cancelled"),
    clock.sleep(30).then(() => "still asleep"),
  ]);

  expect(await outcome).toBe("still asleep");
  controller.abort();
});

test("calls again and again until it is stopped", async () => {
  let calls = 0;
  const reachedThree = new Promise<void>((resolve) => {
    const stop = clock.every(2, () => {
      calls += 1;
      if (calls < 3) return;
      stop();
      resolve();
    });
  });

  await reachedThree;
  await clock.sleep(20);

  expect(calls).toBe(3);
});
