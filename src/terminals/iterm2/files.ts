import { join } from "node:path";

/** Absolute paths of everything that belongs to one terminal, `<home>/iterm2/<tag>/` (0700; files 0600, the script 0700). */
export interface TerminalFiles {
  folder: string;
  /** What iTerm2 runs; its path, which holds the tag, is what iTerm2 remembers of the launch (profile key `Command`). */
  script: string;
  /** pid of the holder, the shell that waits for the program's end, and ITERM_SESSION_ID of its session. */
  holder: string;
  /** pid of the program. */
  pid: string;
  /** Exit code of the program as a shell tells it (128 + signal), once it has ended: iTerm2's API tells none. */
  exit: string;
  /** What we know of the terminal, as JSON: see `record.ts`. */
  record: string;
}

export function terminalFiles(home: string, tag: string): TerminalFiles {
  const folder = join(home, "iterm2", tag);
  const inFolder = (name: string) => join(folder, name);
  return {
    folder,
    script: inFolder("run"),
    holder: inFolder("holder"),
    pid: inFolder("pid"),
    exit: inFolder("exit"),
    record: inFolder("terminal.json"),
  };
}

/** Held while a terminal is opened for this group, so that two of them do not open two windows. */
export function groupLock(home: string, group: string): string {
  return join(home, "iterm2", `${group.replaceAll(/\W/g, "_")}.lock`);
}

/** A tag is a file name here. */
export function isTag(tag: string): boolean {
  return /^\w+$/.test(tag);
}
