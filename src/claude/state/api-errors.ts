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

/** Words of a plan's limit, which comes as the same error as a rejected request. */
const USAGE_LIMIT =
  /\b(?:usage|session|weekly|5-hour|opus|sonnet) limit\b|\bhit your limit\b|\blimit reached\b|\bout of extra usage\b/i;

/** The error of a turn that Claude Code gave up. `now` (epoch ms) completes times of day in the text. */
export function agentError(error: string, message: string, now: number): AgentError {
  const listed = KINDS[error] ?? "api";
  const kind = listed === "rate_limit" && USAGE_LIMIT.test(message) ? "usage_limit" : listed;
  const retryAt = kind === "rate_limit" || kind === "usage_limit" ? retryTime(message, now) : undefined;
  return {
    kind,
    message: message === "" ? error : message,
    ...(retryAt === undefined ? {} : { retryAt: new Date(retryAt).toISOString() }),
  };
}
