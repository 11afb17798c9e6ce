import type { Clock } from "../../core/ports/clock.ts";
import type { Ids } from "../../core/ports/ids.ts";
import type { ProcessRunner } from "../../core/ports/process-runner.ts";

export interface FakeOptions {
  /** Our home folder; the fake's state lives in `<home>/fake`. */
  home: string;
  clock: Clock;
  ids: Ids;
  /** Only asked who we are and whether another lock holder lives; no process is started. */
  processes: ProcessRunner;
  /** How long to wait for another process that works on the same agent. */
  timeoutMs: number;
}
