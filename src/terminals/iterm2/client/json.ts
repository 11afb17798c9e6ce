import { Iterm2Error } from "./errors.ts";

export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };

/**
 * JSON text for iTerm2.
 * @throws INVALID_ARGUMENT for what has none (undefined, NaN, a function)
 */
export function toJson(name: string, value: JsonValue): string {
  const isNumberWithout = typeof value === "number" && !Number.isFinite(value);
  const text = isNumberWithout ? undefined : (JSON.stringify(value) as string | undefined);
  if (text === undefined) throw new Iterm2Error("INVALID_ARGUMENT", `The value of ${name} has no JSON form`);
  return text;
}

/** @throws BAD_ANSWER */
export function fromJson(request: string, text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new Iterm2Error("BAD_ANSWER", `iTerm2 answered ${request} with broken JSON`, {
      details: { request },
      cause: error,
    });
  }
}
