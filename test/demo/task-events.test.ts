import { describe, expect, it } from "vitest";
import type { CheckResult, Task } from "../../src/core/task.ts";
import { taskEvents } from "../../src/demo/task-events.ts";
import { makeAttempt, makeTask } from "../support/task-records.ts";

const check = (exitCode: number | null, output: string): CheckResult => ({
  exitCode,
  output,
  startedAt: 4,
  endedAt: 5,
});

function story(task: Partial<Task>, messages: Parameters<typeof taskEvents>[2] = []): string[] {
  return taskEvents({ ...makeTask({ check: ["node", "--test"], ...task }), number: 3 }, "tester", messages).map(
    ({ text }) => text,
  );
}

describe("what the demo says of a task", () => {
  it("is told in the order in which it happened, and a delivery only with its proof", () => {
    const attempt = makeAttempt({
      prompts: [
        { kind: "task", at: 1 },
        { kind: "check", at: 6 },
      ],
      checks: [check(1, "broken"), { ...check(0, ""), endedAt: 8 }],
    });
    const first = { text: "Test it.\n\nWhat TASK_1 (Back end) came to:\n\nIt is there.", recordedAt: 2 };
    const task: Partial<Task> = {
      attempts: [attempt],
      reports: [{ kind: "result", text: `Tested.\n${"x".repeat(100)}`, at: 3 }],
    };

    expect(story(task, [first, { text: "Repair it.", recordedAt: null }])).toEqual([
      "TASK_3 reached tester with the results of TASK_1 (proved by transcript)",
      `TASK_3 tester reports: Tested. ${"x".repeat(48)}…`,
      "TASK_3 check FAILED (exit 1): node --test\n       ✖ broken",
      "TASK_3 check passed: node --test",
    ]);
    expect(story({ ...task, state: "done", because: "it passed", endedAt: 9 }, [first]).at(-1)).toBe(
      "TASK_3 done: it passed",
    );
    expect(story(task, [first, { text: "Repair it.", recordedAt: 7 }])[3]).toBe(
      "TASK_3 tester is told what the check says, and has to repair it",
    );
  });

  it.each([
    [
      "TAP, as Node 20 writes it",
      "ok 1 - adds\nnot ok 2 - ticks\n  ---\n    not ok 1 - inner\nnot ok 3 - test/a.test.js\n",
      ["ticks", "inner"],
    ],
    ["spec, as newer ones do", "✔ adds (1.2ms)\n✖ ticks (3.4ms)\n\n✖ failing tests:\n\n✖ ticks (3.4ms)\n", ["ticks"]],
    ["any other program's last line", "begun\nbroken at last\n", ["broken at last"]],
  ])("names what failed: %s", (_, output, names) => {
    const told = story({ attempts: [makeAttempt({ checks: [check(1, output)] })] });

    expect(told).toEqual([
      ["TASK_3 check FAILED (exit 1): node --test", ...names.map((name) => `       ✖ ${name}`)].join("\n"),
    ]);
  });
});
