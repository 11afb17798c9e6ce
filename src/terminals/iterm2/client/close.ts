import type { Iterm2Client, RequestOptions } from "./client.ts";
import { Iterm2Error } from "./errors.ts";
import type { Requests } from "./messages.ts";
import { statusName } from "./statuses.ts";

/** `declined`: the person said no. A status that this client does not know is given by its name. */
export type CloseResult = "closed" | "not-found" | "declined" | (string & {});

const RESULTS: Record<string, CloseResult> = { OK: "closed", NOT_FOUND: "not-found", USER_DECLINED: "declined" };

/**
 * Closes sessions without asking anybody; returns what became of each. The pane is gone at once, its program is only
 * paused and ends after the undo time (5 s): stop it first, and confirm by its pid.
 */
export async function closeSessions(
  client: Iterm2Client,
  sessionIds: readonly string[],
  options: RequestOptions = {},
): Promise<Map<string, CloseResult>> {
  return await close(client, { sessions: { sessionIds: [...sessionIds] } }, sessionIds, options);
}

/** Closes windows with all that is in them, as `closeSessions` does. */
export async function closeWindows(
  client: Iterm2Client,
  windowIds: readonly string[],
  options: RequestOptions = {},
): Promise<Map<string, CloseResult>> {
  return await close(client, { windows: { windowIds: [...windowIds] } }, windowIds, options);
}

async function close(
  client: Iterm2Client,
  target: Requests["close"],
  ids: readonly string[],
  options: RequestOptions,
): Promise<Map<string, CloseResult>> {
  // Without force a sheet may open, and no client gets an answer until somebody dismisses it.
  const answer = await client.call("close", { ...target, force: true }, { ...options, ids });
  const statuses = answer.statuses ?? [];
  if (statuses.length !== ids.length) {
    throw new Iterm2Error("BAD_ANSWER", `iTerm2 answered ${ids.length} closings with ${statuses.length} statuses`, {
      details: { request: "close", ids, outcome: "unknown" },
    });
  }
  return new Map(
    ids.map((id, index) => {
      const status = statusName("close", statuses[index]);
      return [id, RESULTS[status] ?? status];
    }),
  );
}
