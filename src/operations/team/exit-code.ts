import { EXIT_CODES } from "../../core/errors.ts";
import type { CoordinationState } from "../../core/team/coordination.ts";

/** Of a call that waited for the end: 7 when nobody answered, 130 when it was cancelled. */
export function exitCodeOf(output: Record<string, unknown>): number {
  const { state } = output.coordination as { state: CoordinationState };
  if (state === "failed") return EXIT_CODES.failed;
  return state === "cancelled" ? EXIT_CODES.cancelled : 0;
}
