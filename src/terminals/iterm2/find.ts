import { rm, stat } from "node:fs/promises";
import type { TerminalRef } from "../../core/agent.ts";
import { setVariables } from "./client/variables.ts";
import { isAbsent, isMissing } from "./failure.ts";
import { isRunning } from "./life.ts";
import type { Iterm2Link } from "./link.ts";
import type { Iterm2Options } from "./options.ts";
import { writeRecord } from "./record.ts";
import { TAG_VARIABLE } from "./session-row.ts";
import { sessionOf, type Terminal, terminalOf } from "./terminal.ts";

/** Longer than any start takes, so that what is left of one that was cut short is told from one under way. */
const START_MS = 60_000;

/** The terminal with this tag, under the id that its session has now; a mark that was lost is renewed. */
export async function findTerminal(
  link: Iterm2Link,
  options: Iterm2Options,
  tag: string,
  signal?: AbortSignal,
): Promise<TerminalRef | undefined> {
  const terminal = terminalOf(options, { backend: "iterm2", tag, id: "" });
  if (!terminal) return undefined;
  const runs = isRunning(options.processes, terminal.files, terminal.record);
  const session = await link.use(async (client) => {
    const found = await sessionOf(client, options, terminal, signal).catch((error) => {
      // Nothing is lost while its program runs: iTerm2 may be back soon.
      if (isAbsent(error) && !runs) return undefined;
      throw error;
    });
    if (found && found.tag !== tag) {
      await setVariables(client, { sessionId: found.id }, { [TAG_VARIABLE]: tag }).catch((error) => {
        if (!isMissing(error)) throw error;
      });
    }
    return found;
  });
  if (session) await remember(options, terminal, session);
  else if (!runs) await forgetCutShort(options, terminal);
  return session && { backend: "iterm2", tag, id: session.id };
}

/** What whoever opened it could not write down any more. */
async function remember(
  options: Iterm2Options,
  { files, record }: Terminal,
  session: { id: string; pid: number | undefined },
): Promise<void> {
  const { pid } = session;
  if (record.session === session.id && (record.sessionPid === pid || pid === undefined)) return;
  const holder = record.holder ?? (pid === undefined ? undefined : options.processes.identify(pid));
  const known = { ...(pid === undefined ? {} : { sessionPid: pid }), ...(holder ? { holder } : {}) };
  const changed = { ...record, session: session.id, ...(record.adopted ? {} : known) };
  await writeRecord(files, changed, options).catch((error: NodeJS.ErrnoException) => {
    // Closed meanwhile: nobody needs to know any more.
    if (error.code !== "ENOENT") throw error;
  });
}

/** Whoever opened it died before iTerm2 did anything: nothing is left to close. */
async function forgetCutShort({ clock }: Iterm2Options, { files }: Terminal): Promise<void> {
  const since = await stat(files.folder).then(
    ({ mtimeMs }) => mtimeMs,
    () => clock.now(),
  );
  if (clock.now() - since > START_MS) await rm(files.folder, { recursive: true, force: true });
}
