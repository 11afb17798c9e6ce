import type { OpenRequest } from "../../core/ports/terminal-backend.ts";
import type { Iterm2Client } from "./client/client.ts";
import { isIterm2Error } from "./client/errors.ts";
import { listSessions } from "./client/listing.ts";
import { createTab, splitPane } from "./client/open.ts";
import { isMissing } from "./failure.ts";
import { type TerminalFiles, terminalFiles } from "./files.ts";
import { keepingFocus } from "./focus-keeper.ts";
import { panesBeside, type Split, splitFor } from "./layout.ts";
import { locate } from "./locate.ts";
import type { Iterm2Options } from "./options.ts";
import { launchProfile } from "./profile.ts";
import { readRecord } from "./record.ts";
import { readSession } from "./session-row.ts";
import { groupWindow, markWindow } from "./window.ts";

interface Launch {
  client: Iterm2Client;
  options: Iterm2Options;
  files: TerminalFiles;
}

/**
 * A pane in the group's own window (opened when there is none), in a window of its own, or beside `splitFrom`; where there
 * is nothing left to split, or no room, a tab. Nothing that a person looks at or types into is moved. Returns the session.
 */
export async function createPane(launch: Launch, request: OpenRequest): Promise<string> {
  const { client } = launch;
  const split = await findSplit(launch, request);
  const opened = await keepingFocus(client, async () => {
    return (split && (await trySplit(launch, request, split))) || (await openTab(launch, request));
  });
  return opened.sessionId;
}

async function openTab({ client, options, files }: Launch, request: OpenRequest): Promise<{ sessionId: string }> {
  const profile = launchProfile(request, files);
  const group = request.group.id;
  if (request.layout === "window") return createTab(client, { profile });
  const windowId = await groupWindow(client, options, group);
  if (windowId !== undefined) {
    try {
      return await createTab(client, { profile, windowId });
    } catch (error) {
      // A person closed it just now. Nothing was opened.
      if (!isMissing(error)) throw error;
    }
  }
  const opened = await createTab(client, { profile });
  await markWindow(client, opened.windowId, group);
  return opened;
}

/** Undefined where iTerm2 has no room after all. */
async function trySplit(
  { client, files }: Launch,
  request: OpenRequest,
  { sessionId, direction }: Split,
): Promise<{ sessionId: string } | undefined> {
  try {
    return await splitPane(client, sessionId, { direction, profile: launchProfile(request, files) });
  } catch (error) {
    if (isMissing(error) || (isIterm2Error(error) && error.details.status === "CANNOT_SPLIT")) return undefined;
    throw error;
  }
}

async function findSplit({ client, options }: Launch, request: OpenRequest): Promise<Split | undefined> {
  const { splitFrom, layout } = request;
  const files = splitFrom && terminalFiles(options.home, splitFrom.tag);
  const record = files && readRecord(files);
  if (!splitFrom || !record || layout === "tab" || layout === "window") return undefined;
  const search = { client, processes: options.processes };
  const row = await locate(search, { tag: splitFrom.tag, files, record, id: splitFrom.id });
  const listing = await listSessions(client);
  const from = listing.sessions.find(({ sessionId }) => sessionId === row?.id);
  // Splitting a buried one fails, and panes of tmux integration come late and without our profile.
  if (from?.place !== "visible" || from.isTmux) return undefined;
  const beside = await Promise.all(panesBeside(from, listing).map(({ sessionId }) => readSession(client, sessionId)));
  const ours = new Set(beside.flatMap((pane) => (pane?.tag === undefined ? [] : [pane.id])));
  return splitFor(layout, from, listing, (sessionId) => ours.has(sessionId));
}
