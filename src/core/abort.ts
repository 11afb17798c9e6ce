import { AppError } from "./errors.ts";

/** Throws CANCELLED when the signal is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError("CANCELLED", "Cancelled", { cause: signal.reason });
}
