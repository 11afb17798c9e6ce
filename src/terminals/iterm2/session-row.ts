import type { Iterm2Client } from "./client/client.ts";
import { isIterm2Error } from "./client/errors.ts";
import { listSessions, type SessionInfo } from "./client/listing.ts";
import { getVariables } from "./client/variables.ts";
import { isMissing } from "./failure.ts";

/** Our mark on a session: the tag of the terminal that it is. Programs can set it as well: it is checked against our record. */
export const TAG_VARIABLE = "user.claude_orch";

export interface SessionRow {
  id: string;
  tag: string | undefined;
  /** The program that iTerm2 started in it; still told after its end. */
  pid: number | undefined;
  /** The program in the foreground. */
  jobPid: number | undefined;
  info?: SessionInfo;
}

/** What iTerm2 knows of one session, visible or not; undefined when there is none with this id. */
export async function readSession(
  client: Iterm2Client,
  id: string,
  signal?: AbortSignal,
): Promise<SessionRow | undefined> {
  try {
    const names = [TAG_VARIABLE, "pid", "jobPid"] as const;
    const values = await evenIfDropped(() => getVariables(client, { sessionId: id }, names, { signal }));
    const tag = values[TAG_VARIABLE];
    return {
      id,
      tag: typeof tag === "string" ? tag : undefined,
      pid: number(values.pid),
      jobPid: number(values.jobPid),
    };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** All sessions: in windows, minimised behind a maximised pane, buried. One request for each. */
export async function readSessions(client: Iterm2Client, signal?: AbortSignal): Promise<SessionRow[]> {
  const { sessions } = await evenIfDropped(() => listSessions(client, { signal }));
  const rows = await Promise.all(
    sessions.map(async (info) => {
      const row = await readSession(client, info.sessionId, signal);
      return row && { ...row, info };
    }),
  );
  // One may have ended between the list and the look.
  return rows.filter((row) => row !== undefined);
}

/**
 * Looks once more when the connection turns out to be gone: iTerm2 may have been restarted since the last call. Only for
 * reading; nothing else may be asked for twice.
 */
async function evenIfDropped<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isIterm2Error(error, "CONNECTION_LOST")) return await read();
    throw error;
  }
}

function number(value: unknown): number | undefined {
  const found = typeof value === "string" ? Number(value) : value;
  return typeof found === "number" && Number.isSafeInteger(found) && found > 0 ? found : undefined;
}
