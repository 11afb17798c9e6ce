import { freemem, totalmem } from "node:os";
import { expect, test } from "vitest";
import type { RunResult } from "../../src/core/ports/process-runner.ts";
import { reclaimableCache } from "../../src/platform/cgroup-memory.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import { SystemMachine } from "../../src/platform/system-machine.ts";
import { SystemProcesses } from "../../src/platform/system-processes.ts";
import { overriding } from "../support/overriding.ts";

const clock = new SystemClock();

test("R3-31: tells what this machine has left", async () => {
  const { availableMemory, loadPerProcessor } = await new SystemMachine({
    clock,
    processes: new SystemProcesses(),
  }).room();

  expect(availableMemory).toBeGreaterThan(10_000_000);
  expect(availableMemory).toBeLessThanOrEqual(totalmem());
  if (process.platform !== "win32") expect(loadPerProcessor).toBeGreaterThanOrEqual(0);
});

test("on a Mac the kernel's level counts, not the pages that nobody has used; what it does not tell is unknown", async () => {
  const calls: string[][] = [];
  const mac = (stdout: string, now = { ms: 0 }) =>
    new SystemMachine({
      platform: "darwin",
      clock: overriding(clock, { monotonic: () => now.ms }),
      processes: {
        run: async (file, args) => {
          calls.push([file, ...args]);
          return { stdout } as RunResult;
        },
      },
    });

  expect((await mac("47\n").room()).availableMemory).toBe((totalmem() * 47) / 100);
  expect(calls).toEqual([["/usr/sbin/sysctl", "-n", "kern.memorystatus_level"]]);
  for (const said of ["", "sysctl: unknown oid", "101\n"]) {
    expect((await mac(said).room()).availableMemory).toBeUndefined();
  }

  // Asked many times a second, it asks the system now and then.
  calls.length = 0;
  const now = { ms: 0 };
  const machine = mac("50", now);
  for (const ms of [0, 1_000, 1_999, 2_000]) {
    now.ms = ms;
    await machine.room();
  }
  expect(calls).toHaveLength(2);
});

test("elsewhere free memory is what the system says, and Windows has no load average", async () => {
  const { availableMemory = 0, loadPerProcessor } = await new SystemMachine({
    platform: "win32",
    clock,
    processes: new SystemProcesses(),
  }).room();

  expect(Math.abs(availableMemory - freemem())).toBeLessThan(1_000_000_000);
  expect(loadPerProcessor).toBeUndefined();
});

test.each([
  ["version 2", "0::/user.slice/app\n", "/sys/fs/cgroup/user.slice/app/memory.stat", "anon 5\ninactive_file 123\n"],
  ["version 2 in a container", "0::/docker/abc\n", "/sys/fs/cgroup/memory.stat", "inactive_file 123\n"],
  [
    "version 1",
    "5:cpu:/\n4:memory:/docker/abc\n0::/\n",
    "/sys/fs/cgroup/memory/docker/abc/memory.stat",
    "inactive_file 7\ntotal_inactive_file 123\n",
  ],
])("the file cache of a bounded group can be had: %s", async (_, groups, file, stat) => {
  const files = new Map([
    ["/proc/self/cgroup", groups],
    [file, stat],
  ]);

  expect(await reclaimableCache(async (path) => files.get(path) ?? "")).toBe(123);
  expect(await reclaimableCache(async () => "")).toBe(0);
});
