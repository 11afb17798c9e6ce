const CONTEXT = 3;
/** More lines than this on both sides together are not compared one by one: the whole is replaced. */
const MAX_COMPARED = 4000;

/** A unified diff of two texts, with three lines of context; "" when they are equal. */
export function unifiedDiff(path: string, before: string | null, after: string): string {
  if (before === after) return "";
  const edits = editsOf(linesOf(before ?? ""), linesOf(after));
  const header = [`--- ${before === null ? "/dev/null" : path}`, `+++ ${path}`];
  return [...header, ...hunks(edits)].join("\n");
}

interface Edit {
  mark: " " | "-" | "+";
  line: string;
}

/** A last line without a line break is marked as diff(1) does. */
function linesOf(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  const last = lines.pop();
  return last === "" || last === undefined ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}

function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const room = Math.min(before.length, after.length) - head;
  while (tail < room && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const keep = (line: string): Edit => ({ mark: " ", line });
  return [
    ...before.slice(0, head).map(keep),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(keep),
  ];
}

/** The fewest lines out and in, by the longest common subsequence. */
function middle(before: readonly string[], after: readonly string[]): Edit[] {
  const out = before.map((line): Edit => ({ mark: "-", line }));
  const into = after.map((line): Edit => ({ mark: "+", line }));
  if (before.length === 0 || after.length === 0 || before.length + after.length > MAX_COMPARED)
    return [...out, ...into];
  const width = after.length + 1;
  /** Length of the longest common subsequence of what follows `row` and `column`. */
  const common = new Uint16Array((before.length + 1) * width);
  const at = (row: number, column: number) => common[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      common[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const edits: Edit[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length && column < after.length) {
    if (before[row] === after[column]) {
      edits.push({ mark: " ", line: before[row] ?? "" });
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) edits.push(...out.slice(row, ++row));
    else edits.push(...into.slice(column, ++column));
  }
  return [...edits, ...out.slice(row), ...into.slice(column)];
}

function hunks(edits: readonly Edit[]): string[] {
  const shown = edits.map((_, index) =>
    edits.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ mark }) => mark !== " "),
  );
  const lines: string[] = [];
  let oldLine = 1;
  let newLine = 1;
  for (let index = 0; index < edits.length; ) {
    let end = index;
    while (end < edits.length && shown[end]) end += 1;
    const hunk = edits.slice(index, end);
    if (hunk.length > 0) {
      const removed = hunk.filter(({ mark }) => mark !== "+").length;
      const added = hunk.filter(({ mark }) => mark !== "-").length;
      lines.push(`@@ -${range(oldLine, removed)} +${range(newLine, added)} @@`);
      lines.push(...hunk.map(({ mark, line }) => `${mark}${line}`));
      oldLine += removed;
      newLine += added;
      index = end;
    } else {
      oldLine += 1;
      newLine += 1;
      index += 1;
    }
  }
  return lines;
}

/** An empty side is written by the line before it. */
function range(start: number, count: number): string {
  return count === 0 ? `${start - 1},0` : `${start},${count}`;
}
