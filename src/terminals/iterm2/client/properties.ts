import type { Iterm2Client, RequestOptions } from "./client.ts";
import { fromJson, type JsonValue, toJson } from "./json.ts";
import { statusName } from "./statuses.ts";

export type PropertyTarget = { sessionId: string } | { windowId: string };

/**
 * A property of a session (`grid_size`, one less than in the listing; `buried`; `number_of_lines`) or a window (`frame`,
 * `fullscreen`).
 * @throws REQUEST_FAILED (UNRECOGNIZED_NAME, INVALID_TARGET)
 */
export async function getProperty(
  client: Iterm2Client,
  target: PropertyTarget,
  name: string,
  options: RequestOptions = {},
): Promise<JsonValue> {
  const ids = Object.values(target);
  const { jsonValue } = await client.call("getProperty", { ...target, name }, { ...options, ids });
  return fromJson("getProperty", jsonValue || "null");
}

/**
 * Sets a property; `deferred` when iTerm2 does it later.
 * @throws REQUEST_FAILED (UNRECOGNIZED_NAME, INVALID_VALUE, INVALID_TARGET, IMPOSSIBLE, FAILED), INVALID_ARGUMENT
 */
export async function setProperty(
  client: Iterm2Client,
  target: PropertyTarget,
  name: string,
  value: JsonValue,
  options: RequestOptions = {},
): Promise<"done" | "deferred"> {
  const { status } = await client.call(
    "setProperty",
    { ...target, name, jsonValue: toJson(name, value) },
    { ...options, ids: Object.values(target), accept: ["DEFERRED"] },
  );
  return statusName("setProperty", status) === "DEFERRED" ? "deferred" : "done";
}
