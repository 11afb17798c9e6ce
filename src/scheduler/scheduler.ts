import { toAppError } from "../core/errors.ts";
import type { Task } from "../core/task.ts";
import { beginTry } from "./begin-try.ts";
import { driveTry } from "./drive-try.ts";
import { giveUp } from "./end-try.ts";
import { SCHEDULER_DUTY, taskName } from "./names.ts";
import { type Decision, plan } from "./plan.ts";
import type { SchedulerPorts } from "./ports.ts";
import { readSituation } from "./situation.ts";
import { tellDependants } from "./tell-dependants.ts";
import { decideHeldUp, leaveOutSteps } from "./workflow-steps.ts";

/** Tasks that are put right in one pass; the rest comes with the next. */
const BATCH = 200;
/** Behind the doorbell. */
const SLOW_POLL_MS = 2_000;
/** A write of our own rings, too: passes keep this distance, whatever rings. */
const PASS_DISTANCE_MS = 100;
/** A task's end may be written down this long after its time was read: who writes it waits for the store's lock. */
const LATE_MS = 10_000;

export interface SchedulerEvent {
  kind: "started" | "ended";
  /** As it stands now. */
  task: Task;
}

/**
 * Runs the queue: decides what starts, and takes each try that is under way through its steps. Any number of processes may
 * have one; the one that has the duty works, the others take over when it is dead. All that it knows is in the store.
 */
export class Scheduler {
  readonly #ports: SchedulerPorts;
  readonly #onEvent: (event: SchedulerEvent) => void;
  readonly #token: string;
  readonly #driven = new Map<string, Promise<void>>();
  /** Failures up to then have been told to the tasks that need them. Epoch ms. */
  #toldUntil = 0;
  /** The same, for the conditions of workflows' steps. */
  #decidedUntil = 0;

  constructor(ports: SchedulerPorts, onEvent: (event: SchedulerEvent) => void = () => undefined) {
    this.#ports = ports;
    this.#onEvent = onEvent;
    this.#token = ports.ids.next("nce");
  }

  /** Works until the signal aborts. Never throws: what goes wrong is logged, and tried again. */
  async run(): Promise<void> {
    const { clock, signal, logger } = this.#ports;
    try {
      while (!signal.aborted) {
        try {
          await this.#untilNext(async () => ((await this.lead()) ? this.#work() : SLOW_POLL_MS / 2));
        } catch (thrown) {
          if (signal.aborted) break;
          logger.warn("scheduler.pass-failed", { error: toAppError(thrown).message });
          await clock.sleep(SLOW_POLL_MS, signal).catch(() => undefined);
        }
      }
    } finally {
      await Promise.all(this.#driven.values());
      await this.#ports.store.duties.leave(SCHEDULER_DUTY, this.#token).catch(() => undefined);
    }
  }

  /** True when this process has the duty, from now on or already. */
  lead(): Promise<boolean> {
    const { store, processes } = this.#ports;
    return store.duties.take(SCHEDULER_DUTY, { ...processes.self(), token: this.#token }, (holder) =>
      processes.isAlive(holder),
    );
  }

  /** Decides once what starts now; returns the tasks under way. */
  async pass(): Promise<Task[]> {
    const { store, settingsSource, clock } = this.#ports;
    await this.#putRight();
    await this.#tellOfFailures();
    await this.#decideConditions();
    const open = await store.tasks.withOpenAttempt();
    const { autoStart, maxRunningTasks } = settingsSource.current();
    const free = (maxRunningTasks ?? 2) - open.length;
    if (!autoStart || free <= 0) return open;
    const startable = await leaveOutSteps(store, await store.tasks.startable(clock.now(), free), clock.now());
    if (startable.length === 0) return open;
    const decisions = plan(await readSituation(this.#ports, startable, { free, open }));
    let hasStarted = false;
    for (const decision of decisions) if (await this.#carryOut(decision)) hasStarted = true;
    return hasStarted ? store.tasks.withOpenAttempt() : open;
  }

  /** Does the work, and rests until the store changes or for as long as the work says. A ring during the work counts. */
  async #untilNext(work: () => Promise<number>): Promise<void> {
    const { clock, doorbell, signal } = this.#ports;
    const done = new AbortController();
    const until = AbortSignal.any([signal, done.signal]);
    const ring = doorbell.wait(SLOW_POLL_MS, until);
    // It may be over before anybody waits for it.
    ring.catch(() => undefined);
    try {
      const startedAt = clock.monotonic();
      const restMs = await work();
      await clock.sleep(Math.max(0, PASS_DISTANCE_MS - (clock.monotonic() - startedAt)), signal);
      const rest = clock.sleep(restMs, until);
      rest.catch(() => undefined);
      await Promise.race([ring, rest]);
    } finally {
      done.abort();
      await Promise.allSettled([ring]);
    }
  }

  async #work(): Promise<number> {
    const { store, clock } = this.#ports;
    for (const task of await this.pass()) this.#drive(task);
    const next = await store.tasks.nextStartAt(clock.now());
    return Math.min(SLOW_POLL_MS, Math.max(0, (next ?? Number.POSITIVE_INFINITY) - clock.now()));
  }

  /** Tasks whose needs are done since, or were changed. */
  async #putRight(): Promise<void> {
    const { tasks } = this.#ports.store;
    for (const task of await tasks.misplaced(BATCH)) {
      if (task.state === "blocked") {
        const change = {
          state: "queued" as const,
          because: "it waits for its turn",
          queuedAt: this.#ports.clock.now(),
        };
        await tasks.update(task.id, change, ["blocked"]);
      } else {
        const names = await Promise.all(
          (await tasks.unmetNeeds(task.id)).map(async (id) => (await tasks.get(id)) ?? task),
        );
        const because = `it needs ${names.map(taskName).join(", ")}`;
        await tasks.update(task.id, { state: "blocked", because, queuedAt: null }, ["queued"]);
      }
    }
  }

  /** Those that a person has cancelled, and those that ended while nobody ran the queue. */
  async #tellOfFailures(): Promise<void> {
    const { store, clock } = this.#ports;
    // What ends in the very millisecond of this look is looked at again.
    const lookedAt = clock.now();
    for (const need of await store.tasks.blockers(this.#toldUntil)) await tellDependants(store, need);
    this.#toldUntil = lookedAt;
  }

  /** Steps of workflows that wait for what will never be done: each is looked at when something of its run has ended. */
  async #decideConditions(): Promise<void> {
    const { store, clock } = this.#ports;
    const lookedAt = clock.now();
    await decideHeldUp(store, this.#decidedUntil, lookedAt);
    this.#decidedUntil = lookedAt - LATE_MS;
  }

  async #carryOut(decision: Decision): Promise<boolean> {
    const { store } = this.#ports;
    const { task, because } = decision;
    switch (decision.kind) {
      case "start":
        try {
          if (!(await beginTry(this.#ports, decision))) return false;
          this.#announce("started", await store.tasks.get(task.id));
          return true;
        } catch (thrown) {
          const error = toAppError(thrown);
          if (error.kind === "cancelled" || error.kind === "internal" || error.code.startsWith("STORE_")) throw error;
          await giveUp(this.#ports, task, error.message);
          return false;
        }
      case "wait":
        if (task.because !== because) await store.tasks.update(task.id, { because }, ["queued"]);
        return false;
      case "give-up":
        await giveUp(this.#ports, task, because);
        return false;
    }
  }

  #drive(task: Task): void {
    if (this.#driven.has(task.id)) return;
    const driving = driveTry(this.#ports, task.id)
      .then((ended) => this.#announce("ended", ended))
      .finally(() => this.#driven.delete(task.id));
    this.#driven.set(task.id, driving);
  }

  #announce(kind: SchedulerEvent["kind"], task: Task | undefined): void {
    if (task) this.#onEvent({ kind, task });
  }
}
