import { spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { setImmediate as nextCheck } from "node:timers/promises";
import { expect, test } from "vitest";
import { RunningChild } from "../../src/platform/child-run.ts";

test("what a child has written is read, however long something keeps us busy at the moment of its end", async () => {
  const real = spawn("/bin/sh", ["-c", "echo the answer"], { stdio: ["ignore", "pipe", "pipe"] });
  const { pid, stdout, stderr } = real;
  // Its end is told before anything was read, as it is where several children end while one signal is handled.
  const child = Object.assign(new EventEmitter(), { pid, stdout, stderr });
  const startedAt = performance.now();
  const result = new RunningChild(child as never, { startedAt, timeoutMs: 10_000 }).result();
  // Timers are what comes next in the loop.
  await nextCheck();
  child.emit("exit", 0, null);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
  expect(await result).toMatchObject({ reason: "exited", exitCode: 0, stdout: "the answer\n" });
});
