import type { AgentError } from "../../core/agent.ts";
import { retryTime } from "./retry-time.ts";

/** Values of StopFailure's `error`, also in the transcript's error messages (facts §3.2). What is not listed is `api`. */
const KINDS: Record<string, AgentError["kind"]> = {
  authentication_failed: "auth",
  oauth_org_not_allowed: "auth",
  account_on_hold: "auth",
  verification_required: "auth",
  cloud_credential_error: "auth",
  billing_error: "usage_limit",
  rate_limit: "rate_limit",
};

/** Words of a plan's limit, which comes as the same error as a rejected request (seen in 2.1.197 and 2.1.330). */
const USAGE_LIMIT =
  /\byou've (?:hit|reached) your\b.*\blimit\b|\b(?:usage|session|weekly|5-hour|opus|sonnet|spend|credit) limit\b|\blimit reached\b|\bout of (?:extra )?usage\b/i;
/** Claude Code says so of a rejected request to a subscriber (seen in 2.1.197 and 2.1.330). */
const NOT_A_USAGE_LIMIT = /\(not your usage limit\)/i;

/**
 * Where nothing tells when to try again: the API's rates are per minute, and Claude Code has itself tried again for a
 * while before; a plan's limits are counted in hours. The `retry-after` header is neither in hooks nor in the transcript
 * (2.1.197 and 2.1.330); while Claude Code itself obeys it, the agent is working.
 */
const BACK_OFF_MS = { rate_limit: 60_000, usage_limit: 60 * 60_000 };

/**
 * The error of a turn that Claude Code gave up `at` that moment (epoch ms), which times in the text count from.
 * `resetsAt` is the limit's end where the evidence tells it exactly.
 */
export function agentError(error: string, message: string, at: number, resetsAt: number | null = null): AgentError {
  const kind = kindOf(error, message);
  const retryAt = retryAtOf(kind, error, message, at, resetsAt);
  return {
    kind,
    message: message === "" ? error : message,
    ...(retryAt === undefined ? {} : { retryAt: new Date(retryAt).toISOString() }),
  };
}

function kindOf(error: string, message: string): AgentError["kind"] {
  const listed = KINDS[error] ?? "api";
  const isUsage = USAGE_LIMIT.test(message) && !NOT_A_USAGE_LIMIT.test(message);
  return listed === "rate_limit" && isUsage ? "usage_limit" : listed;
}

function retryAtOf(
  kind: AgentError["kind"],
  error: string,
  message: string,
  at: number,
  resetsAt: number | null,
): number | undefined {
  if (kind !== "rate_limit" && kind !== "usage_limit") return undefined;
  const told = resetsAt ?? retryTime(message, at);
  // Money that is used up does not come back by waiting.
  if (told !== undefined || error === "billing_error") return told;
  return at + BACK_OFF_MS[kind];
}
