import type { Clock } from "../../core/ports/clock.ts";
import type { Ids } from "../../core/ports/ids.ts";
import type { ProcessRunner } from "../../core/ports/process-runner.ts";

export interface HeadlessOptions {
  /** Our home folder; what belongs to a terminal lives in `<home>/headless/<tag>`. */
  home: string;
  clock: Clock;
  ids: Ids;
  processes: ProcessRunner;
  /** Where helpers are looked up, a PATH string. */
  searchPath: string;
  /** As `process.platform` says it. */
  platform: string;
  /** Bound of one start, and of waiting for a program that does not read. */
  timeoutMs: number;
}
