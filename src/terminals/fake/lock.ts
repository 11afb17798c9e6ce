import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { AppError } from "../../core/errors.ts";
import type { ProcessIdentity } from "../../core/ports/process-runner.ts";
import type { FakeOptions } from "./options.ts";

const POLL_MS = 2;

/**
 * Runs `work` while no other process (or other part of this one) holds the lock file. A holder that died is replaced.
 * @throws BACKEND_COMMAND_FAILED when the lock stays taken, CANCELLED
 */
export async function withLock<T>(
  path: string,
  options: FakeOptions,
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

async function acquire(path: string, options: FakeOptions, signal?: AbortSignal): Promise<void> {
  const { clock, processes, ids } = options;
  const own = `${path}.${ids.random(6).toString("hex")}`;
  const deadline = clock.monotonic() + options.timeoutMs;
  // Written before it is linked, so that nobody sees a lock that does not say whose it is.
  await writeFile(own, JSON.stringify(processes.self()), { mode: 0o600 });
  try {
    while (!(await take(own, path))) {
      if (await isAbandoned(path, options)) await removeAbandoned(path, `${own}.old`, options);
      else if (clock.monotonic() >= deadline) {
        throw new AppError("BACKEND_COMMAND_FAILED", "Another process keeps working on this fake terminal");
      } else await clock.sleep(POLL_MS, signal);
    }
  } finally {
    await rm(own, { force: true });
  }
}

async function take(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isAbandoned(path: string, { processes }: FakeOptions): Promise<boolean> {
  try {
    return !processes.isAlive(JSON.parse(await readFile(path, "utf8")) as ProcessIdentity);
  } catch {
    // Released between the two looks.
    return false;
  }
}

/** Moves it away first: two that found it abandoned must not remove the lock that one of them has taken since. */
async function removeAbandoned(path: string, aside: string, options: FakeOptions): Promise<void> {
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  if (!(await isAbandoned(aside, options))) await take(aside, path);
  await rm(aside, { force: true });
}
