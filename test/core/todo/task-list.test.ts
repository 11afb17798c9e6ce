import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePriorityMark, priorityMark } from "../../../src/core/todo/priority-mark.ts";
import { parseTaskList } from "../../../src/core/todo/task-list.ts";
import { summariseTodo } from "../../../src/core/todo/todo-summary.ts";

const items = (text: string) => parseTaskList(text).items.map(({ title, mark, depth }) => [title, mark, depth]);

describe("a Markdown list with boxes", () => {
  it("is read with every bullet, box, depth and line break", () => {
    const text = [
      "# Work [ ] not an item",
      "- [ ] one",
      "  * [x] two",
      "\t+ [X] three",
      "    text of three",
      "1. [ ] four",
      "12) [~] five",
      "> - [/] six",
      "- [-] seven",
      "- [] eight",
      "- [✓] nine\r",
      "-[ ] no blank, - [y] no box, [ ] no bullet",
      "- [1] a footnote",
      "- [ ]glued",
      "- [ ](link) and - [a](link)",
    ].join("\n");
    expect(items(text)).toEqual([
      ["one", "open", 0],
      ["two", "done", 1],
      ["three", "done", 2],
      ["four", "open", 0],
      ["five", "doing", 0],
      ["six", "doing", 0],
      ["seven", "dropped", 0],
      ["eight", "open", 0],
      ["nine", "done", 0],
    ]);
  });

  it("passes over code fences and comments, also in lists, and goes on behind them", () => {
    const text = [
      "```md",
      "- [ ] in a fence",
      "~~~",
      "```",
      "- [ ] a",
      "  ~~~~",
      "  - [ ] in another",
      "  ~~~",
      "  ~~~~~",
      "<!-- - [ ] in a comment",
      "- [ ] still",
      "--> - [ ] behind its end",
      "- [ ] b <!-- short --> ",
      "- [ ] c <!-- opens",
      "--> ",
      "`` `a` ```",
      "- [ ] d",
    ].join("\n");
    expect(items(text).map(([title]) => title)).toEqual(["a", "b <!-- short -->", "d"]);
  });

  it("tells which lines belong to an item, and which task it is", () => {
    const { items: found } = parseTaskList(
      "- [ ] a (high) <!-- TASK_12: Agent_2 is on it -->\n  note\n\n  more\n- [x] b\nprose\n",
    );
    expect(found).toMatchObject([
      { line: 0, end: 4, title: "a", priority: 7, task: 12 },
      { line: 4, end: 5, title: "b", priority: null, task: null },
    ]);
  });

  it("is never too strange to be read, and comes back byte for byte", () => {
    const piece = fc.constantFrom(
      "- [ ] ",
      "* [x]",
      "  ",
      "\t",
      "\n",
      "\r\n",
      "```",
      "~~~",
      "<!--",
      "-->",
      " TASK_1",
      ">",
      "(high)",
      "ü",
      "1. ",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
        const text = pieces.join("");
        const { lines, items: found } = parseTaskList(text);
        expect(lines.join("\n")).toBe(text);
        for (const { line, end, body, tag, sign } of found) {
          expect(line < end && end <= lines.length).toBe(true);
          expect(sign.to <= body.from && body.from <= body.to && body.to <= tag.from && tag.from <= tag.to).toBe(true);
        }
      }),
    );
  });
});

describe("a priority behind a title", () => {
  it.each([
    ["Mend it (high)", "Mend it", 7],
    ["Mend it [URGENT]", "Mend it", 9],
    ["(low) Mend it", "Mend it", 3],
    ["[P1]: Mend it", "Mend it", 7],
    ["Mend it (priority: 8)", "Mend it", 8],
    ["Mend it (priority low)", "Mend it", 3],
    ["Move to version (5)", "Move to version (5)", null],
    ["Call f (constructor)", "Call f (constructor)", null],
    ["Mend it (priority 11)", "Mend it (priority 11)", null],
    ["(high)", "(high)", null],
  ])("%s", (body, title, priority) => {
    expect(parsePriorityMark(body)).toEqual({ title, priority });
  });

  it("is read as it was written", () => {
    for (let priority = 1; priority <= 10; priority += 1) {
      expect(parsePriorityMark(`Do${priorityMark(priority)}`)).toEqual({
        title: "Do",
        priority: priority === 5 ? null : priority,
      });
    }
  });
});

describe("how far a list is", () => {
  it("R1-22: counts boxes but for dropped ones, and names what is next", () => {
    expect(summariseTodo("- [x] a\n- [ ] b\n  - [ ] b1\n- [ ] c (high)\n- [-] d\n")).toEqual({
      done: 1,
      total: 4,
      current: "c",
    });
    expect(summariseTodo("- [ ] c (high)\n- [~] b\n  - [x] b1\n")).toEqual({ done: 1, total: 3, current: "b" });
    expect(summariseTodo("- [ ] b\n  - [x] b1\n  - [ ] b2\n")).toMatchObject({ current: "b2" });
    expect(summariseTodo("# Nothing\n")).toEqual({ done: 0, total: 0, current: null });
    expect(summariseTodo("* [x] all")).toEqual({ done: 1, total: 1, current: null });
  });
});
