import { closeSync, constants, openSync, readdirSync, writeSync } from "node:fs";
import { link, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Ids } from "../../core/ports/ids.ts";
import { writePrivateFile } from "../launch/private-file.ts";

/** What became of an answer: `beaten` when another one was there first, `gone` when nobody waits for it any more. */
export type HandOver = "taken" | "beaten" | "gone";

/**
 * Gives the hook that waits what it shall print (launch/hook-commands.ts). The answer stands complete in its file before
 * the FIFO is rung, so that its size does not matter, and only one answer can become that file.
 */
export async function handOver(folder: string, waiter: string, output: string, ids: Ids): Promise<HandOver> {
  const bell = openBell(join(folder, waiter));
  if (bell === undefined) return "gone";
  const file = `${join(folder, waiter)}.json`;
  const draft = `${file}.${ids.next("nce")}`;
  try {
    await writePrivateFile(draft, output);
    const isFirst = await linkNew(draft, file);
    // Also when another was first: if it died before it rang, its answer is handed over now.
    if (ring(bell)) return isFirst ? "taken" : "beaten";
    if (isFirst) await rm(file, { force: true });
    return "gone";
  } finally {
    closeSync(bell);
    await rm(draft, { force: true });
  }
}

/** Does a hook of this name wait? Costs an open and a close. */
export function isWaiting(folder: string, waiter: string): boolean {
  const bell = openBell(join(folder, waiter));
  if (bell === undefined) return false;
  closeSync(bell);
  return true;
}

/** A hook is given this long from making its FIFO to waiting and to being seen in the spool, in milliseconds. */
const BIRTH_MS = 5000;

/**
 * Ends the wait of every hook that nobody asks any more (Claude Code leaves it waiting when a person said yes in the
 * terminal: seen in 2.1.197 and 2.1.330) and removes what hooks that were killed left behind. A hook ends without a word
 * then, which changes nothing.
 */
export async function releaseWaiters(folder: string, isAsked: (waiter: string) => boolean, now: number): Promise<void> {
  for (const name of namesIn(folder)) {
    const file = join(folder, name);
    const [waiter = ""] = name.split(".", 1);
    if (isAsked(waiter)) continue;
    const age = await stat(file).then(
      ({ ctimeMs }) => now - ctimeMs,
      () => 0,
    );
    if (age < BIRTH_MS) continue;
    const bell = name === waiter ? openBell(file) : undefined;
    if (bell === undefined) {
      await rm(file, { force: true });
    } else {
      ring(bell);
      closeSync(bell);
    }
  }
}

/** Read at once, like other small things that every look at an agent needs: mostly there is nothing. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Undefined when nobody has the FIFO open for reading, or there is none: then nothing is waited for. */
function openBell(fifo: string): number | undefined {
  try {
    return openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENXIO" || code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** False when the reader went away in the meantime. */
function ring(bell: number): boolean {
  try {
    writeSync(bell, "\n");
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EPIPE") return false;
    throw error;
  }
}

async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    throw error;
  }
}
