import type { RequestKind } from "./messages.ts";

/** Names of iTerm2's statuses by number, as in its api.proto. A kind that is not listed answers without status. */
const STATUSES: Partial<Record<RequestKind, readonly string[]>> = {
  notification: [
    "OK",
    "SESSION_NOT_FOUND",
    "REQUEST_MALFORMED",
    "NOT_SUBSCRIBED",
    "ALREADY_SUBSCRIBED",
    "DUPLICATE_SERVER_ORIGINATED_RPC",
    "INVALID_IDENTIFIER",
  ],
  getBuffer: ["OK", "SESSION_NOT_FOUND", "INVALID_LINE_RANGE", "REQUEST_MALFORMED"],
  setProfileProperty: ["OK", "SESSION_NOT_FOUND", "REQUEST_MALFORMED", "BAD_GUID"],
  sendText: ["OK", "SESSION_NOT_FOUND"],
  createTab: ["OK", "INVALID_PROFILE_NAME", "INVALID_WINDOW_ID", "INVALID_TAB_INDEX", "MISSING_SUBSTITUTION"],
  splitPane: ["OK", "SESSION_NOT_FOUND", "INVALID_PROFILE_NAME", "CANNOT_SPLIT", "MALFORMED_CUSTOM_PROFILE_PROPERTY"],
  getProfileProperty: ["OK", "SESSION_NOT_FOUND", "REQUEST_MALFORMED", "ERROR"],
  setProperty: ["OK", "UNRECOGNIZED_NAME", "INVALID_VALUE", "INVALID_TARGET", "DEFERRED", "IMPOSSIBLE", "FAILED"],
  getProperty: ["OK", "UNRECOGNIZED_NAME", "INVALID_TARGET"],
  activate: ["OK", "BAD_IDENTIFIER", "INVALID_OPTION"],
  variable: [
    "OK",
    "SESSION_NOT_FOUND",
    "INVALID_NAME",
    "MISSING_SCOPE",
    "TAB_NOT_FOUND",
    "MULTI_GET_DISALLOWED",
    "WINDOW_NOT_FOUND",
  ],
  close: ["OK", "NOT_FOUND", "USER_DECLINED"],
  invokeFunction: ["OK", "TIMEOUT", "FAILED", "REQUEST_MALFORMED", "INVALID_ID"],
};

/** An absent status is 0, which is OK. A number that is not known is never OK. */
export function statusName(kind: RequestKind, status: number | null | undefined): string {
  return STATUSES[kind]?.[status ?? 0] ?? (status ? `STATUS_${status}` : "OK");
}
