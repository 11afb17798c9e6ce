import type { ProcessRunner } from "../../core/ports/process-runner.ts";
import { ancestors } from "../ancestors.ts";
import type { Iterm2Client } from "./client/client.ts";
import { getProfileProperties } from "./client/profile.ts";
import { isVague } from "./client/vague-id.ts";
import { commandLine } from "./command-line.ts";
import { isMissing } from "./failure.ts";
import type { TerminalFiles } from "./files.ts";
import { holderOf, holdersSession } from "./life.ts";
import type { TerminalRecord } from "./record.ts";
import { readSession, readSessions, type SessionRow } from "./session-row.ts";

export interface Wanted {
  tag: string;
  files: TerminalFiles;
  record: TerminalRecord;
  /** Where it was last. */
  id: string;
}

interface Search {
  client: Iterm2Client;
  processes: ProcessRunner;
  signal?: AbortSignal | undefined;
}

/**
 * The session that is this terminal now, whatever its id became: a restart of iTerm2 gives sessions new ids, or an old id
 * to another session, and may lose our mark (iterm2-facts §5). In order: the session with the stored id, the one that the
 * holder found itself in, any session that carries the tag or runs the holder, any session that was told to run our script.
 */
export async function locate(search: Search, wanted: Wanted): Promise<SessionRow | undefined> {
  const { client, signal } = search;
  const hints = new Set([wanted.id, wanted.record.session ?? "", holdersSession(wanted.files) ?? ""]);
  for (const id of hints) {
    if (isVague(id)) continue;
    const row = await readSession(client, id, signal);
    if (row && isThis(search, wanted, row)) return row;
  }
  const rows = await readSessions(client, signal);
  return rows.find((row) => isThis(search, wanted, row)) ?? (await byCommand(search, wanted, rows));
}

/**
 * Whether a session is this terminal. The pid decides where it is known: a restored pane may hold a new program. Without
 * our mark it counts only while its process is provably ours: pids are used again.
 */
export function isThis(
  { processes }: Pick<Search, "processes">,
  { tag, record, files }: Wanted,
  row: SessionRow,
): boolean {
  if (row.tag !== undefined && row.tag !== tag) return false;
  const program = record.adopted ?? holderOf(files, record);
  if (row.tag === undefined && !(program && processes.isAlive(program))) return false;
  if (row.pid === undefined) return row.tag === tag;
  if (record.sessionPid !== undefined) return row.pid === record.sessionPid;
  if (!program) return row.tag === tag;
  return row.pid === program.pid || ancestors(processes, program.pid).includes(row.pid);
}

/** Created, but neither marked nor started yet; or ended, with the mark lost. */
async function byCommand(
  { client, signal }: Search,
  { files, record }: Wanted,
  rows: readonly SessionRow[],
): Promise<SessionRow | undefined> {
  if (record.adopted) return undefined;
  const command = commandLine(files.script);
  for (const row of rows.filter(({ tag }) => tag === undefined)) {
    if (row.pid !== undefined && record.sessionPid !== undefined && row.pid !== record.sessionPid) continue;
    const profile = await profileOf(client, row.id, signal);
    if (profile.Command === command && profile["Custom Command"] === "Yes") return row;
  }
  return undefined;
}

async function profileOf(client: Iterm2Client, id: string, signal?: AbortSignal) {
  try {
    return await getProfileProperties(client, id, ["Command", "Custom Command"], { signal });
  } catch (error) {
    if (isMissing(error)) return {};
    throw error;
  }
}
