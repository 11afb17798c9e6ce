import type { Iterm2Client, RequestOptions } from "./client.ts";
import { Iterm2Error } from "./errors.ts";
import { type ProfileValues, profileProperties } from "./profile.ts";
import { statusName } from "./statuses.ts";

export interface NewTab {
  /** Name of a profile; the default profile when absent. */
  profileName?: string | undefined;
  /** Window of the new tab; a new window when absent. */
  windowId?: string | undefined;
  /** Position in the window; the end when absent. */
  tabIndex?: number | undefined;
  /** Differences from the profile, for this session only. */
  profile?: ProfileValues | undefined;
  /** Whether to select the tab and bring its window to the front of iTerm2; iTerm2 before 3.7 always does. Default false. */
  selectTab?: boolean | undefined;
}

export interface OpenedTab {
  windowId: string;
  /** Good for this run of iTerm2 only. */
  tabId: string;
  sessionId: string;
  /** The tab exists, but not where it was asked for. */
  warning?: "INVALID_TAB_INDEX";
}

/**
 * Opens a tab. The session exists then; whether its program started shows later.
 * @throws REQUEST_FAILED (INVALID_PROFILE_NAME, INVALID_WINDOW_ID, MISSING_SUBSTITUTION: no session was made), INVALID_ARGUMENT
 */
export async function createTab(client: Iterm2Client, tab: NewTab, options: RequestOptions = {}): Promise<OpenedTab> {
  const ids = tab.windowId === undefined ? [] : [tab.windowId];
  const answer = await client.call(
    "createTab",
    {
      profileName: tab.profileName ?? null,
      windowId: tab.windowId ?? null,
      tabIndex: tab.tabIndex ?? null,
      customProfileProperties: profileProperties(tab.profile ?? {}),
      // Always said: servers that do not know it skip it.
      selectTab: tab.selectTab ?? false,
    },
    { timeoutMs: client.openTimeoutMs, ...options, ids, accept: ["INVALID_TAB_INDEX"] },
  );
  const { windowId, sessionId } = answer;
  if (!windowId || !sessionId) throw nothingOpened("createTab", ids);
  return {
    windowId,
    tabId: String(answer.tabId ?? 0),
    sessionId,
    ...(statusName("createTab", answer.status) === "INVALID_TAB_INDEX" && { warning: "INVALID_TAB_INDEX" as const }),
  };
}

export interface NewPane {
  /** `vertical`: the divider is, and the new pane stands on the right; `horizontal`: it stands below. */
  direction: "vertical" | "horizontal";
  /** On the other side: left, or above. */
  before?: boolean | undefined;
  profileName?: string | undefined;
  profile?: ProfileValues | undefined;
}

const DIRECTIONS = { vertical: 0, horizontal: 1 } as const;

/**
 * Splits a session's pane; the new one becomes the active pane of its tab. Returns the session in it.
 * @throws REQUEST_FAILED (SESSION_NOT_FOUND, also for a buried one; CANNOT_SPLIT: too small, or locked;
 * INVALID_PROFILE_NAME), INVALID_ARGUMENT
 */
export async function splitPane(
  client: Iterm2Client,
  sessionId: string,
  pane: NewPane,
  options: RequestOptions = {},
): Promise<{ sessionId: string }> {
  const answer = await client.call(
    "splitPane",
    {
      session: sessionId,
      splitDirection: DIRECTIONS[pane.direction],
      before: pane.before ?? false,
      profileName: pane.profileName ?? null,
      customProfileProperties: profileProperties(pane.profile ?? {}),
    },
    { timeoutMs: client.openTimeoutMs, ...options, ids: [sessionId] },
  );
  const [opened] = answer.sessionId ?? [];
  if (!opened) throw nothingOpened("splitPane", [sessionId]);
  return { sessionId: opened };
}

function nothingOpened(request: string, ids: readonly string[]): Iterm2Error {
  return new Iterm2Error("BAD_ANSWER", `iTerm2 answered ${request} with OK, but with no session`, {
    details: { request, ids, outcome: "unknown" },
  });
}
