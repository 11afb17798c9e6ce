import { AppError } from "../../core/errors.ts";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * `K=V`, or `K` to take the value from the caller's environment (⊕A14).
 * @throws INVALID_INPUT for a malformed name, or a name without a value that the caller does not have
 */
export function parseEnv(entries: readonly string[], callerEnv: Record<string, string>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const entry of entries) {
    const equals = entry.indexOf("=");
    const name = equals < 0 ? entry : entry.slice(0, equals);
    if (!NAME.test(name)) {
      throw new AppError("INVALID_INPUT", `${JSON.stringify(name)} cannot be the name of an environment variable`, {
        details: { name },
      });
    }
    const value = equals < 0 ? callerEnv[name] : entry.slice(equals + 1);
    if (value === undefined) {
      throw new AppError("INVALID_INPUT", `The environment has no variable ${name}`, {
        hint: `Write --env ${name}=VALUE, or export it first.`,
        details: { name },
      });
    }
    result[name] = value;
  }
  return result;
}
