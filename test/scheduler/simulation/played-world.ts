import { randomUUID } from "node:crypto";
import { silentLogger } from "../../../src/core/ports/logger.ts";
import type { ProcessIdentity } from "../../../src/core/ports/process-runner.ts";
import type { Task } from "../../../src/core/task.ts";
import type { SchedulerPorts } from "../../../src/scheduler/ports.ts";
import { Scheduler } from "../../../src/scheduler/scheduler.ts";
import { stepTry } from "../../../src/scheduler/step-try.ts";
import { openTestStore, type TestStore } from "../../support/open-test-store.ts";
import { makeSession } from "../../support/store-records.ts";
import { makeTask } from "../../support/task-records.ts";
import { Mortal } from "./mortal.ts";
import { type Play, PlayedCrew } from "./played-crew.ts";

export interface WorldOptions {
  maxRunning: number;
  maxAgents: number;
  /** Of each role; any number by default. */
  maxOfRole?: number | null;
  /** Megabytes of free memory at a moment; by default enough. */
  freeMemory?: (now: number) => number;
  play: Play;
}

interface Process {
  identity: ProcessIdentity;
  mortal: Mortal;
  ports: SchedulerPorts;
  scheduler: Scheduler;
}

/** Schedulers of several processes over one real store; time passes only where the simulation says so. */
export class PlayedWorld {
  readonly opened: TestStore;
  readonly crew: PlayedCrew;
  readonly options: WorldOptions;
  processes: Process[] = [];
  #now = 1_000_000;
  #ids = 0;

  private constructor(opened: TestStore, options: WorldOptions) {
    this.opened = opened;
    this.options = options;
    this.crew = new PlayedCrew({ maxOfRole: null, ...options, store: opened.store, clock: this.clock, ids: this.ids });
  }

  static async open(options: WorldOptions): Promise<PlayedWorld> {
    const opened = await openTestStore();
    await opened.store.sessions.insert(makeSession({ maxAgents: options.maxAgents }));
    return new PlayedWorld(opened, options);
  }

  readonly clock = {
    now: () => this.#now,
    monotonic: () => this.#now,
    sleep: async () => undefined,
    every: () => () => undefined,
  };

  readonly ids = {
    next: (prefix: string) => `${prefix}_${String(++this.#ids).padStart(8, "0")}`,
    uuid: () => randomUUID(),
    random: (bytes: number) => Buffer.alloc(bytes),
  };

  get store() {
    return this.opened.store;
  }

  submit(changes: readonly Partial<Task>[]): Promise<Task[]> {
    const defaults = { createdAt: this.#now, queuedAt: this.#now };
    return this.store.tasks.insert(changes.map((change) => makeTask({ ...defaults, ...change })));
  }

  async startProcess(): Promise<void> {
    const mortal = new Mortal();
    const identity = { pid: ++this.#ids, startedAt: "" };
    const settings = {
      autoStart: true,
      autoResume: true,
      maxRunningTasks: this.options.maxRunning,
      spawnTimeout: "60s",
      minFreeMemory: 700,
      maxLoad: 4,
    };
    const { freeMemory = () => Number.POSITIVE_INFINITY } = this.options;
    const ports = {
      store: mortal.wrap(this.store),
      crew: mortal.wrap<object>(this.crew),
      clock: this.clock,
      ids: this.ids,
      doorbell: { ring: () => undefined, wait: async () => undefined },
      logger: silentLogger,
      settingsSource: { current: () => settings },
      processes: { self: () => identity, isAlive: (holder: ProcessIdentity) => this.#isAlive(holder) },
      machine: { room: async () => ({ availableMemory: freeMemory(this.#now) * 1e6, loadPerProcessor: 1 }) },
      signal: new AbortController().signal,
      prepareTask: async ({ text }: Task) => ({ kind: "start", text }),
    } as unknown as SchedulerPorts;
    this.processes.push({ identity, mortal, ports, scheduler: new Scheduler(ports) });
  }

  /** All processes do what they would do on being woken, at the same time. */
  async wake(): Promise<void> {
    await Promise.all(this.processes.map((process) => this.#wakeOne(process)));
    this.processes = this.processes.filter(({ mortal }) => mortal.isAlive);
  }

  async pass(ms: number): Promise<void> {
    this.#now += ms;
    await this.crew.playOn();
  }

  async #wakeOne({ scheduler, ports, mortal }: Process): Promise<void> {
    try {
      if (!(await scheduler.lead())) return;
      const open = await scheduler.pass();
      await Promise.all(open.map((task) => this.#stepOn(ports, task.id)));
    } catch (error) {
      // What kills it passes the product's own handling of errors on its way.
      if (mortal.isAlive) throw error;
    }
  }

  async #stepOn(ports: SchedulerPorts, taskId: string): Promise<void> {
    for (let steps = 0; steps < 12; steps += 1) {
      if ((await stepTry(ports, taskId, new AbortController().signal)).kind !== "again") return;
    }
  }

  #isAlive({ pid }: ProcessIdentity): boolean {
    return this.processes.some(({ identity, mortal }) => identity.pid === pid && mortal.isAlive);
  }
}
