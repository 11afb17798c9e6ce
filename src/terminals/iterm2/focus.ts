import type { TerminalRef } from "../../core/agent.ts";
import { activateSession } from "./client/activate.ts";
import type { Iterm2Link } from "./link.ts";
import type { Iterm2Options } from "./options.ts";
import { inSession } from "./terminal.ts";

/** Brings iTerm2, the window, the tab and the pane to the front; a buried session is dug up. */
export async function focusSession(
  link: Iterm2Link,
  options: Iterm2Options,
  ref: TerminalRef,
  signal?: AbortSignal,
): Promise<void> {
  await inSession(link, options, ref, { signal }, (client, { id }) =>
    activateSession(client, id, { activateApp: true }, { signal }),
  );
}
