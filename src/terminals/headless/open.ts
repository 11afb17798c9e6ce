import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { OpenRequest } from "../../core/ports/terminal-backend.ts";
import { hasReader } from "./fifo.ts";
import { type HeadlessFiles, headlessFiles, isTag } from "./files.ts";
import { HOLDER_SCRIPT } from "./holder-script.ts";
import { exitCodeOf, pidOf } from "./life.ts";
import type { HeadlessOptions } from "./options.ts";

const POLL_MS = 2;

/**
 * Starts the program under a holder of its own and returns once it reads its input, or has ended already. Layout, title
 * and group have no meaning: nothing is shown anywhere.
 */
export async function openHeadless(options: HeadlessOptions, request: OpenRequest): Promise<TerminalRef> {
  if (!isTag(request.tag)) throw new AppError("INTERNAL", `${JSON.stringify(request.tag)} cannot be a terminal's tag`);
  const files = headlessFiles(options.home, request.tag);
  await mkdir(dirname(files.folder), { recursive: true, mode: 0o700 });
  await mkdir(files.folder, { mode: 0o700 });
  try {
    await makeFifo(options, files);
    await Promise.all([
      writeFile(files.output, "", { mode: 0o600 }),
      writeFile(files.errors, "", { mode: 0o600 }),
      writeFile(files.script, HOLDER_SCRIPT, { mode: 0o600 }),
    ]);
    const holder = await options.processes.detach("/bin/sh", [files.script, files.folder, request.launcher], {
      cwd: request.cwd,
      // The launcher brings the agent's own environment; programs that ask for a terminal shall find a plain one.
      env: { PATH: options.searchPath, TERM: "dumb" },
    });
    await writeFile(`${files.holder}.new`, JSON.stringify(holder), { mode: 0o600 });
    await rename(`${files.holder}.new`, files.holder);
  } catch (error) {
    await rm(files.folder, { recursive: true, force: true });
    throw error;
  }
  await started(options, files);
  return { backend: "headless", tag: request.tag, id: request.tag };
}

async function makeFifo({ processes, searchPath, timeoutMs }: HeadlessOptions, files: HeadlessFiles): Promise<void> {
  const made = await processes.run("mkfifo", ["-m", "600", files.input], { env: { PATH: searchPath }, timeoutMs });
  if (made.exitCode === 0) return;
  throw new AppError("BACKEND_COMMAND_FAILED", `mkfifo failed: ${made.stderr.trim() || made.reason}`, {
    details: { command: "mkfifo", reason: made.reason, exitCode: made.exitCode },
  });
}

/** Not cancellable: the program runs already, and half a start would be a program that nobody closes. */
async function started({ clock, timeoutMs }: HeadlessOptions, files: HeadlessFiles): Promise<void> {
  const deadline = clock.monotonic() + timeoutMs;
  while (!isStarted(files) && exitCodeOf(files) === undefined) {
    if (clock.monotonic() >= deadline) {
      throw new AppError("BACKEND_COMMAND_FAILED", "The holder of a headless terminal did not start its program");
    }
    await clock.sleep(POLL_MS);
  }
}

/** The FIFO has a reader some milliseconds before the program has written down its pid. */
function isStarted(files: HeadlessFiles): boolean {
  return hasReader(files.input) && pidOf(files).pid !== undefined;
}
