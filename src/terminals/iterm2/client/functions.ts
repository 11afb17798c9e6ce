import { type Iterm2Client, type RequestOptions, requestFailed } from "./client.ts";
import { fromJson, type JsonValue } from "./json.ts";
import { statusName } from "./statuses.ts";

export type FunctionArguments = Record<string, string | number | boolean>;

/** How much longer than iTerm2 itself the client waits for the end of a function. */
const GRACE_MS = 1_000;

/**
 * Calls a function of iTerm2's on behalf of a window, tab or session.
 * @param receiver id of it; the function runs for the whole app when absent
 * @throws REQUEST_FAILED (TIMEOUT, FAILED, REQUEST_MALFORMED, INVALID_ID) with `details.reason`
 */
export async function invokeFunction(
  client: Iterm2Client,
  name: string,
  args: FunctionArguments,
  options: RequestOptions & { receiver?: string } = {},
): Promise<JsonValue> {
  const { receiver, timeoutMs = 5_000, signal } = options;
  const ids = receiver === undefined ? [] : [receiver];
  const answer = await client.call(
    "invokeFunction",
    {
      ...(receiver === undefined ? { app: {} } : { method: { receiver } }),
      invocation: invocation(name, args),
      timeout: timeoutMs / 1000,
    },
    { signal, timeoutMs: timeoutMs + GRACE_MS, ids },
  );
  if (answer.success) return fromJson("invokeFunction", answer.success.jsonResult || "null");
  const status = answer.error ? statusName("invokeFunction", answer.error.status) : "FAILED";
  throw requestFailed("invokeFunction", status, ids, {
    function: name,
    reason: answer.error?.errorReason ?? "",
    ...(status === "TIMEOUT" && { outcome: "unknown" }),
  });
}

/** Empty resets it. @throws as `invokeFunction` */
export async function setTabTitle(client: Iterm2Client, tabId: string, title: string, options: RequestOptions = {}) {
  await invokeFunction(client, "iterm2.set_title", { title: plainTitle(title) }, { ...options, receiver: tabId });
}

/** Empty resets it. @throws as `invokeFunction` */
export async function setWindowTitle(
  client: Iterm2Client,
  windowId: string,
  title: string,
  options: RequestOptions = {},
) {
  await invokeFunction(client, "iterm2.set_title", { title: plainTitle(title) }, { ...options, receiver: windowId });
}

/** @throws as `invokeFunction` */
export async function setSessionName(
  client: Iterm2Client,
  sessionId: string,
  name: string,
  options: RequestOptions = {},
) {
  await invokeFunction(client, "iterm2.set_name", { name: plainTitle(name) }, { ...options, receiver: sessionId });
}

/** In iTerm2's expression language: arguments are named, never positional. */
export function invocation(name: string, args: FunctionArguments): string {
  const list = Object.entries(args).map(([argument, value]) => `${argument}: ${literal(value)}`);
  return `${name}(${list.join(", ")})`;
}

function literal(value: string | number | boolean): string {
  return typeof value === "string" ? `"${value.replace(/[\\"]/g, "\\$&")}"` : String(value);
}

/**
 * A title is an interpolated string itself: `\(…)` in it would be executed, however well the argument is quoted. The
 * backslash goes, and so do control characters.
 */
export function plainTitle(title: string): string {
  return title.replace(/\\+\(/g, "(").replace(/\p{Cc}/gu, " ");
}
