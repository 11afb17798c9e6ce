import { parsePriorityMark } from "./priority-mark.ts";

/** What a box shows: `[ ]`, `[~]` or `[/]`, `[x]`, `[-]`. */
export type BoxMark = "open" | "doing" | "done" | "dropped";

export const BOX_SIGNS: Record<BoxMark, string> = { open: " ", doing: "~", done: "x", dropped: "-" };

/** One `- [ ] …` of a Markdown file. Lines and columns count from 0. */
export interface ListItem {
  line: number;
  /** First line that does not belong to it: behind its paragraphs, notes and nested items. */
  end: number;
  /** 0: not inside another item. */
  depth: number;
  /** Blanks in front of its bullet, and the bullet: `-`, `*`, `+`, `1.`, `2)`. */
  indent: string;
  bullet: string;
  mark: BoxMark;
  title: string;
  /** Null where the line names none. */
  priority: number | null;
  /** Number of the task that the line is about, from its trailing comment. */
  task: number | null;
  /** What stands between the box and the trailing comment, as it is. */
  body: Span;
  /** The box's sign; empty in `[]`. */
  sign: Span;
  /** The trailing comment; empty, and where one would stand, when there is none. */
  tag: Span;
}

/** A part of a line: from (inclusive) to (exclusive). */
export interface Span {
  from: number;
  to: number;
}

export interface TaskList {
  /** `lines.join("\n")` is the text again, byte for byte. */
  lines: string[];
  items: ListItem[];
}

const ITEM = /^((?:[ \t]*>)*[ \t]*)([-*+]|\d{1,9}[.)])([ \t]+)\[([ xX✓✔~/-]?)\](?=[ \t])/u;
const TAG = /<!--[ \t]*TASK_(\d{1,9})(?!\d)(?:(?!-->).)*-->/;
const SIGNS: Record<string, BoxMark> = { x: "done", X: "done", "✓": "done", "✔": "done", "~": "doing", "/": "doing" };

/**
 * Reads the items with a box of a Markdown text; tolerant: whatever is none is passed over. Code fences and comments hold no
 * items.
 */
export function parseTaskList(text: string): TaskList {
  const lines = text.split("\n");
  const items: ListItem[] = [];
  /** Items whose block the present line may still belong to, the outermost first. */
  let open: { item: ListItem; width: number; quote: number }[] = [];
  const hidden = new HiddenLines();
  for (const [line, raw] of lines.entries()) {
    const content = raw.replace(/\r$/, "");
    const isHidden = hidden.next(content);
    if (content.trim() === "") continue;
    const prefix = /^(?:[ \t]*>)*[ \t]*/.exec(content)?.[0] ?? "";
    const quote = prefix.split(">").length - 1;
    const width = widthOf(prefix.slice(prefix.lastIndexOf(">") + 1));
    if (open.at(-1)?.quote !== quote) open = [];
    while (open.length > 0 && width <= (open.at(-1)?.width ?? 0)) open.pop();
    for (const { item } of open) item.end = line + 1;
    const item = isHidden ? undefined : readItem(content, line, open.length);
    if (!item) continue;
    items.push(item);
    open.push({ item, width, quote });
  }
  return { lines, items };
}

function readItem(content: string, line: number, depth: number): ListItem | undefined {
  const head = ITEM.exec(content);
  if (!head) return undefined;
  const [whole, indent = "", bullet = "", gap = "", sign = ""] = head;
  const signFrom = indent.length + bullet.length + gap.length + 1;
  const rest = content.slice(whole.length);
  const tag = TAG.exec(rest);
  // Words behind the comment belong to the title, too: such a line is left as it is, but for the comment.
  const words = tag ? rest.slice(0, tag.index) : rest;
  const from = whole.length + (words.length - words.trimStart().length);
  const to = Math.max(from, whole.length + words.trimEnd().length);
  const tagFrom = tag ? whole.length + tag.index : to;
  const { title, priority } = parsePriorityMark(content.slice(from, to));
  return {
    ...{ line, end: line + 1, depth, indent, bullet, title, priority },
    mark: sign === "-" ? "dropped" : (SIGNS[sign] ?? "open"),
    task: tag ? Number(tag[1]) : null,
    body: { from, to },
    sign: { from: signFrom, to: signFrom + sign.length },
    tag: { from: tagFrom, to: tagFrom + (tag?.[0].length ?? 0) },
  };
}

/** Tabs as in Markdown. */
function widthOf(blanks: string): number {
  let width = 0;
  for (const sign of blanks) width = sign === "\t" ? width + 4 - (width % 4) : width + 1;
  return width;
}

/** Which lines stand in a code fence or a comment, told one line after the other. */
class HiddenLines {
  #fence: string | undefined;
  #isInComment = false;

  next(content: string): boolean {
    if (this.#isInComment) {
      const end = content.indexOf("-->");
      if (end >= 0) this.#isInComment = opensComment(content.slice(end + 3));
      return true;
    }
    const mark = /^(?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})(.*)$/.exec(content);
    if (this.#fence !== undefined) {
      if (mark?.[1]?.startsWith(this.#fence) && mark[2]?.trim() === "") this.#fence = undefined;
      return true;
    }
    // Behind backticks, more backticks on the line make it code within a line.
    if (mark?.[1] && !(mark[1].startsWith("`") && mark[2]?.includes("`"))) {
      this.#fence = mark[1];
      return true;
    }
    this.#isInComment = opensComment(content);
    // An item that begins a longer comment cannot take a comment of ours at its end.
    return this.#isInComment;
  }
}

function opensComment(content: string): boolean {
  const start = content.lastIndexOf("<!--");
  return start >= 0 && !content.includes("-->", start + 4);
}
