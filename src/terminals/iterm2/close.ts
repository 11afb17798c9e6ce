import { rm } from "node:fs/promises";
import type { TerminalRef } from "../../core/agent.ts";
import { closeSessions } from "./client/close.ts";
import { setVariables } from "./client/variables.ts";
import { endProgram } from "./end-program.ts";
import { isAbsent, isMissing, toBackendError } from "./failure.ts";
import type { Iterm2Link } from "./link.ts";
import type { Iterm2Options } from "./options.ts";
import { TAG_VARIABLE } from "./session-row.ts";
import { sessionOf, terminalOf } from "./terminal.ts";

/**
 * Ends the program, closes the pane, and forgets the terminal, in this order: a pane that is closed first only disappears,
 * and its program is paused for as long as a person may undo that (5 s), and comes back when they do. A session that a
 * person opened stays; only the program in it is ended.
 */
export async function closeTerminal(
  link: Iterm2Link,
  options: Iterm2Options,
  ref: TerminalRef,
  signal?: AbortSignal,
): Promise<void> {
  const terminal = terminalOf(options, ref);
  if (!terminal) return;
  await endProgram(options, terminal, signal);
  try {
    await link.raw(async (client) => {
      const session = await sessionOf(client, options, terminal, signal);
      if (!session) return;
      if (terminal.record.adopted) await setVariables(client, { sessionId: session.id }, { [TAG_VARIABLE]: null });
      else await closeSessions(client, [session.id]);
    });
  } catch (error) {
    // Where iTerm2 is not there, neither is the pane.
    if (!isAbsent(error) && !isMissing(error)) throw toBackendError(error);
  }
  await rm(terminal.files.folder, { recursive: true, force: true, maxRetries: 3 });
}
