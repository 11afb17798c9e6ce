import { AppError } from "../../core/errors.ts";
import type { Ids } from "../../core/ports/ids.ts";
import type { AgentRequest, Decision, RequestWay } from "../../core/request.ts";
import type { StateEvidence } from "../state/evidence.ts";
import { answerByKeys } from "./answer-by-keys.ts";
import { hookOutput } from "./hook-decision.ts";
import type { KeyDesk } from "./key-desk.ts";
import { handOver } from "./waiters.ts";

export interface AnswerTools {
  /** Where the hooks wait. */
  folder: string;
  ids: Ids;
  claudeVersion: string;
  desk: KeyDesk;
}

/**
 * Hands the decision over: to the hook that waits for it, else by keys.
 * @throws REQUEST_CLOSED, REQUEST_ANSWER_INVALID, REQUEST_NOT_SHOWN; ANSWER_UNPROVED when a key shows no effect
 */
export async function answerRequest(
  request: AgentRequest,
  decision: Decision,
  evidence: StateEvidence,
  tools: AnswerTools,
): Promise<{ via: RequestWay }> {
  const { waiter, offset } = request.evidence;
  if (waiter === null) {
    await answerByKeys(request, decision, tools.desk);
    return { via: "keys" };
  }
  const { suggestions = [] } = evidence.events.find((event) => event.offset === offset) ?? {};
  const output = hookOutput(request, decision, { suggestions, claudeVersion: tools.claudeVersion });
  const result = await handOver(tools.folder, waiter, output, tools.ids);
  if (result === "taken") return { via: "hook" };
  throw closed(result === "beaten" ? "Another answer was there first" : "Nobody waits for an answer any more");
}

export function closed(message: string): AppError {
  return new AppError("REQUEST_CLOSED", message);
}
