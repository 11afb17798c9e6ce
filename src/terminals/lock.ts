import { link, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { AppError } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Ids } from "../core/ports/ids.ts";
import type { ProcessIdentity, ProcessRunner } from "../core/ports/process-runner.ts";

export interface LockOptions {
  clock: Clock;
  ids: Ids;
  processes: Pick<ProcessRunner, "self" | "isAlive">;
  /** How long to wait for another process that holds it. */
  timeoutMs: number;
}

const POLL_MS = 2;

/**
 * Runs `work` while no other process (or other part of this one) holds the lock file. A holder that died is replaced.
 * @throws BACKEND_COMMAND_FAILED when the lock stays taken, CANCELLED
 */
export async function withLock<T>(
  path: string,
  options: LockOptions,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  await acquire(path, options, signal);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string, options: LockOptions, signal?: AbortSignal): Promise<void> {
  const { clock, processes, ids } = options;
  const own = `${path}.${ids.random(6).toString("hex")}`;
  const deadline = clock.monotonic() + options.timeoutMs;
  // Written before it is linked, so that nobody sees a lock that does not say whose it is.
  await writeFile(own, JSON.stringify(processes.self()), { mode: 0o600 });
  try {
    while (!(await linkNew(own, path))) {
      if (clock.monotonic() >= deadline) {
        throw new AppError("BACKEND_COMMAND_FAILED", "Another process keeps working on this terminal");
      }
      if (await isAbandoned(path, options)) await removeAbandoned(path, options);
      else await clock.sleep(POLL_MS, signal);
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** Links a file to a new name, at once and whole; false when the name is taken. */
export async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isAbandoned(path: string, { processes }: LockOptions): Promise<boolean> {
  try {
    return !processes.isAlive(JSON.parse(await readFile(path, "utf8")) as ProcessIdentity);
  } catch {
    // Released between the two looks.
    return false;
  }
}

/**
 * Removes the lock of a dead process. One remover at a time: another one could have looked at the dead process's lock and
 * then remove that of whoever has taken it since.
 */
async function removeAbandoned(path: string, options: LockOptions): Promise<void> {
  const guard = `${path}.removing`;
  if (!(await enter(guard, options))) return;
  try {
    if (await isAbandoned(path, options)) await rm(path, { force: true });
  } finally {
    await rm(guard, { recursive: true, force: true });
  }
}

/** A remover needs a millisecond: one that stayed this long died in between. */
const GUARD_LIFE_MS = 5_000;

async function enter(guard: string, { clock }: LockOptions): Promise<boolean> {
  try {
    await mkdir(guard, { mode: 0o700 });
    return true;
  } catch {
    const since = await stat(guard).then(
      ({ mtimeMs }) => mtimeMs,
      () => clock.now(),
    );
    if (clock.now() - since > GUARD_LIFE_MS) await rm(guard, { recursive: true, force: true });
    return false;
  }
}
