import { SystemClock } from "../../../../src/platform/system-clock.ts";
import type { ClientOptions } from "../../../../src/terminals/iterm2/client/options.ts";

/** A client's surroundings: real time, no jitter, no osascript, and a log that can be looked through. */
export function clientOptions(
  options: Partial<ClientOptions> & { socketPath: string },
): ClientOptions & { log: unknown[] } {
  const log: unknown[] = [];
  const note = (event: string, fields?: Record<string, unknown>) => void log.push([event, fields]);
  return {
    name: "claude-orch test",
    clock: new SystemClock(),
    random: () => 0,
    logger: { debug: note, warn: note },
    log,
    ...options,
  };
}

/** Time that passes only by sleeping: back-off is seen, not waited for. */
export class SleepingClock extends SystemClock {
  readonly slept: number[] = [];
  #now = 0;

  override monotonic(): number {
    return this.#now;
  }

  override async sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.#now += ms;
  }
}
