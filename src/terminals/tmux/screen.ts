import type { TerminalRef } from "../../core/agent.ts";
import type { Screen } from "../../core/ports/terminal-backend.ts";
import type { TmuxArgs, TmuxCommand } from "./command.ts";
import { onPane } from "./pane.ts";

/** What the pane shows, also after its program has ended. */
export async function readScreen(
  tmux: TmuxCommand,
  ref: TerminalRef,
  options: { history?: number; isRaw?: boolean },
  signal?: AbortSignal,
): Promise<Screen> {
  const history = options.history ? ["-S", String(-Math.trunc(options.history))] : [];
  const commands: TmuxArgs[] = [
    ["display-message", "-p", "-t", ref.id, "#{pane_title}"],
    ["capture-pane", "-p", "-J", ...(options.isRaw ? ["-e"] : []), ...history, "-t", ref.id],
  ];
  const [title = "", ...lines] = (await onPane(tmux, ref, commands, { signal })).split("\n");
  // The output ends with a line feed.
  if (lines.at(-1) === "") lines.pop();
  return { lines: lines.map((line) => line.trimEnd()), ...(title === "" ? {} : { title }) };
}
