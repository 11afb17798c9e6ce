import type { Clock } from "../../core/ports/clock.ts";
import type { Ids } from "../../core/ports/ids.ts";
import type { ProcessRunner } from "../../core/ports/process-runner.ts";

export interface TmuxOptions {
  processes: ProcessRunner;
  clock: Clock;
  ids: Ids;
  /** The caller's environment; only what tmux itself needs is handed on (see `serverEnvironment`). */
  env: Record<string, string>;
  /** Name of the server socket (`tmux -L`). The server on it is ours alone: its global options are set by us. */
  socket: string;
  /** Bound of one tmux command. */
  timeoutMs: number;
  /**
   * Configuration the server starts with; by default none. A person's own file is not loaded unasked: plugins in it would
   * restore (and later overwrite) their saved sessions in our server, and hooks would act on agents.
   */
  configFile?: string;
}

const PASSED_ON = new Set(["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "TMUX_TMPDIR", "TMPDIR"]);

/**
 * The environment of every tmux command. The first one starts the server, which keeps it for good: secrets of that
 * caller must not reach agents that somebody else starts later. Agents get theirs from the launcher (architecture §3).
 */
export function serverEnvironment(env: Record<string, string>): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => PASSED_ON.has(name) || name.startsWith("LC_"));
  return Object.fromEntries(kept);
}
