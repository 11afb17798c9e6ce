import type { InputStep } from "../../core/ports/terminal-backend.ts";

/** A key that follows Escape too closely is read as Alt and that key (claude-code-facts §5.3). */
const AFTER_ESCAPE_MS = 120;

/** Keys that empty the input box, given the draft in it ("" when empty, undefined when no box is shown). */
export function planClear(draft: string | undefined): InputStep[] | undefined {
  if (draft === undefined || draft === "") return undefined;
  // Once: a second Ctrl-C within a second ends Claude Code. Ctrl-U would clear one line only.
  return [
    { kind: "keys", keys: ["C-c"] },
    { kind: "pause", ms: 50 },
  ];
}

/**
 * Keys that stash the draft: Claude Code puts it back into the box after the next prompt (seen in 2.1.197 and 2.1.330,
 * several lines too).
 */
export function planStash(): InputStep[] {
  return [
    { kind: "keys", keys: ["C-s"] },
    { kind: "pause", ms: 50 },
  ];
}

/** Keys that stop the running turn. */
export function planInterrupt(): InputStep[] {
  return [
    { kind: "keys", keys: ["Escape"] },
    { kind: "pause", ms: AFTER_ESCAPE_MS },
  ];
}
