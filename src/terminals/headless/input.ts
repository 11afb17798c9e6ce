import { throwIfAborted } from "../../core/abort.ts";
import type { TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { InputStep } from "../../core/ports/terminal-backend.ts";
import { withLock } from "../lock.ts";
import { hasReader } from "./fifo.ts";
import { filesOf, terminalGone } from "./life.ts";
import type { HeadlessOptions } from "./options.ts";
import { writeWhole } from "./write-whole.ts";

/**
 * Writes texts to the program's standard input; Enter is a line feed. What stands between two pauses is one write, and
 * one writer at a time over all processes: the program reads lines, and two of them must not mix.
 */
export async function performInput(
  options: HeadlessOptions,
  ref: TerminalRef,
  steps: readonly InputStep[],
  signal?: AbortSignal,
): Promise<void> {
  const parts = steps.map(partOf);
  if (!filesOf(options, ref.tag)) throw terminalGone(ref);
  for (const burst of burstsOf(parts)) {
    throwIfAborted(signal);
    if (typeof burst === "number") await options.clock.sleep(burst, signal);
    else await write(options, ref, burst, signal);
  }
}

async function write(options: HeadlessOptions, ref: TerminalRef, text: string, signal?: AbortSignal): Promise<void> {
  const files = filesOf(options, ref.tag);
  if (!files || !hasReader(files.input)) throw terminalGone(ref);
  try {
    await withLock(files.lock, options, () => writeWhole(options, files, Buffer.from(text, "utf8"), ref), signal);
  } catch (error) {
    // Closed while we waited for the lock, which lay in its folder.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw terminalGone(ref);
    throw error;
  }
}

/** A text to write, or a pause in milliseconds. */
type Part = string | number;

function partOf(step: InputStep): Part {
  switch (step.kind) {
    case "text":
      return step.text;
    case "pause":
      return step.ms;
    case "keys":
      return step.keys.map(lineFeedOf).join("");
  }
}

function lineFeedOf(key: string): string {
  if (key === "Enter") return "\n";
  throw new AppError("UNSUPPORTED_BY_BACKEND", `A headless agent has no keyboard: ${key} cannot be pressed`, {
    details: { key },
  });
}

function burstsOf(parts: readonly Part[]): Part[] {
  const bursts: Part[] = [];
  for (const part of parts) {
    const last = bursts.at(-1);
    if (typeof part === "string" && typeof last === "string") bursts[bursts.length - 1] = last + part;
    else bursts.push(part);
  }
  return bursts.filter((burst) => burst !== "" && burst !== 0);
}
