import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Iterm2Client } from "./client/client.ts";
import { listSessions } from "./client/listing.ts";
import { getVariables, setVariables } from "./client/variables.ts";
import { isMissing } from "./failure.ts";
import { isTag, terminalFiles } from "./files.ts";
import { isThis, type Wanted } from "./locate.ts";
import type { Iterm2Options } from "./options.ts";
import { readRecord } from "./record.ts";
import { readSessions } from "./session-row.ts";

/** Our mark on a window: the group whose terminals belong in it. iTerm2 forgets it when it quits. */
const GROUP_VARIABLE = "user.claude_orch_group";

/**
 * The window of a group: the one with our mark, else the one with a terminal of the group in it (after a restart of
 * iTerm2), else none. Never the window that a person happens to have in front.
 */
export async function groupWindow(
  client: Iterm2Client,
  { home, processes }: Pick<Iterm2Options, "home" | "processes">,
  group: string,
): Promise<string | undefined> {
  const { windows } = await listSessions(client);
  for (const { windowId } of windows) {
    if ((await groupOf(client, windowId)) === group) return windowId;
  }
  const known = terminalsOf(home, group);
  if (known.length === 0) return undefined;
  const inWindow = (await readSessions(client)).find((row) => {
    return row.info?.windowId !== undefined && known.some((terminal) => isThis({ processes }, terminal, row));
  });
  const windowId = inWindow?.info?.windowId;
  if (windowId !== undefined) await markWindow(client, windowId, group);
  return windowId;
}

export async function markWindow(client: Iterm2Client, windowId: string, group: string): Promise<void> {
  try {
    await setVariables(client, { windowId }, { [GROUP_VARIABLE]: group });
  } catch (error) {
    // It closed with its last program.
    if (!isMissing(error)) throw error;
  }
}

async function groupOf(client: Iterm2Client, windowId: string): Promise<unknown> {
  try {
    return (await getVariables(client, { windowId }, [GROUP_VARIABLE]))[GROUP_VARIABLE];
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The group's terminals that may still be there; those in windows of their own left out. */
function terminalsOf(home: string, group: string): Wanted[] {
  return readdirSync(join(home, "iterm2"))
    .filter(isTag)
    .flatMap((tag) => {
      const files = terminalFiles(home, tag);
      const record = readRecord(files);
      return record?.group === group ? [{ tag, files, record, id: "" }] : [];
    });
}
