import type { Screen } from "../../core/ports/terminal-backend.ts";
import { isRule } from "./input-box.ts";

/** `✻ 500 Scripted error 500 · retrying in 2s · attempt 2/2` (2.1.330), `Retrying` with a capital in 2.1.197. Not what is said or asked. */
const NOTICE = /^[^\s●⏺❯>] (.+?) · retrying in (\S+(?: \d+s)?) · attempt (\d+\/\d+)$/i;
/** Between the notice and the box there is at most a tip. */
const LINES_ABOVE_BOX = 4;

/**
 * What Claude Code shows above its input box while it tries a failed request again, as
 * `API error, in 2s, attempt 1/10`; undefined when it does not.
 */
export function retryNotice(screen: Screen): string | undefined {
  const lines = screen.lines.map((line) => line.trimEnd()).filter((line) => line !== "");
  const bottom = lines.findLastIndex(isRule);
  const top = lines.slice(0, Math.max(0, bottom)).findLastIndex(isRule);
  const above = lines.slice(Math.max(0, top - LINES_ABOVE_BOX), Math.max(0, top));
  const [, problem, delay, attempt] = above.map((line) => NOTICE.exec(line)).findLast((match) => match !== null) ?? [];
  return problem === undefined ? undefined : `${problem}, in ${delay}, attempt ${attempt}`;
}
