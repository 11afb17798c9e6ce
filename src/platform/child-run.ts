import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import type { RunOptions, RunResult } from "../core/ports/process-runner.ts";
import { onAbort } from "./on-abort.ts";

/** What a child gets to end by itself after SIGTERM. */
const STOP_GRACE_MS = 500;
/** How long output is still read after the child's end when a grandchild keeps the pipes open. */
const PIPE_GRACE_MS = 200;

interface Bounds extends RunOptions {
  startedAt: number;
  timeoutMs: number;
}

/** One started child up to its result: collects output, enforces time bound and abort on the whole process group. */
export class RunningChild {
  readonly #child: ChildProcess;
  readonly #bounds: Bounds;
  readonly #stdout: Buffer[] = [];
  readonly #stderr: Buffer[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopReason: "timed-out" | "cancelled" | undefined;

  constructor(child: ChildProcess, bounds: Bounds) {
    this.#child = child;
    this.#bounds = bounds;
  }

  result(): Promise<RunResult> {
    return new Promise((resolve) => {
      const forget = onAbort(this.#bounds.signal, () => this.#stop("cancelled"));
      let isSettled = false;
      const settle = (result: Pick<RunResult, "reason" | "exitCode" | "signal">, problem = "") => {
        if (isSettled) return;
        isSettled = true;
        for (const timer of this.#timers) clearTimeout(timer);
        forget();
        // The child may have gone politely and left a child of its own that did not.
        if (this.#stopReason !== undefined) this.kill();
        this.#child.stdout?.destroy();
        this.#child.stderr?.destroy();
        resolve({
          ...result,
          stdout: Buffer.concat(this.#stdout).toString(this.#bounds.encoding ?? "utf8"),
          stderr: Buffer.concat(this.#stderr).toString("utf8") + problem,
          durationMs: performance.now() - this.#bounds.startedAt,
        });
      };
      const finish = (code: number | null, signal: NodeJS.Signals | null) =>
        settle({ reason: this.#stopReason ?? (signal === null ? "exited" : "signalled"), exitCode: code, signal });

      this.#child.stdout?.on("data", (chunk: Buffer) => this.#keep(this.#stdout, chunk));
      this.#child.stderr?.on("data", (chunk: Buffer) => this.#keep(this.#stderr, chunk));
      this.#child.on("error", (error: NodeJS.ErrnoException) => {
        if (this.#child.pid !== undefined) return;
        settle({ reason: this.#startProblem(error), exitCode: null, signal: null }, error.message);
      });
      // Not from the timer itself: where something has kept us busy for that long, timers come before what was written.
      this.#child.on("exit", (code, signal) => this.#after(PIPE_GRACE_MS, () => setImmediate(finish, code, signal)));
      this.#child.on("close", (code, signal) => finish(code, signal));

      this.#after(this.#bounds.timeoutMs, () => this.#stop("timed-out"));
      this.#feed();
    });
  }

  /** As if the caller's signal had aborted. */
  cancel(): void {
    this.#stop("cancelled");
  }

  /** Ends the whole process group at once. */
  kill(): void {
    this.#signalGroup("SIGKILL");
  }

  /** Chunks that lie wholly before the tail are let go: a child may write more than there is memory. */
  #keep(chunks: Buffer[], chunk: Buffer): void {
    chunks.push(chunk);
    const { tailBytes } = this.#bounds;
    if (tailBytes === undefined) return;
    let kept = chunks.reduce((sum, { length }) => sum + length, 0);
    for (let first = chunks[0]; first && kept - first.length >= tailBytes; first = chunks[0]) {
      kept -= first.length;
      chunks.shift();
    }
  }

  #feed(): void {
    if (this.#bounds.input === undefined) return;
    // A child that ends without reading its input is not our failure (EPIPE).
    this.#child.stdin?.on("error", () => {});
    this.#child.stdin?.end(this.#bounds.input);
  }

  #stop(reason: "timed-out" | "cancelled"): void {
    if (this.#stopReason !== undefined) return;
    this.#stopReason = reason;
    this.#signalGroup("SIGTERM");
    this.#after(STOP_GRACE_MS, () => this.kill());
  }

  #signalGroup(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (process.platform === "win32") this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // Already gone.
    }
  }

  /** ENOENT stands for a missing program and for a missing working directory. */
  #startProblem(error: NodeJS.ErrnoException): "not-found" | "not-startable" {
    const { cwd } = this.#bounds;
    return error.code === "ENOENT" && (cwd === undefined || existsSync(cwd)) ? "not-found" : "not-startable";
  }

  #after(ms: number, fn: () => void): void {
    this.#timers.add(setTimeout(fn, ms));
  }
}
