import type { TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { Screen } from "../../core/ports/terminal-backend.ts";
import { getScreen, getTrailingLines } from "./client/screen.ts";
import type { Iterm2Link } from "./link.ts";
import type { Iterm2Options } from "./options.ts";
import { inSession } from "./terminal.ts";

/** What the session shows, also after its program has ended, and also while a person has scrolled back. */
export async function readScreen(
  link: Iterm2Link,
  options: Iterm2Options,
  ref: TerminalRef,
  { history = 0, isRaw = false }: { history?: number; isRaw?: boolean },
  signal?: AbortSignal,
): Promise<Screen> {
  if (isRaw) {
    throw new AppError("UNSUPPORTED_BY_BACKEND", "iTerm2 tells the text of its screen, not the escape sequences", {
      hint: "Leave out --raw.",
    });
  }
  return inSession(link, options, ref, { signal }, async (client, { id }) => {
    const screen = await getScreen(client, id, { signal });
    if (history <= 0) return { lines: screen.lines };
    const count = screen.rows.length + Math.trunc(history);
    return { lines: (await getTrailingLines(client, id, count, { signal })).lines };
  });
}
