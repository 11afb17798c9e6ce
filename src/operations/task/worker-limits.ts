import { AppError } from "../../core/errors.ts";
import type { TaskRepository } from "../../core/ports/store.ts";
import type { Principal } from "../../core/principal.ts";
import type { Context } from "../context.ts";

const MINUTE_MS = 60_000;

/**
 * A check is a program that we run, outside of what the agent's own permissions allow it.
 * @throws PERMISSION_DENIED
 */
export function assertMaySubmit(principal: Principal, { check }: { check?: string | undefined }): void {
  if (principal.kind !== "worker" || check === undefined) return;
  throw new AppError("PERMISSION_DENIED", "An agent may not submit a task with a check: no permission rule covers it", {
    hint: "Leave out the check, and say in the text how the work is to be checked.",
  });
}

/**
 * Agents may fill the queue only as fast as they may send messages. To be called in the transaction that inserts.
 * @throws MESSAGE_RATE_EXCEEDED
 */
export async function assertTaskRate(context: Context, tasks: Pick<TaskRepository, "countFrom">): Promise<void> {
  const { principal } = context.caller;
  if (principal.kind !== "worker") return;
  const submitted = await submittedLately(context, tasks, {
    sessionId: principal.sessionId,
    createdBy: principal.agentId,
  });
  const limit = context.settings.agentMessagesPerMinute;
  if (submitted < limit) return;
  throw new AppError(
    "MESSAGE_RATE_EXCEEDED",
    `This agent submitted ${submitted} tasks within a minute, and may submit ${limit}`,
    { details: { submitted, limit } },
  );
}

/** How many tasks came from there within the last minute. */
export async function submittedLately(
  { clock }: Pick<Context, "clock">,
  tasks: Pick<TaskRepository, "countFrom">,
  from: { sessionId: string; createdBy: string },
): Promise<number> {
  return tasks.countFrom(from, clock.now() - MINUTE_MS);
}
