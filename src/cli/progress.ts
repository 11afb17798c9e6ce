import type { Progress } from "../operations/context.ts";
import { type Output, undeceiving } from "./output.ts";

/**
 * Progress goes to stderr, each thing once, and only where a person looks. It may quote what an agent asks.
 * @param isTerminal whether stderr is one
 */
export function progressPrinter(output: Output, isTerminal: boolean): (progress: Pick<Progress, "message">) => void {
  let last = "";
  return ({ message }) => {
    if (!isTerminal || message === last) return;
    last = message;
    output.note(undeceiving(message));
  };
}
