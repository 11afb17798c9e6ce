import type { Iterm2Client, RequestOptions } from "./client.ts";
import { Iterm2Error } from "./errors.ts";
import { fromJson, type JsonValue, toJson } from "./json.ts";

/** Profile keys as iTerm2 names them (`Custom Command`, `Badge Text`, …). Null is not a value of any. */
export type ProfileValues = Record<string, JsonValue>;

/**
 * The profile keys of one session; unset ones are left out.
 * @param keys all of them when empty
 * @throws REQUEST_FAILED (SESSION_NOT_FOUND)
 */
export async function getProfileProperties(
  client: Iterm2Client,
  sessionId: string,
  keys: readonly string[],
  options: RequestOptions = {},
): Promise<ProfileValues> {
  const { properties } = await client.call(
    "getProfileProperty",
    { session: sessionId, keys: [...keys] },
    { ...options, ids: [sessionId] },
  );
  return Object.fromEntries(
    (properties ?? []).map(({ key, jsonValue }) => [key ?? "", fromJson("getProfileProperty", jsonValue || "null")]),
  );
}

/**
 * Changes keys in the session's own copy of its profile; the person's profiles stay as they are.
 * @throws REQUEST_FAILED (SESSION_NOT_FOUND, REQUEST_MALFORMED for a value of the wrong type), INVALID_ARGUMENT
 */
export async function setProfileProperties(
  client: Iterm2Client,
  sessionId: string,
  values: ProfileValues,
  options: RequestOptions = {},
): Promise<void> {
  const assignments = profileProperties(values);
  await client.call("setProfileProperty", { session: sessionId, assignments }, { ...options, ids: [sessionId] });
}

/** For requests. JSON that is null or broken makes iTerm2 crash when it opens a tab. @throws INVALID_ARGUMENT */
export function profileProperties(values: ProfileValues): { key: string; jsonValue: string }[] {
  return Object.entries(values).map(([key, value]) => {
    if (value === null) throw new Iterm2Error("INVALID_ARGUMENT", `Profile key ${key} cannot be null`);
    return { key, jsonValue: toJson(key, value) };
  });
}
