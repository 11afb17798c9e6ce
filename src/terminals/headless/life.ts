import { existsSync, statSync } from "node:fs";
import type { TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { ProcessIdentity } from "../../core/ports/process-runner.ts";
import type { TerminalStatus } from "../../core/ports/terminal-backend.ts";
import { numberIn, textIn } from "../small-file.ts";
import { hasReader } from "./fifo.ts";
import { type HeadlessFiles, headlessFiles, isTag } from "./files.ts";
import type { HeadlessOptions } from "./options.ts";

/** The program is gone some milliseconds before its holder has written down how it ended. */
const EXIT_LAG_MS = 500;
const POLL_MS = 5;

/** The files of a terminal that exists or existed; undefined when it was closed or never opened. */
export function filesOf(options: HeadlessOptions, tag: string): HeadlessFiles | undefined {
  if (!isTag(tag)) return undefined;
  const files = headlessFiles(options.home, tag);
  return existsSync(files.folder) ? files : undefined;
}

/**
 * What became of a program. Without an exit code, without a reader and without a holder the machine was restarted, or
 * somebody ended holder and program together: then the terminal is gone, though its folder stays until it is closed.
 */
export async function statusOf(options: HeadlessOptions, ref: TerminalRef): Promise<TerminalStatus> {
  const files = filesOf(options, ref.tag);
  if (!files) return NO_TERMINAL;
  const deadline = options.clock.monotonic() + EXIT_LAG_MS;
  for (;;) {
    if (isRunning(options, files)) return { exists: true, isRunning: true, ...pidOf(files) };
    const exitCode = exitCodeOf(files);
    if (exitCode !== undefined) return { exists: true, isRunning: false, exitCode };
    if (!isHeld(options, files)) {
      // It may have written the code and left between the two looks.
      const last = exitCodeOf(files);
      return last === undefined ? NO_TERMINAL : { exists: true, isRunning: false, exitCode: last };
    }
    if (options.clock.monotonic() >= deadline) return { exists: true, isRunning: false };
    await options.clock.sleep(POLL_MS);
  }
}

/**
 * Somebody reads its input, and its process is no corpse: the threads of a killed Claude Code hold the FIFO open for some
 * more milliseconds, and a tool that outlives it may for good.
 */
function isRunning({ processes }: HeadlessOptions, files: HeadlessFiles): boolean {
  if (!hasReader(files.input)) return false;
  const { pid } = pidOf(files);
  return pid === undefined || processes.isAlive({ pid, startedAt: "" });
}

const NO_TERMINAL: TerminalStatus = { exists: false, isRunning: false };

/**
 * Did whoever opened this terminal die before its program was started? Found by its tag, it can be closed, and leaves
 * nothing behind. Not while it may still be being opened.
 */
export function isCutShort(options: HeadlessOptions, tag: string): boolean {
  const files = filesOf(options, tag);
  if (!files || holderOf(files) !== undefined) return false;
  return options.clock.now() - statSync(files.folder).mtimeMs > options.timeoutMs;
}

export function isHeld({ processes }: HeadlessOptions, files: HeadlessFiles): boolean {
  const holder = holderOf(files);
  return holder !== undefined && processes.isAlive(holder);
}

export function holderOf(files: HeadlessFiles): ProcessIdentity | undefined {
  const text = textIn(files.holder);
  return text === undefined ? undefined : (JSON.parse(text) as ProcessIdentity);
}

export function pidOf(files: HeadlessFiles): { pid?: number } {
  const pid = numberIn(files.pid);
  return pid === undefined ? {} : { pid };
}

export function exitCodeOf(files: HeadlessFiles): number | undefined {
  return numberIn(files.exit);
}

export function terminalGone(ref: TerminalRef): AppError {
  return new AppError("TERMINAL_GONE", `No program runs in headless terminal ${ref.tag}`, {
    details: { terminal: ref.tag },
  });
}
