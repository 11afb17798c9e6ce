import type { ScriptedError } from "../../core/scripted-prompt.ts";

/** How a turn fails: the word of StopFailure, the text and what else the transcript says, as 2.1.330 writes them. */
export interface TurnError {
  kind: string;
  text: string;
  status: number;
  quotaLimits?: Record<string, unknown>;
}

const KINDS: Record<number, string> = {
  400: "unknown",
  401: "authentication_failed",
  403: "authentication_failed",
  404: "model_not_found",
  429: "rate_limit",
  529: "overloaded",
};

export function apiErrorOf({ status, retryAfter, message }: Omit<ScriptedError, "times">): TurnError {
  const scripted = `Scripted error ${status}${retryAfter === undefined ? "" : `, retry after ${retryAfter} s`}`;
  const kind = KINDS[status] ?? (status >= 500 ? "server_error" : "unknown");
  return { kind, text: prefix(status) + (message ?? scripted), status };
}

function prefix(status: number): string {
  if (status === 401 || status === 403) return `Please run /login · API Error: ${status} `;
  return status === 429 ? "API Error: Request rejected (429) · " : `API Error: ${status} `;
}

const LIMITS: Record<string, string> = { five_hour: "session limit", seven_day: "weekly limit" };

/** A plan's limit, as a subscriber is told of it: to the minute in the text, to the second in the transcript. */
export function limitErrorOf({ claim, resetsAt }: { claim: string; resetsAt: number }, at: number): TurnError {
  const reset = new Date(resetsAt * 1000);
  const minutes = reset.getUTCMinutes();
  const hours = reset.getUTCHours();
  const time = `${hours % 12 || 12}${minutes === 0 ? "" : `:${String(minutes).padStart(2, "0")}`}${hours < 12 ? "am" : "pm"}`;
  const isFar = resetsAt * 1000 - at > 24 * 3_600_000;
  const day = isFar ? `${reset.toLocaleString("en-US", { month: "short", day: "numeric", timeZone: "UTC" })}, ` : "";
  return {
    kind: "rate_limit",
    text: `You've hit your ${LIMITS[claim] ?? "limit"} · resets ${day}${time} (UTC)`,
    status: 429,
    quotaLimits: { status: "rejected", rateLimitType: claim, resetsAt },
  };
}
