import { TASK_PRIORITIES } from "../task.ts";

/** What nobody says anything about. */
export const NORMAL_PRIORITY = TASK_PRIORITIES.normal;

const WORDS: Record<string, number> = {
  urgent: 9,
  critical: 9,
  highest: 9,
  high: 7,
  medium: 5,
  normal: 5,
  low: 3,
  lowest: 1,
  p0: 9,
  p1: 7,
  p2: 5,
  p3: 3,
};
/** A number alone is part of the title: `Move to version (5)`. */
const MARK = "(?:priority:?[ \\t]*(\\d{1,2}|[a-z]\\w*)|([a-z]\\w*))";
const AT_END = new RegExp(`[ \\t]*(?:\\(${MARK}\\)|\\[${MARK}\\])[ \\t]*$`, "i");
const AT_START = new RegExp(`^(?:\\(${MARK}\\)|\\[${MARK}\\]):?[ \\t]+`, "i");

/** `Mend it (high)` → `Mend it`, 7. In round or square brackets, at the end or in front; null where there is none. */
export function parsePriorityMark(body: string): { title: string; priority: number | null } {
  for (const pattern of [AT_END, AT_START]) {
    const found = pattern.exec(body);
    const word = found?.slice(1).find((group) => group !== undefined);
    const priority = word === undefined ? undefined : priorityOf(word.toLowerCase());
    if (!found || priority === undefined) continue;
    const title = (body.slice(0, found.index) + body.slice(found.index + found[0].length)).trim();
    // `(high)` alone is a title.
    if (title !== "") return { title, priority };
  }
  return { title: body.trim(), priority: null };
}

/** What stands behind a title for this priority; "" for the normal one. */
export function priorityMark(priority: number): string {
  if (priority === NORMAL_PRIORITY) return "";
  const word = ["urgent", "high", "low"].find((name) => WORDS[name] === priority);
  return ` (${word ?? `priority ${priority}`})`;
}

function priorityOf(word: string): number | undefined {
  if (Object.hasOwn(WORDS, word)) return WORDS[word];
  const number = /^\d+$/.test(word) ? Number(word) : Number.NaN;
  return number >= 1 && number <= 10 ? number : undefined;
}
