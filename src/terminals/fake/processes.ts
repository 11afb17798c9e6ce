import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProcessIdentity, ProcessRunner, RunOptions } from "../../core/ports/process-runner.ts";
import { FAKE_PID_BASE, type FakeState } from "./state.ts";

/**
 * The machine's processes and the fake ones beside them, so that whoever checks an agent's pid gets a true answer. Fake
 * pids lie above every real one; signals do not reach fake agents (their backend closes them).
 */
export class ProcessesWithFakes implements ProcessRunner {
  readonly #real: ProcessRunner;
  readonly #home: string;

  constructor(real: ProcessRunner, home: string) {
    this.#real = real;
    this.#home = home;
  }

  run(file: string, args: readonly string[], options?: RunOptions) {
    return this.#real.run(file, args, options);
  }

  detach(file: string, args: readonly string[], options: Pick<RunOptions, "cwd" | "env">) {
    return this.#real.detach(file, args, options);
  }

  which(name: string, path: string) {
    return this.#real.which(name, path);
  }

  self() {
    return this.#real.self();
  }

  isAlive(identity: ProcessIdentity): boolean {
    if (identity.pid < FAKE_PID_BASE) return this.#real.isAlive(identity);
    const found = this.identify(identity.pid);
    return found !== undefined && (identity.startedAt === "" || identity.startedAt === found.startedAt);
  }

  identify(pid: number): ProcessIdentity | undefined {
    if (pid < FAKE_PID_BASE) return this.#real.identify(pid);
    try {
      const path = join(this.#home, "fake", `fake-${pid - FAKE_PID_BASE}.json`);
      const state = JSON.parse(readFileSync(path, "utf8")) as FakeState;
      return state.process.kind === "running" ? { pid, startedAt: state.procStart } : undefined;
    } catch {
      return undefined;
    }
  }

  parentOf(pid: number): number | undefined {
    return pid < FAKE_PID_BASE ? this.#real.parentOf(pid) : undefined;
  }

  kill(pid: number, signal: NodeJS.Signals, options?: { group?: boolean }): boolean {
    return pid < FAKE_PID_BASE && this.#real.kill(pid, signal, options);
  }
}
