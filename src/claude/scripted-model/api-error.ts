import type { ServerResponse } from "node:http";
import type { ScriptedError } from "../../core/scripted-prompt.ts";
import { serverSentEvent } from "./server-sent-event.ts";

const ERROR_TYPES: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};

/**
 * Answers with an error in the shape of the Messages API, as a status or, once a stream has begun, as its last event.
 * Resolves once it is sent.
 */
export function apiError(
  response: ServerResponse,
  { status, retryAfter, message }: Omit<ScriptedError, "times">,
  headers: Record<string, string> = {},
): Promise<void> {
  const error = { type: ERROR_TYPES[status] ?? "api_error", message: message ?? `Scripted error ${status}` };
  if (response.headersSent) return finished(response, serverSentEvent("error", { error }));
  response.writeHead(status, {
    "content-type": "application/json",
    "request-id": "req_scripted",
    ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
    ...headers,
  });
  return finished(response, JSON.stringify({ type: "error", error }));
}

/** A plan's limit is used up: the headers are what Claude Code makes its sentence of, with the time of the reset. */
export function limitError(
  response: ServerResponse,
  { claim, resetsAt }: { claim: string; resetsAt: number },
): Promise<void> {
  const error = {
    status: 429,
    message: "This request would exceed your account's rate limit. Please try again later.",
  };
  return apiError(response, error, {
    "anthropic-ratelimit-unified-status": "rejected",
    "anthropic-ratelimit-unified-representative-claim": claim,
    "anthropic-ratelimit-unified-reset": String(resetsAt),
  });
}

/** Resolves when the last bytes were handed to the network. */
export function finished(response: ServerResponse, lastBytes: string): Promise<void> {
  return new Promise((resolve) => response.end(lastBytes, resolve));
}
