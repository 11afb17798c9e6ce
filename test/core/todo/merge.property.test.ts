import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assertTaskTransition, isEnded, TASK_STATES, type TaskState } from "../../../src/core/task.ts";
import { mergeTodo } from "../../../src/core/todo/merge-todo.ts";
import { BOX_SIGNS, type BoxMark, parseTaskList } from "../../../src/core/todo/task-list.ts";
import type { TodoBase, TodoTask } from "../../../src/core/todo/todo-base.ts";
import { editLine, shownFields } from "../../../src/core/todo/todo-line.ts";

const HEADING = "# Tasks\n";

/** A store, a file and what was last written, as the operations keep them; every sync can be cut off between its steps. */
class Desk {
  readonly tasks = new Map<number, TodoTask>();
  readonly marks = new Map<number, BoxMark>();
  readonly submitted: string[] = [];
  readonly retried = new Set<number>();
  file: string | undefined;
  base: TodoBase | null = null;
  #titles = 0;

  /** Each title is there once, so that one can tell whose line is which. */
  title = () =>
    `Do ${["this", "that (high)", "**much** `more`", "[all](of.it)"][this.#titles % 4]} no ${++this.#titles}`;

  submit(task: Omit<TodoTask, "number">): TodoTask {
    const stored = { number: this.tasks.size + 1, ...task };
    this.tasks.set(stored.number, stored);
    return stored;
  }

  /** Yields where another actor, or a crash, may come in between. */
  *sync(): Generator<"cut", { isQuiet: boolean }> {
    const text = this.file;
    const { base } = this;
    const merge = mergeTodo({ text, base, tasks: [...this.tasks.values()], heading: HEADING });
    yield "cut";
    const made = new Map<number, TodoTask>();
    for (const { line, title, priority } of merge.added) {
      this.submitted.push(title);
      const task = this.submit({ title, priority, state: "queued", owner: null });
      const item = parseTaskList(text ?? "").items.find((one) => one.line === line);
      this.marks.set(task.number, item?.mark ?? "open");
      made.set(line, task);
    }
    for (const change of merge.changes) {
      const task = this.tasks.get(change.task);
      if (!task || isEnded(task.state)) continue;
      if (change.kind === "mark") this.marks.set(change.task, change.mark);
      else
        this.tasks.set(change.task, {
          ...task,
          ...(change.kind === "title" ? { title: change.title } : { priority: change.priority }),
        });
    }
    this.base = merge.absorbed(made);
    yield "cut";
    const written = merge.write(made);
    // Somebody saved the file meanwhile: the next sync sees it, with the base that says what was taken over already.
    if (this.file !== text) return { isQuiet: false };
    this.#check(text ?? HEADING, written.text, base);
    this.file = written.text;
    yield "cut";
    this.base = written.base;
    return { isQuiet: written.text === text && merge.added.length + merge.changes.length + merge.notes.length === 0 };
  }

  /** What is nobody's line stays byte for byte; what a person wrote into a line stands there still. */
  #check(before: string, after: string, base: TodoBase | null): void {
    // A last line without a break gets one when something comes behind it.
    const whole = (text: string) => (text.includes("\r\n") && !text.endsWith("\n") ? `${text}\r` : text);
    const prose = (text: string) =>
      whole(text)
        .split("\n")
        .filter((line) => line.includes("prose"));
    expect(prose(after)).toEqual(prose(before));
    const items = parseTaskList(after).items;
    for (const { task, title } of parseTaskList(before).items) {
      const known = task === null ? undefined : base?.tasks[task];
      if (task === null || !known || known.file.title === title) continue;
      expect(items.filter((item) => item.task === task && item.title === title)).toHaveLength(1);
    }
  }

  quiet(): void {
    for (let round = 0; round < 6; round += 1) {
      const sync = this.sync();
      let step = sync.next();
      while (!step.done) step = sync.next();
      if (step.value.isQuiet) return;
    }
    throw new Error(`no rest:\n${this.file}`);
  }
}

type Act = (desk: Desk, pick: number) => void;

function edit(desk: Desk, pick: number, change: (lines: string[], at: number) => void): void {
  const text = desk.file ?? "";
  const { items, lines } = parseTaskList(text);
  const item = items[pick % Math.max(1, items.length)];
  if (!item) return;
  change(lines, item.line);
  desk.file = lines.join("\n");
}

const setMark =
  (mark: BoxMark): Act =>
  (desk, pick) =>
    edit(desk, pick, (lines, at) => {
      const [item] = parseTaskList(lines[at] ?? "").items;
      if (item) lines[at] = editLine(lines[at] ?? "", item, { mark });
    });

function insertLine(desk: Desk, pick: number, made: (eol: string) => string[]): void {
  const lines = (desk.file ?? "").split("\n");
  const eol = lines[0]?.endsWith("\r") ? "\r" : "";
  lines.splice(pick % (lines.length + 1), 0, ...made(eol).map((line) => line + eol));
  desk.file = lines.join("\n");
}

function move(desk: Desk, pick: number, change: (task: TodoTask) => Partial<TodoTask>): void {
  const task = [...desk.tasks.values()][pick % Math.max(1, desk.tasks.size)];
  if (task) desk.tasks.set(task.number, { ...task, ...change(task) });
}

const PRIORITIES = [1, 3, 5, 7, 9];
const ACTS: Record<string, Act> = {
  "a person ticks": setMark("done"),
  "a person unticks": setMark("open"),
  "a person begins": setMark("doing"),
  "a person retitles": (desk, pick) =>
    edit(desk, pick, (lines, at) => {
      const [item] = parseTaskList(lines[at] ?? "").items;
      if (item) lines[at] = editLine(lines[at] ?? "", item, { body: desk.title() });
    }),
  "a person adds an item": (desk, pick) => insertLine(desk, pick, () => [`- [ ] ${desk.title()}`]),
  "a person adds an item with notes": (desk, pick) =>
    insertLine(desk, pick, () => [`* [ ] ${desk.title()} (low)  `, "    prose below it", `  - [ ] ${desk.title()}`]),
  "a person writes prose": (desk, pick) => insertLine(desk, pick, () => [`prose ${pick}\t `, ""]),
  "a person removes a line": (desk, pick) => edit(desk, pick, (lines, at) => lines.splice(at, 1)),
  "a person removes the file": (desk, pick) => {
    if (pick % 5 === 0) desk.file = undefined;
  },
  "an agent writes the file anew, without comments": (desk) => {
    desk.file = desk.file?.replace(/ ?<!-- TASK_\d+(?:(?!-->).)*-->/g, "");
  },
  "the scheduler submits": (desk, pick) => {
    desk.submit({ title: desk.title(), priority: PRIORITIES[pick % 5] ?? 5, state: "queued", owner: null });
  },
  "the scheduler moves": (desk, pick) =>
    move(desk, pick, ({ number, state }) => {
      const to = TASK_STATES[(pick >> 4) % TASK_STATES.length] ?? state;
      if (!mayGo(state, to)) return {};
      if (isEnded(state)) desk.retried.add(number);
      return { state: to, owner: "Agent_1" };
    }),
  "the scheduler retitles": (desk, pick) =>
    move(desk, pick, ({ state }) => (isEnded(state) ? {} : { title: desk.title() })),
  "the scheduler reprioritises": (desk, pick) =>
    move(desk, pick, ({ state }) => (isEnded(state) ? {} : { priority: PRIORITIES[(pick >> 4) % 5] ?? 5 })),
};

function mayGo(from: TaskState, to: TaskState): boolean {
  try {
    assertTaskTransition(from, to);
    return true;
  } catch {
    return false;
  }
}

/** Either somebody acts, or a running sync goes one step on, or it is cut off. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ act: fc.constantFrom(...Object.keys(ACTS)), pick: fc.nat(1 << 16) }) },
  { weight: 5, arbitrary: fc.constant("go on" as const) },
  { weight: 1, arbitrary: fc.constant("crash" as const) },
);

describe("TODO.md and the store of tasks, edited at once by people, agents and the scheduler", () => {
  it("⊕A5: lose no edit, submit nothing twice, keep all prose, and come to rest", () => {
    let ticks = 0;
    let crashes = 0;
    const start = fc.constantFrom(
      undefined,
      "",
      "prose first\r\n\r\n- [ ] Already there\r\n\r\nprose last",
      "1. [ ] One\n2. [x] Two\n",
    );
    fc.assert(
      fc.property(start, fc.array(step, { maxLength: 60 }), (file, steps) => {
        const desk = new Desk();
        desk.file = file;
        let running: ReturnType<Desk["sync"]> | undefined;
        for (const each of steps) {
          if (each === "crash") {
            if (running) crashes += 1;
            running = undefined;
          } else if (each === "go on") {
            running ??= desk.sync();
            if (running.next().done) running = undefined;
          } else ACTS[each.act]?.(desk, each.pick);
        }
        desk.quiet();

        const { items } = parseTaskList(desk.file ?? "");
        expect(new Set(desk.submitted).size, "submitted twice").toBe(desk.submitted.length);
        for (const item of items) {
          const task = item.task === null ? undefined : desk.tasks.get(item.task);
          // What is open and at the top is a task of the store, under the title that it has there.
          if (!task) {
            expect(item.depth > 0 || item.mark === "done" || item.mark === "dropped", item.title).toBe(true);
          } else if (!isEnded(task.state)) {
            const shown = shownFields(task);
            expect([item.title, item.priority ?? 5]).toEqual([shown.title, shown.priority]);
            if (!desk.retried.has(task.number)) {
              expect(BOX_SIGNS[item.mark]).toBe(BOX_SIGNS[desk.marks.get(task.number) ?? "open"]);
              if (item.mark === "done") ticks += 1;
            }
          } else expect(item.mark === "done").toBe(task.state === "done");
        }
        for (const { number, state } of desk.tasks.values()) {
          const lines = items.filter(({ task }) => task === number).length;
          expect(lines, `lines of TASK_${number} (${state})`).toBeLessThanOrEqual(1);
          if (!isEnded(state)) expect(lines, `lines of TASK_${number} (${state})`).toBe(1);
        }
      }),
      { numRuns: 3_000 },
    );
    // Some 60 and 700: enough of both to prove something.
    expect(Math.min(ticks, crashes)).toBeGreaterThan(10);
  }, 60_000);
});
