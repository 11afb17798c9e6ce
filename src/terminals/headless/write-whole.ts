import { closeSync, readFileSync, writeSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import type { TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import { openForWriting } from "./fifo.ts";
import type { HeadlessFiles } from "./files.ts";
import { terminalGone } from "./life.ts";
import type { HeadlessOptions } from "./options.ts";

/** PIPE_BUF at its smallest (POSIX, macOS). A write of up to this many bytes is done as a whole or not at all. */
const ATOMIC_BYTES = 512;
const POLL_MS = 4;

/**
 * Writes all of it, however much faster than the program reads. A line that stops in the middle would end Claude Code
 * as soon as the next one follows ("Error parsing streaming input line", 2.1.197 and 2.1.330). So where a program stops
 * reading in the middle, the rest is kept and goes out before the next text; and where a writer died in the middle,
 * nothing more is written.
 * @throws TERMINAL_GONE when nobody reads, BACKEND_COMMAND_FAILED when the program does not read for `timeoutMs`
 */
export async function writeWhole(
  options: HeadlessOptions,
  files: HeadlessFiles,
  text: Buffer,
  ref: TerminalRef,
): Promise<void> {
  const data = Buffer.concat([restOf(files, ref), text]);
  const fifo = openForWriting(files.input);
  if (fifo === undefined) throw terminalGone(ref);
  try {
    if (data.length > ATOMIC_BYTES) await note(files, null);
    const written = await push(options, fifo, data, ref);
    if (written === 0) throw await withdrawn(files, text, data);
    if (written < data.length) {
      await note(files, data.subarray(written));
      throw doesNotRead(ref, "the rest of the text follows with the next one");
    }
    await rm(files.unfinished, { force: true });
  } finally {
    closeSync(fifo);
  }

  /** Nothing of this text went out: what had been kept before stays kept. */
  async function withdrawn(of: HeadlessFiles, own: Buffer, all: Buffer): Promise<AppError> {
    const kept = all.subarray(0, all.length - own.length);
    if (kept.length > 0) await note(of, kept);
    else await rm(of.unfinished, { force: true });
    return doesNotRead(ref, "nothing was sent");
  }
}

/** How much went out before the program stopped reading for the bound. */
async function push(options: HeadlessOptions, fifo: number, data: Buffer, ref: TerminalRef): Promise<number> {
  const { clock, timeoutMs } = options;
  let written = 0;
  let deadline = clock.monotonic() + timeoutMs;
  while (written < data.length) {
    const count = tryWrite(fifo, data.subarray(written), ref);
    written += count;
    if (count > 0) deadline = clock.monotonic() + timeoutMs;
    else if (clock.monotonic() >= deadline) break;
    else await clock.sleep(POLL_MS);
  }
  return written;
}

function tryWrite(fifo: number, data: Buffer, ref: TerminalRef): number {
  try {
    return writeSync(fifo, data);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EAGAIN") return 0;
    if (code === "EPIPE") throw terminalGone(ref);
    throw error;
  }
}

/** What an earlier text still owes. */
function restOf(files: HeadlessFiles, ref: TerminalRef): Buffer {
  let text: string;
  try {
    text = readFileSync(files.unfinished, "utf8");
  } catch {
    return Buffer.alloc(0);
  }
  const { rest } = JSON.parse(text) as { rest: string | null };
  if (rest !== null) return Buffer.from(rest, "base64");
  throw new AppError("BACKEND_COMMAND_FAILED", "A writer died in the middle of a text for this agent", {
    hint: "Start it anew, with its conversation: claude-orch agent clear, then claude-orch agent start --resume.",
    details: { terminal: ref.tag },
  });
}

/** null: how far the writer got, nobody would know after its death. */
async function note(files: HeadlessFiles, rest: Buffer | null): Promise<void> {
  await writeFile(files.unfinished, JSON.stringify({ rest: rest?.toString("base64") ?? null }), { mode: 0o600 });
}

function doesNotRead(ref: TerminalRef, consequence: string): AppError {
  return new AppError("BACKEND_COMMAND_FAILED", `The program does not read its input; ${consequence}`, {
    details: { terminal: ref.tag },
  });
}
