import type { Iterm2Client, RequestOptions } from "./client.ts";

export interface Activation {
  /** Bring its window before the other windows of iTerm2. Default true. */
  orderWindowFront?: boolean;
  /** Bring iTerm2 before other applications. Default false. */
  activateApp?: boolean;
}

/**
 * Shows a session: selects its tab and pane. A buried one is dug up.
 * @throws REQUEST_FAILED (BAD_IDENTIFIER)
 */
export async function activateSession(
  client: Iterm2Client,
  sessionId: string,
  activation: Activation = {},
  options: RequestOptions = {},
): Promise<void> {
  await client.call(
    "activate",
    { sessionId, selectTab: true, selectSession: true, ...common(activation) },
    { ...options, ids: [sessionId] },
  );
}

/** Shows a tab. @throws REQUEST_FAILED (BAD_IDENTIFIER) */
export async function activateTab(
  client: Iterm2Client,
  tabId: string,
  activation: Activation = {},
  options: RequestOptions = {},
): Promise<void> {
  await client.call("activate", { tabId, selectTab: true, ...common(activation) }, { ...options, ids: [tabId] });
}

/** Brings a window to the front. @throws REQUEST_FAILED (BAD_IDENTIFIER) */
export async function activateWindow(
  client: Iterm2Client,
  windowId: string,
  activation: Activation = {},
  options: RequestOptions = {},
): Promise<void> {
  await client.call("activate", { windowId, ...common(activation) }, { ...options, ids: [windowId] });
}

function common({ orderWindowFront = true, activateApp = false }: Activation) {
  // An absent activate_app leaves the other applications where they are.
  return { orderWindowFront, activateApp: activateApp ? { raiseAllWindows: false, ignoringOtherApps: true } : null };
}
