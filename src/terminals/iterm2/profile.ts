import type { OpenRequest } from "../../core/ports/terminal-backend.ts";
import type { ProfileValues } from "./client/profile.ts";
import { commandLine, literal, oneLine, withoutParameters } from "./command-line.ts";
import type { TerminalFiles } from "./files.ts";

/** Differences from the person's default profile, for one session. */
export function launchProfile({ cwd, title, subtitle = "" }: OpenRequest, { script }: TerminalFiles): ProfileValues {
  return {
    "Custom Command": "Yes",
    Command: commandLine(script),
    "Custom Directory": "Yes",
    "Working Directory": literal(cwd),
    // The pane stays after the program's end, so that its last words can be read.
    "Close Sessions On End": 0,
    "Prompt Before Closing 2": 0,
    Name: withoutParameters(oneLine(title)),
    "Badge Text": [title, subtitle].map(oneLine).filter(Boolean).map(literal).join("\n"),
    // The tab is found by the agent's name; Claude Code would write its present task there.
    "Allow Title Setting": false,
  };
}
