import type { TerminalRef } from "../../core/agent.ts";
import type { TerminalStatus } from "../../core/ports/terminal-backend.ts";
import { isAbsent } from "./failure.ts";
import { exitCodeOf, isRunning, programPid } from "./life.ts";
import type { Iterm2Link } from "./link.ts";
import type { Iterm2Options } from "./options.ts";
import { sessionOf, type Terminal, terminalOf } from "./terminal.ts";

const NO_TERMINAL: TerminalStatus = { exists: false, isRunning: false };

/**
 * Status of each terminal, in order. A running program tells by its holder that its pane is there; iTerm2 is asked, on one
 * connection, only about the others.
 */
export async function statuses(
  link: Iterm2Link,
  options: Iterm2Options,
  refs: readonly TerminalRef[],
  signal?: AbortSignal,
): Promise<TerminalStatus[]> {
  return Promise.all(
    refs.map(async (ref) => {
      const terminal = terminalOf(options, ref);
      return terminal ? statusOf(link, options, terminal, signal) : NO_TERMINAL;
    }),
  );
}

async function statusOf(
  link: Iterm2Link,
  options: Iterm2Options,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<TerminalStatus> {
  const { files, record } = terminal;
  if (isRunning(options.processes, files, record)) {
    const pid = record.adopted?.pid ?? programPid(files);
    return { exists: true, isRunning: true, ...(pid === undefined ? {} : { pid }) };
  }
  const exists = await link.use(async (client) => {
    try {
      return (await sessionOf(client, options, terminal, signal)) !== undefined;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  });
  if (!exists) return NO_TERMINAL;
  return { exists, isRunning: false, ...howItEnded(exitCodeOf(files)) };
}

/** A shell tells a signal as 128 and its number. */
function howItEnded(code: number | undefined): Pick<TerminalStatus, "exitCode" | "exitSignal"> {
  if (code === undefined) return {};
  return code > 128 && code < 128 + 65 ? { exitSignal: code - 128 } : { exitCode: code };
}
