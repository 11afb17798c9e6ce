import { AppError, toAppError } from "../core/errors.ts";
import { undeceiving } from "./output.ts";

/** Maps what oclif's parser throws to our registry; everything else is described by the core. */
export function toCliError(thrown: unknown): AppError {
  if (thrown instanceof AppError || !(thrown instanceof Error)) return toAppError(thrown);
  // oclif marks the user's mistakes with exit code 2 and puts the sentence first, usage hints behind it (style §5).
  const exit = (thrown as { oclif?: { exit?: number } }).oclif?.exit;
  if (exit !== 2) return toAppError(thrown);
  const [message = thrown.message] = thrown.message.split("\n");
  const hint = message.startsWith("Nonexistent flag")
    ? { hint: "Run the command with --help to see its flags; put -- before a text that starts with '-'." }
    : {};
  return new AppError("INVALID_INPUT", message.replace(/\s*See more help with --help$/, ""), {
    ...hint,
    cause: thrown,
  });
}

/** Text form of an error, for stderr (interface §4). */
export function describeError(error: AppError): string {
  // The message may quote an agent or a program.
  return `Error: ${undeceiving(error.message)}\nCode: ${error.code}\nTry this: ${undeceiving(error.hint)}`;
}

/** True when `--json` was asked for, also where the arguments could not be parsed. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return (end < 0 ? argv : argv.slice(0, end)).includes("--json");
}
