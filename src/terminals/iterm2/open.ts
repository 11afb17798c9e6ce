import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { OpenRequest } from "../../core/ports/terminal-backend.ts";
import { withLock } from "../lock.ts";
import type { Iterm2Client } from "./client/client.ts";
import { closeSessions } from "./client/close.ts";
import { isIterm2Error } from "./client/errors.ts";
import { setVariables } from "./client/variables.ts";
import { createPane } from "./create-pane.ts";
import { endProgram } from "./end-program.ts";
import { toBackendError } from "./failure.ts";
import { groupLock, isTag, type TerminalFiles, terminalFiles } from "./files.ts";
import { holderScript } from "./holder-script.ts";
import { exitCodeOf, holderOf } from "./life.ts";
import type { Iterm2Link } from "./link.ts";
import { locate } from "./locate.ts";
import type { Iterm2Options } from "./options.ts";
import { type TerminalRecord, writeRecord } from "./record.ts";
import { readSession, TAG_VARIABLE } from "./session-row.ts";

const POLL_MS = 5;
/** How long a pane that iTerm2 may have opened, without our hearing of it, gets to start its program. */
const UNKNOWN_MS = 2_000;

/**
 * Opens a pane that runs the launcher under a holder, and marks it. From the first instant it is found by its tag: the tag
 * stands in the path of the script that iTerm2 was told to run, and the holder writes down which session it is in.
 */
export async function openSession(
  link: Iterm2Link,
  options: Iterm2Options,
  request: OpenRequest,
  signal?: AbortSignal,
): Promise<TerminalRef> {
  const { tag, group } = request;
  if (!isTag(tag)) throw new AppError("INTERNAL", `${JSON.stringify(tag)} cannot be a terminal's tag`);
  const files = terminalFiles(options.home, tag);
  const record: TerminalRecord = { group: request.layout === "window" ? null : group.id };
  await prepare(options, files, record, request.launcher);
  try {
    const id = await link.raw((client) =>
      // Others of the group wait: the first one opens the window that the next ones are to find.
      withLock(
        groupLock(options.home, group.id),
        options,
        () => create({ client, options, files, record }, request),
        signal,
      ),
    );
    return { backend: "iterm2", tag, id };
  } catch (error) {
    // Nobody would know of that agent: what runs ends, and without its script so does what iTerm2 may yet start.
    await endProgram(options, { files, record });
    await rm(files.folder, { recursive: true, force: true });
    throw toBackendError(error);
  }
}

async function prepare(
  options: Iterm2Options,
  files: TerminalFiles,
  record: TerminalRecord,
  launcher: string,
): Promise<void> {
  await mkdir(dirname(files.folder), { recursive: true, mode: 0o700 });
  await mkdir(files.folder, { mode: 0o700 });
  await writeRecord(files, record, options);
  await writeFile(files.script, holderScript(files.folder, launcher), { mode: 0o700, flag: "wx" });
}

interface Launch {
  client: Iterm2Client;
  options: Iterm2Options;
  files: TerminalFiles;
  record: TerminalRecord;
}

/** Not cancellable once begun: half a start would be a pane that nobody closes. */
async function create(launch: Launch, request: OpenRequest): Promise<string> {
  const { client, options, files, record } = launch;
  const id = await createPane(launch, request).catch((error) => afterUnknown(launch, request, error));
  if (!(await isStarted(launch, options.timeoutMs))) {
    await closeSessions(client, [id]);
    throw new AppError("BACKEND_COMMAND_FAILED", "iTerm2 opened a session, but did not start the launcher in it", {
      details: { session: id },
    });
  }
  const holder = holderOf(files, record);
  const identity = holder && options.processes.identify(holder.pid);
  try {
    await setVariables(client, { sessionId: id }, { [TAG_VARIABLE]: request.tag });
    const row = await readSession(client, id);
    const known = {
      ...(row?.pid === undefined ? {} : { sessionPid: row.pid }),
      ...(identity ? { holder: identity } : {}),
    };
    await writeRecord(files, { ...record, session: id, ...known }, options);
  } catch (error) {
    // It runs, and is found by its holder.
    options.logger.warn("iterm2.tag.failed", { session: id, error: String(error) });
  }
  return id;
}

/** The pane may exist although nobody said so: asking for it again could make a second one. */
async function afterUnknown(launch: Launch, { tag }: OpenRequest, error: unknown): Promise<string> {
  if (!isIterm2Error(error) || error.details.outcome !== "unknown") throw error;
  const { client, options, files, record } = launch;
  options.logger.warn("iterm2.open.unknown", { tag, code: error.code });
  if (!(await isStarted(launch, Math.min(UNKNOWN_MS, options.timeoutMs)))) throw error;
  const found = await locate({ client, processes: options.processes }, { tag, files, record, id: "" }).catch(
    () => undefined,
  );
  if (!found) throw error;
  return found.id;
}

async function isStarted({ options: { clock }, files, record }: Launch, maxMs: number): Promise<boolean> {
  const deadline = clock.monotonic() + maxMs;
  while (!holderOf(files, record) && exitCodeOf(files) === undefined) {
    if (clock.monotonic() >= deadline) return false;
    await clock.sleep(POLL_MS);
  }
  return true;
}
