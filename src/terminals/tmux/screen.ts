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
  const history = Math.trunc(options.history ?? 0);
  const commands: TmuxArgs[] = [
    ["display-message", "-p", "-t", ref.id, "#{pane_dead}#{pane_title}"],
    [
      "capture-pane",
      "-p",
      "-J",
      ...(options.isRaw ? ["-e"] : []),
      ...(history ? ["-S", String(-history)] : []),
      "-t",
      ref.id,
    ],
  ];
  const [state = "", ...lines] = (await onPane(tmux, ref, commands, { signal })).split("\n");
  // tmux scrolls by one line to say that the pane is dead, and what a program that failed at once said is that line.
  if (state.startsWith("1") && history === 0) return readScreen(tmux, ref, { ...options, history: 1 }, signal);
  const title = state.slice(1);
  // The output ends with a line feed.
  if (lines.at(-1) === "") lines.pop();
  return { lines: lines.map((line) => line.trimEnd()), ...(title === "" ? {} : { title }) };
}
