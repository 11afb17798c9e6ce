export interface RunOptions {
  cwd?: string;
  /** The whole environment of the child; nothing is inherited when given. */
  env?: Record<string, string>;
  input?: string | Buffer;
  /** How `stdout` is decoded. `latin1` keeps every byte, for names of files that are not UTF-8. Default `utf8`. */
  encoding?: "utf8" | "latin1";
  /** After this the child's process group is stopped and `reason` is `timed-out`. Default 10 000. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /**
   * Told who the child is before its program begins: where it can be, the child waits for this (not on Windows). When it
   * rejects, the program never begins, and `reason` is `cancelled`.
   */
  onStart?: (child: ProcessIdentity) => Promise<void>;
  /** Of each stream only the last so many bytes are kept; by default everything is. */
  tailBytes?: number;
}

export interface RunResult {
  /** Why the child ended: on its own (`exited`), by a signal, by our bound, or because it could not be started. */
  reason: "exited" | "signalled" | "timed-out" | "cancelled" | "not-found" | "not-startable";
  exitCode: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  durationMs: number;
}

/** Identity of a process that survives pid reuse. */
export interface ProcessIdentity {
  pid: number;
  /** Linux: start time in clock ticks (`/proc/<pid>/stat` field 22); macOS: `ps -o lstart`. "" when unknown. */
  startedAt: string;
}

/** Child processes and what is known of others. Never takes a shell string: file + argv only. */
export interface ProcessRunner {
  /** Runs a child to its end. Never throws for a failing child; the result says why it ended. */
  run(file: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /**
   * Starts a child that belongs to nobody: in a session and process group of its own, without any of our files, so that
   * it outlives us, the caller's terminal and its Ctrl-C. Rejects with BACKEND_COMMAND_FAILED when it cannot be started.
   */
  detach(file: string, args: readonly string[], options: Pick<RunOptions, "cwd" | "env">): Promise<ProcessIdentity>;
  /** Absolute path of an executable looked up on `path` (a PATH string), or undefined. */
  which(name: string, path: string): Promise<string | undefined>;
  /** Our own identity. */
  self(): ProcessIdentity;
  /** Is that very process (pid and start time) alive? An empty `startedAt` checks the pid only. A zombie is not alive. */
  isAlive(identity: ProcessIdentity): boolean;
  /** Identity of a running pid, or undefined. */
  identify(pid: number): ProcessIdentity | undefined;
  /** pid of the parent of a running process, or undefined. */
  parentOf(pid: number): number | undefined;
  /** Sends a signal to a process (its group when `group`); false if it is gone. */
  kill(pid: number, signal: NodeJS.Signals, options?: { group?: boolean }): boolean;
}
