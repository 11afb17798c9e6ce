import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import { ancestors } from "../ancestors.ts";
import { setVariables } from "./client/variables.ts";
import { isTag, terminalFiles } from "./files.ts";
import type { Iterm2Link } from "./link.ts";
import type { Iterm2Options } from "./options.ts";
import { writeRecord } from "./record.ts";
import { readSessions, type SessionRow, TAG_VARIABLE } from "./session-row.ts";

/**
 * The session that a person's program runs in; undefined when none holds it. With a tag, the session is marked, and the
 * program written down: what else runs in there is the person's own.
 */
export async function adoptSession(
  link: Iterm2Link,
  { home, processes, ids }: Iterm2Options,
  pid: number,
  tag: string | null,
  signal?: AbortSignal,
): Promise<TerminalRef | undefined> {
  if (tag !== null && !isTag(tag)) throw new AppError("INTERNAL", `${JSON.stringify(tag)} cannot be a terminal's tag`);
  const program = processes.identify(pid);
  if (!program) return undefined;
  const line = [pid, ...ancestors(processes, pid)];
  return link.use(async (client) => {
    const session = (await readSessions(client, signal)).find((row) => holds(row, line));
    if (!session) return undefined;
    if (tag === null) return { backend: "iterm2", tag: "", id: session.id };
    const files = terminalFiles(home, tag);
    await mkdir(dirname(files.folder), { recursive: true, mode: 0o700 });
    await mkdir(files.folder, { mode: 0o700 });
    try {
      const known = session.pid === undefined ? {} : { sessionPid: session.pid };
      await writeRecord(files, { group: null, session: session.id, adopted: program, ...known }, { ids });
      await setVariables(client, { sessionId: session.id }, { [TAG_VARIABLE]: tag });
    } catch (error) {
      await rm(files.folder, { recursive: true, force: true });
      throw error;
    }
    return { backend: "iterm2", tag, id: session.id };
  });
}

/** Sessions that were not opened for an agent: what runs below an agent is that agent's own doing. */
function holds({ tag, pid, jobPid, info }: SessionRow, line: readonly number[]): boolean {
  if (tag !== undefined || info?.isTmux) return false;
  return (pid !== undefined && line.includes(pid)) || (jobPid !== undefined && line.includes(jobPid));
}
