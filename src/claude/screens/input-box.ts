import type { Screen } from "../../core/ports/terminal-backend.ts";
import { GHOST_TEXTS } from "./texts.ts";

/** The two lines around the input box; the upper one may carry the session's name at its right end. */
const RULE = /^─{4,}(?: \S.* ─+)?─*$/;
const LOWER_RULE = /^─{4,}$/;
const PROMPT = /^[❯>!](?:\s|$)/;
const SELECTED_OPTION = /^\s*❯\s+\S/;

/** Lines inside the box, or undefined when the screen ends with something else: a dialog replaces the box (facts §6.3). */
export function boxLines(screen: Screen): string[] | undefined {
  const { lines } = screen;
  const bottom = lines.findLastIndex((line) => LOWER_RULE.test(line.trimEnd()));
  if (bottom < 0) return undefined;
  const top = lines.slice(0, bottom).findLastIndex((line) => isRule(line));
  const first = lines[top + 1];
  if (top < 0 || top + 1 >= bottom || first === undefined || !PROMPT.test(first)) return undefined;
  // What looks like a box may be an agent's drawing above a real dialog, which has a selected option below it.
  if (lines.slice(bottom + 1).some((line) => SELECTED_OPTION.test(line))) return undefined;
  return lines.slice(top + 1, bottom);
}

export function isRule(line: string): boolean {
  return RULE.test(line.trimEnd());
}

/**
 * Text that stands in the input box: "" when it is empty or shows only a hint, undefined when there is no box. A line
 * that the terminal's width broke cannot be told from one that the text breaks. A collapsed paste reads as its
 * placeholder, `[Pasted text #1 +29 lines]`; a box in shell mode keeps its `!`.
 */
export function draft(screen: Screen): string | undefined {
  const lines = boxLines(screen);
  if (!lines) return undefined;
  const [first = "", ...others] = lines;
  const isShell = first.startsWith("!");
  const text = [first.replace(PROMPT, ""), ...others.map((line) => line.replace(/^ {1,2}/, ""))]
    .map((line) => line.trimEnd())
    .join("\n")
    .trimEnd();
  if (isShell) return `!${text}`;
  return GHOST_TEXTS.some((ghost) => ghost.test(text)) ? "" : text;
}
