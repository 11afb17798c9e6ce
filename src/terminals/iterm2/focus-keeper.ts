import { activateSession } from "./client/activate.ts";
import type { Iterm2Client } from "./client/client.ts";
import { getFocus } from "./client/focus.ts";
import { isMissing } from "./failure.ts";

/**
 * Opens a pane and gives the keyboard back to whoever had it. iTerm2 up to 3.6 brings every new tab to the front, and a
 * split makes the new pane the active one of its tab in every version: what the person types would reach the agent.
 * Nothing is moved when iTerm2 is not the application in front, or when the person has gone elsewhere meanwhile.
 */
export async function keepingFocus<T extends { sessionId: string }>(
  client: Iterm2Client,
  open: () => Promise<T>,
): Promise<T> {
  const before = await getFocus(client);
  const opened = await open();
  const { isAppActive, sessionId } = before;
  if (!isAppActive || sessionId === undefined) return opened;
  try {
    const after = await getFocus(client);
    if (after.sessionId === opened.sessionId) await activateSession(client, sessionId, { orderWindowFront: true });
  } catch (error) {
    // It was closed meanwhile: there is nothing to go back to.
    if (!isMissing(error)) throw error;
  }
  return opened;
}
