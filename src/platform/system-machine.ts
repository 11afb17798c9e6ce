import { cpus, freemem, loadavg, totalmem } from "node:os";
import type { Clock } from "../core/ports/clock.ts";
import type { Machine, MachineRoom } from "../core/ports/machine.ts";
import type { ProcessRunner } from "../core/ports/process-runner.ts";
import { reclaimableCache } from "./cgroup-memory.ts";

/** The queue looks many times a second while it moves. */
const KEPT_MS = 2_000;

interface Options {
  clock: Clock;
  processes: Pick<ProcessRunner, "run">;
  /** Default: the one that we run on. */
  platform?: NodeJS.Platform;
}

/** The machine that this process runs on, in the bounds that its container sets. */
export class SystemMachine implements Machine {
  readonly #options: Options;
  #last: { at: number; room: Promise<MachineRoom> } | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  room(): Promise<MachineRoom> {
    const now = this.#options.clock.monotonic();
    if (!this.#last || now - this.#last.at >= KEPT_MS) this.#last = { at: now, room: this.#read() };
    return this.#last.room;
  }

  async #read(): Promise<MachineRoom> {
    return { availableMemory: await this.#memory(), loadPerProcessor: this.#load() };
  }

  async #memory(): Promise<number | undefined> {
    const { platform = process.platform } = this.#options;
    if (platform === "darwin") return this.#memoryOfMac();
    if (platform !== "linux") return freemem();
    const [available, free] = [process.availableMemory(), freemem()];
    // A container's limit counts the file cache, too, which is given up before anything else.
    return available >= free ? free : Math.min(free, available + (await reclaimableCache()));
  }

  /**
   * `os.freemem()` counts pages there that nobody has used yet, of which macOS keeps next to none. The kernel's level is
   * the free share that `memory_pressure` prints, in per cent: without what can be given up, and without swapping.
   */
  async #memoryOfMac(): Promise<number | undefined> {
    const { stdout } = await this.#options.processes.run("/usr/sbin/sysctl", ["-n", "kern.memorystatus_level"], {
      timeoutMs: 2_000,
    });
    const level = /^\d{1,3}\s*$/.test(stdout) ? Number(stdout) : Number.NaN;
    return level >= 0 && level <= 100 ? (totalmem() * level) / 100 : undefined;
  }

  /** Also in a container both numbers are the whole machine's. */
  #load(): number | undefined {
    const { platform = process.platform } = this.#options;
    return platform === "win32" ? undefined : (loadavg()[0] ?? 0) / Math.max(1, cpus().length);
  }
}
