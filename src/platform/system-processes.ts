import { type ChildProcess, spawn } from "node:child_process";
import type { Writable } from "node:stream";
import type { ProcessIdentity, ProcessRunner, RunOptions, RunResult } from "../core/ports/process-runner.ts";
import { RunningChild } from "./child-run.ts";
import { startDetached } from "./detached-child.ts";
import { findExecutable } from "./find-executable.ts";
import { heldStart } from "./held-start.ts";
import { identifyProcess, parentOfProcess } from "./process-identity.ts";

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Child processes over node:child_process: a terminal backend makes many small calls, and execa costs 84 ms at its
 * import (dependencies §3) and more per call. Each child leads its own process group, so that a bound ends it with all
 * its own children.
 */
export class SystemProcesses implements ProcessRunner {
  #self: ProcessIdentity | undefined;
  readonly #running = new Set<RunningChild>();
  readonly #killRunning = () => {
    for (const child of this.#running) child.kill();
  };

  async run(file: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const startedAt = performance.now();
    const { onStart } = options;
    const held = onStart && (await heldStart(file, args, options));
    if (options.signal?.aborted) return notStarted("cancelled", "", 0);
    try {
      const child = spawn(held?.file ?? file, held?.args ?? args, {
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        ...(options.env === undefined ? {} : { env: options.env }),
        detached: process.platform !== "win32",
        windowsHide: true,
        stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe", ...(held ? (["pipe"] as const) : [])],
      });
      const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
      const running = new RunningChild(child, { ...options, startedAt, timeoutMs });
      const ended = this.#untilEnd(running);
      // Where nobody can tell its start time, it begins all the same: it would wait for ever.
      if (onStart) await letBegin(child, running, (pid) => onStart(this.identify(pid) ?? { pid, startedAt: "" }));
      return await ended;
    } catch (error) {
      // Too long an argument list, a NUL byte: spawn throws at once instead of reporting on the child.
      return notStarted("not-startable", String(error), performance.now() - startedAt);
    }
  }

  detach(file: string, args: readonly string[], options: Pick<RunOptions, "cwd" | "env">): Promise<ProcessIdentity> {
    return startDetached(file, args, options);
  }

  /** A child in a group of its own does not get the terminal's Ctrl-C: it must not outlive us. */
  async #untilEnd(child: RunningChild): Promise<RunResult> {
    if (this.#running.size === 0) process.on("exit", this.#killRunning);
    this.#running.add(child);
    try {
      return await child.result();
    } finally {
      this.#running.delete(child);
      if (this.#running.size === 0) process.removeListener("exit", this.#killRunning);
    }
  }

  which(name: string, path: string): Promise<string | undefined> {
    return findExecutable(name, path);
  }

  self(): ProcessIdentity {
    this.#self ??= identifyProcess(process.pid) ?? { pid: process.pid, startedAt: "" };
    return this.#self;
  }

  isAlive(identity: ProcessIdentity): boolean {
    const found = identifyProcess(identity.pid);
    if (found === undefined) return false;
    return identity.startedAt === "" || found.startedAt === "" || found.startedAt === identity.startedAt;
  }

  identify(pid: number): ProcessIdentity | undefined {
    return identifyProcess(pid);
  }

  parentOf(pid: number): number | undefined {
    return parentOfProcess(pid);
  }

  kill(pid: number, signal: NodeJS.Signals, options: { group?: boolean } = {}): boolean {
    // 0 and negative numbers would reach our own group, or everything that we may signal.
    if (!Number.isSafeInteger(pid) || pid <= 1) return false;
    try {
      process.kill(options.group && process.platform !== "win32" ? -pid : pid, signal);
      return true;
    } catch {
      return false;
    }
  }
}

/** Tells which child it is; a held one begins after that, or never. */
async function letBegin(
  child: ChildProcess,
  running: RunningChild,
  onStart: (pid: number) => Promise<void>,
): Promise<void> {
  const gate = child.stdio[3] as Writable | undefined;
  // It may be ended while it waits.
  gate?.on("error", () => {});
  const { pid } = child;
  if (pid === undefined) return;
  try {
    await onStart(pid);
    gate?.end("\n");
  } catch {
    running.cancel();
  }
}

function notStarted(reason: "cancelled" | "not-startable", stderr: string, durationMs: number): RunResult {
  return { reason, exitCode: null, signal: null, stdout: "", stderr, durationMs };
}
