import { join } from "node:path";

/** Absolute paths of everything that belongs to one headless terminal, `<home>/headless/<tag>/` (0700; files 0600). */
export interface HeadlessFiles {
  folder: string;
  /** FIFO that is the program's standard input. */
  input: string;
  /**
   * Standard output of the program, from its start on. Never trimmed: the program appends to it for as long as it runs,
   * and nobody else could tell which of it was read. Claude Code without partial messages writes about what it writes
   * into its transcript too; each launch begins anew, and `close` removes it.
   */
  output: string;
  errors: string;
  /** pid of the program. */
  pid: string;
  /** Exit code of the program as a shell tells it (128 + signal), once it has ended. */
  exit: string;
  /** Identity of the holder, the shell that waits for the program's end. */
  holder: string;
  script: string;
  lock: string;
  /** There while a long text is being written; holds its rest when that had to be given up. */
  unfinished: string;
}

export function headlessFiles(home: string, tag: string): HeadlessFiles {
  const folder = join(home, "headless", tag);
  const inFolder = (name: string) => join(folder, name);
  return {
    folder,
    input: inFolder("in"),
    output: inFolder("out.jsonl"),
    errors: inFolder("err.log"),
    pid: inFolder("pid"),
    exit: inFolder("exit"),
    holder: inFolder("holder.json"),
    script: inFolder("hold"),
    lock: inFolder("lock"),
    unfinished: inFolder("unfinished.json"),
  };
}

/** A tag is a file name here. */
export function isTag(tag: string): boolean {
  return /^\w+$/.test(tag);
}
