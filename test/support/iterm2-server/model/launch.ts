import { statSync } from "node:fs";
import { evaluateProfileText, splitWords } from "../command-line.ts";
import type { Launch } from "../programs/program.ts";

export interface LaunchContext {
  sessionId: string;
  /** Position in the window as it is at launch, e.g. `w0t1p0`. */
  position: string;
  home: string;
  /** Working directory of the session it came from. */
  previousCwd: string | undefined;
  onViolation(what: string): void;
}

/** What a profile starts, in which directory, and with the bare environment that a program of the Dock gets. */
export function launchOf(profile: ReadonlyMap<string, unknown>, context: LaunchContext): Launch {
  const text = (key: string) => evaluateProfileText(String(profile.get(key) ?? ""), key, context.onViolation);
  const runsCommand = ["Yes", "Custom Shell"].includes(String(profile.get("Custom Command")));
  text("Initial Text");
  return {
    sessionId: context.sessionId,
    argv: runsCommand ? splitWords(text("Command")) : [],
    cwd: workingDirectory(String(profile.get("Custom Directory")), text("Working Directory"), context),
    env: {
      PATH: "/usr/bin:/bin:/usr/sbin:/sbin",
      HOME: context.home,
      SHELL: "/bin/sh",
      TERM: "xterm-256color",
      COLORTERM: "truecolor",
      LANG: "C.UTF-8",
      TERM_PROGRAM: "iTerm.app",
      LC_TERMINAL: "iTerm2",
      ITERM_PROFILE: String(profile.get("Name") ?? ""),
      ITERM_SESSION_ID: `${context.position}:${context.sessionId}`,
      TERM_SESSION_ID: `${context.position}:${context.sessionId}`,
    },
  };
}

function workingDirectory(mode: string, wanted: string, { home, previousCwd }: LaunchContext): string {
  if (mode === "Recycle") return previousCwd ?? home;
  // A missing directory is home, without a word.
  return mode === "Yes" && statSync(wanted, { throwIfNoEntry: false })?.isDirectory() ? wanted : home;
}
