import type { ProgressNotification } from "@modelcontextprotocol/sdk/types.js";
import type { Clock } from "../core/ports/clock.ts";
import type { Progress } from "../operations/context.ts";

/** At most one notification in this time; the newest waits for the next tick. */
const TICK_MS = 1000;
/** A silent operation is told to be alive this often. */
const HEARTBEAT_MS = 10_000;

export interface ProgressReporter {
  report(progress: Progress): void;
  /** Nothing is sent after this: a token ends with its call. */
  stop(): void;
}

/**
 * Sends an operation's progress to the client that asked for it. `progress` grows with every notification, as the
 * protocol demands, also when the operation only says again that it still waits.
 */
export function createProgressReporter(
  token: string | number,
  clock: Clock,
  send: (params: ProgressNotification["params"]) => void,
): ProgressReporter {
  const startedAt = clock.monotonic();
  let newest: Progress = { message: "Working" };
  let isPending = false;
  let sentAt: number | undefined;
  let value = 0;
  let repeats = 0;

  const nextValue = ({ done, total }: Progress): number => {
    if (done !== undefined && done > value) {
      repeats = 0;
      return done;
    }
    if (total === undefined) return Math.floor(value) + 1;
    // Between two steps: 1/2, 2/3, 3/4 … of the way to the next, which is never reached.
    repeats += 1;
    return Math.floor(value) + repeats / (repeats + 1);
  };
  const emit = (message: string) => {
    isPending = false;
    sentAt = clock.monotonic();
    value = nextValue(newest);
    send({
      progressToken: token,
      progress: value,
      message,
      ...(newest.total === undefined ? {} : { total: newest.total }),
    });
  };
  const cancelTicks = clock.every(TICK_MS, () => {
    const now = clock.monotonic();
    if (isPending) emit(newest.message);
    else if (now - (sentAt ?? startedAt) >= HEARTBEAT_MS) {
      emit(`${newest.message} (${Math.round((now - startedAt) / 1000)} s)`);
    }
  });

  return {
    report(progress) {
      if (sentAt !== undefined && isSame(progress, newest)) return;
      newest = progress;
      if (sentAt === undefined || clock.monotonic() - sentAt >= TICK_MS) emit(progress.message);
      else isPending = true;
    },
    stop: cancelTicks,
  };
}

/** Saying the same again is the heartbeat's business. */
function isSame(a: Progress, b: Progress): boolean {
  return a.message === b.message && a.done === b.done && a.total === b.total;
}
