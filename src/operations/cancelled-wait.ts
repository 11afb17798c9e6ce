import { AppError, toAppError } from "../core/errors.ts";

/**
 * What to throw when a wait ends with `thrown`: where it was cancelled, but the work goes on, an error that tells so. The
 * registry's own hint, "run it again", would have the same work done twice.
 *
 * @param work what goes on, as `message msg_… is recorded`
 * @param hint how to look at it, or what to do instead
 */
export function goesOnWhen(
  thrown: unknown,
  work: string,
  { hint, details }: { hint: string; details: Record<string, unknown> },
): AppError {
  const error = toAppError(thrown);
  if (error.kind !== "cancelled") return error;
  return new AppError("CANCELLED", `Cancelled, but ${work}`, { hint, details, cause: thrown });
}
