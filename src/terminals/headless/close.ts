import { rm } from "node:fs/promises";
import type { TerminalRef } from "../../core/agent.ts";
import { hasReader } from "./fifo.ts";
import type { HeadlessFiles } from "./files.ts";
import { filesOf, holderOf, isHeld, pidOf } from "./life.ts";
import type { HeadlessOptions } from "./options.ts";

/** Claude Code needs up to 500 ms to end by itself (claude-code-facts §10). */
const GRACE_MS = 3_000;
const KILL_MS = 2_000;
const POLL_MS = 10;

/** Asks the program to end, ends it with its whole group after 3 s, and removes everything that belongs to the terminal. */
export async function closeHeadless(options: HeadlessOptions, ref: TerminalRef, signal?: AbortSignal): Promise<void> {
  const files = filesOf(options, ref.tag);
  if (!files) return;
  const { pid } = pidOf(files);
  if (pid !== undefined && hasReader(files.input)) options.processes.kill(pid, "SIGTERM");
  if (!(await untilEnded(options, files, GRACE_MS, signal))) {
    const holder = holderOf(files);
    if (holder && options.processes.isAlive(holder)) options.processes.kill(holder.pid, "SIGKILL", { group: true });
    if (pid !== undefined && hasReader(files.input)) options.processes.kill(pid, "SIGKILL");
    await untilEnded(options, files, KILL_MS, signal);
  }
  await rm(files.folder, { recursive: true, force: true, maxRetries: 3 });
}

async function untilEnded(
  options: HeadlessOptions,
  files: HeadlessFiles,
  maxMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const deadline = options.clock.monotonic() + maxMs;
  while (hasReader(files.input) || isHeld(options, files)) {
    if (options.clock.monotonic() >= deadline) return false;
    await options.clock.sleep(POLL_MS, signal);
  }
  return true;
}
