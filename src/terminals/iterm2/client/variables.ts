import type { Iterm2Client, RequestOptions } from "./client.ts";
import { Iterm2Error } from "./errors.ts";
import { fromJson, type JsonValue, toJson } from "./json.ts";
import type { Requests } from "./messages.ts";

/** Whose variables. */
export type VariableScope = { sessionId: string } | { tabId: string } | { windowId: string } | { app: true };

/**
 * Variables by name (`pid`, `tty`, `user.tag`, …); null when unset. Programs can set `user.*` of their own session:
 * not to be trusted.
 * @throws REQUEST_FAILED (SESSION_NOT_FOUND, TAB_NOT_FOUND, WINDOW_NOT_FOUND)
 */
export async function getVariables<Name extends string>(
  client: Iterm2Client,
  scope: VariableScope,
  names: readonly Name[],
  options: RequestOptions = {},
): Promise<Record<Name, JsonValue>> {
  return await exchange(client, scope, {}, names, options);
}

/**
 * Sets variables and returns what iTerm2 holds then. Null unsets one.
 * @param values names are `user.` and one more word
 * @throws REQUEST_FAILED as `getVariables`, and INVALID_NAME; INVALID_ARGUMENT
 */
export async function setVariables<Name extends `user.${string}`>(
  client: Iterm2Client,
  scope: VariableScope,
  values: Record<Name, JsonValue>,
  options: RequestOptions = {},
): Promise<Record<Name, JsonValue>> {
  const names = Object.keys(values) as Name[];
  const wrong = names.find((name) => !/^user\.[^.]+$/.test(name));
  if (wrong !== undefined) throw new Iterm2Error("INVALID_ARGUMENT", `Variable ${wrong} is not user.<word>`);
  return await exchange(client, scope, values, names, options);
}

/** One request: iTerm2 sets before it gets, so that reading back costs nothing. */
async function exchange<Name extends string>(
  client: Iterm2Client,
  scope: VariableScope,
  values: Record<string, JsonValue>,
  names: readonly Name[],
  options: RequestOptions,
): Promise<Record<Name, JsonValue>> {
  const set = Object.entries(values).map(([name, value]) => ({ name, value: toJson(name, value) }));
  const content: Requests["variable"] = { ...scope, set, get: [...names] };
  const ids = Object.values(scope).filter((id) => typeof id === "string");
  const answer = await client.call("variable", content, { ...options, ids });
  const texts = answer.values ?? [];
  if (texts.length !== names.length) {
    throw new Iterm2Error("BAD_ANSWER", `iTerm2 answered ${names.length} variables with ${texts.length} values`, {
      details: { request: "variable", ids },
    });
  }
  return Object.fromEntries(names.map((name, index) => [name, fromJson("variable", texts[index] ?? "null")])) as Record<
    Name,
    JsonValue
  >;
}
