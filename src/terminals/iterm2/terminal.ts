import type { TerminalRef } from "../../core/agent.ts";
import type { Iterm2Client } from "./client/client.ts";
import { isMissing } from "./failure.ts";
import { isTag, type TerminalFiles, terminalFiles } from "./files.ts";
import { isRunning, terminalGone } from "./life.ts";
import type { Iterm2Link } from "./link.ts";
import { locate } from "./locate.ts";
import type { Iterm2Options } from "./options.ts";
import { readRecord, type TerminalRecord } from "./record.ts";
import type { SessionRow } from "./session-row.ts";

export interface Terminal {
  ref: TerminalRef;
  files: TerminalFiles;
  record: TerminalRecord;
}

/** What we know of a terminal; undefined when it was closed, or never opened. Asks nobody. */
export function terminalOf({ home }: Pick<Iterm2Options, "home">, ref: TerminalRef): Terminal | undefined {
  if (!isTag(ref.tag)) return undefined;
  const files = terminalFiles(home, ref.tag);
  const record = readRecord(files);
  return record && { ref, files, record };
}

export interface SessionOptions {
  /** The program must still run. */
  needsProgram?: boolean;
  signal?: AbortSignal | undefined;
}

/**
 * Does something with the session that is this terminal now.
 * @throws TERMINAL_GONE when there is none any more, or `needsProgram` and the program has ended
 */
export async function inSession<T>(
  link: Iterm2Link,
  options: Iterm2Options,
  ref: TerminalRef,
  { needsProgram, signal }: SessionOptions,
  work: (client: Iterm2Client, session: SessionRow, terminal: Terminal) => Promise<T>,
): Promise<T> {
  const terminal = terminalOf(options, ref);
  if (!terminal) throw terminalGone(ref);
  const runs = isRunning(options.processes, terminal.files, terminal.record);
  if (needsProgram && !runs) throw terminalGone(ref);
  return link.use(async (client) => {
    const session = await sessionOf(client, options, terminal, signal);
    if (!session) throw terminalGone(ref);
    try {
      return await work(client, session, terminal);
    } catch (error) {
      throw isMissing(error) ? terminalGone(ref) : error;
    }
  });
}

export async function sessionOf(
  client: Iterm2Client,
  { processes }: Pick<Iterm2Options, "processes">,
  { ref, files, record }: Terminal,
  signal?: AbortSignal,
): Promise<SessionRow | undefined> {
  return locate({ client, processes, signal }, { tag: ref.tag, files, record, id: ref.id });
}
