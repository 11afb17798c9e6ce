import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileDoorbell } from "../../src/platform/file-doorbell.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "claude-orch-doorbell-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const elapsed = async (work: Promise<unknown>) => {
  const start = performance.now();
  await work;
  return performance.now() - start;
};

test("a ring wakes all who wait, long before their bound", async () => {
  const waiting = [1, 2, 3].map(() => elapsed(new FileDoorbell(home).wait(20_000)));

  new FileDoorbell(home).ring();

  for (const ms of await Promise.all(waiting)) expect(ms).toBeLessThan(5000);
});

test("a ring of another process wakes", async () => {
  const waiting = elapsed(new FileDoorbell(home).wait(20_000));
  const script = "const t = Date.now() / 1000; require('fs').utimesSync(process.argv[1], t, t)";
  spawn(process.execPath, ["-e", script, join(home, "doorbell")], { stdio: "ignore" });

  expect(await waiting).toBeLessThan(10_000);
});

test("without a ring the wait ends at its bound", async () => {
  // Node counts from the beginning of its turn, which on a busy machine was some milliseconds ago.
  expect(await elapsed(new FileDoorbell(home).wait(60))).toBeGreaterThanOrEqual(40);
});

test("an abort ends the wait with CANCELLED", async () => {
  const controller = new AbortController();
  const waiting = new FileDoorbell(home).wait(20_000, controller.signal);

  controller.abort();

  await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
  await expect(new FileDoorbell(home).wait(1, controller.signal)).rejects.toMatchObject({ code: "CANCELLED" });
});

test("the first ring makes the file, for its owner alone; a home that is gone is no error", () => {
  const bell = new FileDoorbell(home);

  bell.ring();

  expect(statSync(join(home, "doorbell")).mode & 0o777).toBe(0o600);
  rmSync(home, { recursive: true });
  expect(() => bell.ring()).not.toThrow();
});

test("a wait survives that the file is replaced under it", async () => {
  const bell = new FileDoorbell(home);
  bell.ring();
  rmSync(join(home, "doorbell"));
  const waiting = elapsed(new FileDoorbell(home).wait(20_000));

  bell.ring();

  expect(await waiting).toBeLessThan(5000);
});

test("a home that cannot be entered any more disturbs no wait: a server lives on", async () => {
  const bell = new FileDoorbell(home);
  const waiting = bell.wait(20_000);
  rmSync(home, { recursive: true });
  writeFileSync(home, "");

  // Woken by the watch; what it then finds would be an error that nobody catches.
  await waiting;
  await expect(bell.wait(20)).resolves.toBeUndefined();
});
