import { AppError } from "../core/errors.ts";
import type { ProcessIdentity } from "../core/ports/process-runner.ts";
import type { Context } from "../operations/context.ts";

/** A killed process is gone within some milliseconds. */
const GONE_MS = 2_000;
const LOOK_MS = 10;

/**
 * Ends a check that outlived the process which ran it, with everything that it has started: two runs of a check at once
 * would disturb each other. Nothing else is ever ended: a pid may be somebody else's by now.
 * @throws INTERNAL when it does not end
 */
export async function endOrphan(
  { processes, clock }: Pick<Context, "processes" | "clock">,
  checker: ProcessIdentity | null,
): Promise<void> {
  // Without a start time nobody can tell whether it is still the same process.
  if (checker === null || checker.startedAt === "" || !processes.isAlive(checker)) return;
  processes.kill(checker.pid, "SIGKILL", { group: true });
  const until = clock.monotonic() + GONE_MS;
  while (processes.isAlive(checker)) {
    if (clock.monotonic() >= until) throw new AppError("INTERNAL", `The check ${checker.pid} could not be ended`);
    await clock.sleep(LOOK_MS);
  }
}
