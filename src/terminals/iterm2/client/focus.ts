import type { Iterm2Client, RequestOptions } from "./client.ts";
import { type Listing, leaves, listSessions } from "./listing.ts";
import type { FocusChange } from "./messages.ts";

export interface Focus {
  /** Whether iTerm2 is the application in front. */
  isAppActive: boolean;
  windowId?: string;
  tabId?: string;
  sessionId?: string;
}

/** Where the person's keys go when iTerm2 is in front. Parts are absent when there is no such thing: no window at all. */
export async function getFocus(client: Iterm2Client, options: RequestOptions = {}): Promise<Focus> {
  const { notifications } = await client.call("focus", {}, options);
  return toFocus(notifications ?? [], await listSessions(client, options));
}

/**
 * iTerm2 names the selected tab of every window and the active session of every tab, in no particular nesting: the last one
 * named is not the focused one, the listing tells which belong together.
 */
export function toFocus(changes: readonly FocusChange[], { windows }: Listing): Focus {
  const isAppActive = changes.some(({ applicationActive }) => applicationActive === true);
  const windowId = changes.find(({ window }) => window?.windowId)?.window?.windowId ?? undefined;
  const window = windows.find((candidate) => candidate.windowId === windowId);
  if (windowId === undefined || !window) return { isAppActive, ...(windowId !== undefined && { windowId }) };
  const named = (part: "selectedTab" | "session") => new Set(changes.map((change) => change[part]).filter(Boolean));
  const [tabs, sessions] = [named("selectedTab"), named("session")];
  const tab = window.tabs.find(({ tabId }) => tabs.has(tabId));
  const session = tab && leaves(tab.root).find(({ sessionId }) => sessions.has(sessionId));
  return {
    isAppActive,
    windowId,
    ...(tab && { tabId: tab.tabId }),
    ...(session && { sessionId: session.sessionId }),
  };
}
