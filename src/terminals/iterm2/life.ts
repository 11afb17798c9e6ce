import type { TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { ProcessIdentity, ProcessRunner } from "../../core/ports/process-runner.ts";
import { numberIn, textIn } from "../small-file.ts";
import type { TerminalFiles } from "./files.ts";
import type { TerminalRecord } from "./record.ts";

/** Is the program of this terminal running? From its holder, without asking iTerm2. */
export function isRunning(
  processes: Pick<ProcessRunner, "isAlive">,
  files: TerminalFiles,
  record: TerminalRecord,
): boolean {
  if (record.adopted) return processes.isAlive(record.adopted);
  if (exitCodeOf(files) !== undefined) return false;
  const holder = holderOf(files, record);
  return holder !== undefined && processes.isAlive(holder);
}

/** The shell that waits for the program. Until the record tells its start time, the pid alone must do. */
export function holderOf(files: TerminalFiles, record: TerminalRecord): ProcessIdentity | undefined {
  if (record.holder) return record.holder;
  const pid = numberIn(files.holder);
  return pid === undefined ? undefined : { pid, startedAt: "" };
}

/** Id of the iTerm2 session that the holder found itself in (`w0t1p0:<UUID>`). */
export function holdersSession(files: TerminalFiles): string | undefined {
  return /:([0-9A-F-]{36})\s*$/i.exec(textIn(files.holder) ?? "")?.[1];
}

export function programPid(files: TerminalFiles): number | undefined {
  return numberIn(files.pid);
}

export function exitCodeOf(files: TerminalFiles): number | undefined {
  return numberIn(files.exit);
}

export function terminalGone(ref: TerminalRef): AppError {
  return new AppError("TERMINAL_GONE", `The iTerm2 session ${ref.id} is gone, or its program has ended`, {
    details: { terminal: ref.id },
  });
}
