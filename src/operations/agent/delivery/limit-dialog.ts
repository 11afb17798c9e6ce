import type { StateReport } from "../../../core/agent.ts";
import { AppError, type ErrorCode } from "../../../core/errors.ts";
import { openRequests } from "../respond/open-requests.ts";
import { terminalAccess } from "../respond/terminal-access.ts";
import type { Delivery } from "./deliver.ts";

/** The dialog is not there (any more), or is not provably closed: the next attempt looks again. */
const NOT_CLOSED: readonly ErrorCode[] = ["REQUEST_CLOSED", "REQUEST_NOT_SHOWN", "ANSWER_UNPROVED"];

/**
 * Closes the dialog that Claude Code shows at a usage limit ("What do you want to do?") with Escape, and no other: it takes
 * the place of the input box until somebody answers it. The caller holds the agent's input lease.
 * @returns whether it is closed
 */
export async function closeLimitDialog({ context, agent, program }: Delivery, report: StateReport): Promise<boolean> {
  const asked = (await openRequests(context, agent)).find(
    ({ requestId }) => requestId === report.waitingFor?.requestId,
  );
  if (asked?.kind !== "dialog") return false;
  try {
    await program.answer(agent, asked, { kind: "deny", reason: null }, terminalAccess(context, agent), context.signal);
    context.logger.info("limit.dialog-closed", { agentId: agent.id, requestId: asked.requestId });
    return true;
  } catch (error) {
    if (error instanceof AppError && NOT_CLOSED.includes(error.code)) return false;
    throw error;
  }
}
