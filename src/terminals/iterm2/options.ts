import type { Clock } from "../../core/ports/clock.ts";
import type { Ids } from "../../core/ports/ids.ts";
import type { Logger } from "../../core/ports/logger.ts";
import type { ProcessRunner } from "../../core/ports/process-runner.ts";

export interface Iterm2Options {
  /** Our home folder; what belongs to a terminal lives in `<home>/iterm2/<tag>`. */
  home: string;
  clock: Clock;
  ids: Ids;
  processes: ProcessRunner;
  logger: Logger;
  /** iTerm2's Unix socket. */
  socketPath: string;
  /** From ITERM2_COOKIE and ITERM2_KEY, which iTerm2 gives to scripts of its own menu: good for one connection, or stale. */
  credentials?: { cookie: string; key?: string | undefined } | undefined;
  /** As `process.platform` says it. */
  platform: string;
  /** Folders in which iTerm2 is looked for, to tell that it is missing from that it does not run. */
  applications: readonly string[];
  /** Bound of one request; what opens a pane may take half as long again, what may wait for a person three times. */
  timeoutMs: number;
}
