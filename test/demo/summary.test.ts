import { expect, it } from "vitest";
import type { DemoResult } from "../../src/demo/run-demo.ts";
import { hasWorked, summary } from "../../src/demo/summary.ts";

function result(change: Partial<DemoResult> = {}): DemoResult {
  const task = { number: 1, title: "Tests", role: "tester", agent: "tester", state: "done" as const, checks: [1, 0] };
  return {
    backend: "tmux",
    note: null,
    tasks: [task],
    answers: [],
    recovery: null,
    files: ["package.json"],
    tests: { passed: 6, failed: 0 },
    kept: null,
    seconds: 9.1,
    ...change,
  };
}
const unfinished = result().tasks.map((task) => ({ ...task, state: "waiting" as const }));

it.each([
  [result(), true, /its 6 tests pass/],
  [result({ tests: { passed: 5, failed: 1 } }), false, /1 of its tests fail/],
  [result({ tests: { passed: 0, failed: 0 } }), false, /its 0 tests pass/],
  [result({ tests: null }), false, /its tests could not be run/],
  [result({ tasks: unfinished }), false, /^0 of 1 tasks done/],
  [result({ note: "No tmux.", tests: null }), true, /no app was built/],
  [result({ note: "No tmux.", tests: null, tasks: unfinished }), false, /^0 of 1 tasks done/],
])("R4-59: the demo has worked only when all tasks are done and the app's own tests pass %#", (given, worked, says) => {
  expect(hasWorked(given)).toBe(worked);
  expect(summary(given)).toMatch(says);
});
