import { describe, expect, it } from "vitest";
import { mergeTodo } from "../../../src/core/todo/merge-todo.ts";
import type { TodoBase, TodoTask } from "../../../src/core/todo/todo-base.ts";

const HEADING = "# Tasks\n";
const task = (number: number, change: Partial<TodoTask> = {}): TodoTask => ({
  ...{ number, title: `Do ${number}`, priority: 5, state: "queued", owner: null },
  ...change,
});

interface Agreed {
  text: string;
  base: TodoBase;
}

function merge(before: Partial<Agreed>, tasks: TodoTask[], submitted: TodoTask[] = []) {
  const merged = mergeTodo({ text: before.text, base: before.base ?? null, tasks, heading: HEADING });
  const made = new Map(merged.added.map(({ line }, index) => [line, submitted[index] ?? task(99)]));
  return { ...merged, ...merged.write(made) };
}

const edited = (agreed: Agreed, change: (text: string) => string): Agreed => ({ ...agreed, text: change(agreed.text) });

describe("a new TODO.md", () => {
  it("holds what is open, and not what had ended before", () => {
    const { text, added, changes } = merge({}, [
      task(2, { priority: 7, state: "running", owner: "Agent_1" }),
      task(1),
      task(3, { state: "done" }),
    ]);
    expect(text).toBe("# Tasks\n\n- [ ] Do 1 <!-- TASK_1 -->\n- [ ] Do 2 (high) <!-- TASK_2: Agent_1 is on it -->\n");
    expect([added, changes]).toEqual([[], []]);
  });
});

describe("the store's changes", () => {
  it("show in the file: an end, a title, a priority, an owner, and what came and ended at once", () => {
    const before = merge({}, [task(1), task(2), task(3)]);
    const { text, changes } = merge(before, [
      task(1, { state: "done", owner: "Agent_1" }),
      task(2, { state: "cancelled" }),
      task(3, { title: "Do\n <!-- it", priority: 9 }),
      task(4, { state: "failed" }),
    ]);
    expect(text).toBe(
      "# Tasks\n\n- [x] Do 1 <!-- TASK_1: done by Agent_1 -->\n- [-] Do 2 <!-- TASK_2: cancelled -->\n" +
        "- [ ] Do <! -- it (urgent) <!-- TASK_3 -->\n- [ ] Do 4 <!-- TASK_4: failed -->\n",
    );
    expect(changes).toEqual([]);
  });

  it("a failure takes a tick back, and so does a retry", () => {
    const ticked = edited(merge({}, [task(1)]), (text) => text.replace("[ ]", "[x]"));
    const running = merge(ticked, [task(1, { state: "running" })]);
    expect(running.text).toContain("- [x] Do 1");
    const failed = merge(running, [task(1, { state: "failed" })]);
    expect(failed.text).toContain("- [ ] Do 1 <!-- TASK_1: failed -->");
    const done = merge(failed, [task(1, { state: "done" })]);
    expect(merge(done, [task(1)]).text).toContain("- [ ] Do 1 <!-- TASK_1 -->");
  });
});

describe("what somebody does in the file", () => {
  it("A5: a tick is progress, and stays, whatever else changes but the end", () => {
    const before = merge({}, [task(1), task(2)]);
    const ticked = merge(
      edited(before, (text) => text.replace("[ ] Do 1", "[X] Do 1")),
      [task(1, { state: "running" }), task(2)],
    );
    expect(ticked.changes).toEqual([{ kind: "mark", task: 1, mark: "done" }]);
    expect(ticked.text).toContain("- [X] Do 1 <!-- TASK_1: under way -->");
    expect(merge(ticked, [task(1, { state: "checking" }), task(2)]).changes).toEqual([]);
  });

  it("a new item is a task with what stands below it, under its number from then on; steps and history are none", () => {
    const before = merge({}, [task(1)]);
    const text = before.text.replace(
      "- [ ] Do 1",
      "* [ ] New (low)  \r\n    because\n\n    - [ ] step\n- [x] Old\n## Mine\n- [ ] Do 1",
    );
    const after = merge({ ...before, text }, [task(1)], [task(2, { title: "New", priority: 3 })]);
    expect(after.added).toEqual([{ line: 2, title: "New", text: "New\n\nbecause\n\n- [ ] step", priority: 3 }]);
    expect(after.text).toBe(text.replace("New (low)", "New (low) <!-- TASK_2 -->"));
    expect(merge(after, [task(1), task(2, { title: "New", priority: 3 })])).toMatchObject({
      added: [],
      text: after.text,
    });
  });

  it("the same item is not submitted again after a crash before the file was written, not even when it ended since", () => {
    const text = "- [ ] New\n";
    const first = mergeTodo({ text, base: null, tasks: [], heading: HEADING });
    const base = first.absorbed(new Map([[0, task(1, { title: "New" })]]));
    for (const state of ["queued", "running", "done", "failed"] as const) {
      const again = merge({ text, base }, [task(1, { title: "New", state })]);
      expect(again.added).toEqual([]);
      expect(again.text).toContain("TASK_1");
    }
  });

  it("a tick on a line that was written just before a crash is told once, and remembered", () => {
    const { base } = merge({}, []);
    const written = merge({ base }, [task(1)]).text;
    const ticked = written.replace("[ ]", "[x]");
    const seen = mergeTodo({ text: ticked, base, tasks: [task(1)], heading: HEADING });
    expect(seen.changes).toEqual([{ kind: "mark", task: 1, mark: "done" }]);
    const absorbed = seen.absorbed(new Map());
    expect(merge({ text: ticked, base: absorbed }, [task(1)]).changes).toEqual([]);
    expect(merge({ text: HEADING, base: absorbed }, [task(1)]).text).toContain("- [x] Do 1 <!-- TASK_1 -->");
  });

  it("title and priority go into the store, also when the store changed them meanwhile", () => {
    const before = merge({}, [task(1)]);
    const mine = edited(before, (text) => text.replace("Do 1", "Do it well (high)"));
    const after = merge(mine, [task(1, { title: "Do it fast", priority: 3 })]);
    expect(after.changes).toEqual([
      { kind: "title", task: 1, title: "Do it well" },
      { kind: "priority", task: 1, priority: 7 },
    ]);
    expect(after.text).toBe(mine.text);
  });

  it("a removed line of open work comes back and is told, with its tick; of ended work it stays away", () => {
    const before = edited(merge({}, [task(1), task(2)]), (text) => text.replaceAll("[ ]", "[x]"));
    const ticked = merge(before, [task(1), task(2)]);
    const gone = { ...ticked, text: "# Tasks\n" };
    const after = merge(gone, [task(1), task(2, { state: "done" })]);
    expect(after.notes).toEqual([{ task: 1, kind: "removed" }]);
    expect(after.text).toBe("# Tasks\n\n- [x] Do 1 <!-- TASK_1 -->\n");
    expect(merge(after, [task(1), task(2, { state: "done" })]).text).toBe(after.text);
  });

  it("unticking what is done is taken back, and told", () => {
    const before = merge(merge({}, [task(1)]), [task(1, { state: "done" })]);
    const after = merge(
      edited(before, (text) => text.replace("[x]", "[ ]")),
      [task(1, { state: "done" })],
    );
    expect(after).toMatchObject({ notes: [{ task: 1, kind: "ended" }], changes: [], text: before.text });
  });

  it("a copied line with another title is new, one with the same title is left alone", () => {
    const before = merge({}, [task(1)]);
    const copied = edited(before, (text) => `${text}- [ ] Do more <!-- TASK_1 -->\n- [ ] Do 1 <!-- TASK_1 -->\n`);
    const after = merge(copied, [task(1)], [task(2, { title: "Do more" })]);
    expect(after.added.map(({ title }) => title)).toEqual(["Do more"]);
    expect(after.text).toBe(copied.text.replace("Do more <!-- TASK_1 -->", "Do more <!-- TASK_2 -->"));
  });

  it("a number that nobody knows is left alone: its task may have been forgotten, and is not done twice", () => {
    const text = "- [ ] From long ago <!-- TASK_77 -->\n";
    expect(merge({ text }, [])).toMatchObject({ added: [], changes: [], text });
  });

  it("an ordered list goes on with its numbers, and its line breaks", () => {
    const before = merge(
      { text: "1. [ ] One\r\n2. [ ] Two" },
      [],
      [task(1, { title: "One" }), task(2, { title: "Two" })],
    );
    const after = merge(before, [task(1, { title: "One" }), task(2, { title: "Two" }), task(3)]);
    expect(after.text).toBe("1. [ ] One <!-- TASK_1 -->\r\n2. [ ] Two <!-- TASK_2 -->\r\n3. [ ] Do 3 <!-- TASK_3 -->");
  });
});
