import type { DemoResult } from "./run-demo.ts";

/** All tasks are done, and where an app was built, its own tests pass. */
export function hasWorked({ tasks, tests, note }: DemoResult): boolean {
  const isBuilt = tests !== null && tests.passed > 0 && tests.failed === 0;
  return tasks.every(({ state }) => state === "done") && (isBuilt || note !== null);
}

/** What came of it, for a person. */
export function summary(result: DemoResult): string {
  const { note, files, tests, kept, seconds } = result;
  const done = result.tasks.filter(({ state }) => state === "done").length;
  const tasks = `${done} of ${result.tasks.length} tasks done in ${seconds} s`;
  if (note !== null) return `${tasks}, by agents that are only played: no app was built.`;
  const where = kept === null ? "To keep it next time: claude-orch demo --keep DIR" : `Try it: cd ${kept} && npm start`;
  return `${tasks}. An app of ${files.length} files; ${ranTests(tests)}.\n${where}`;
}

function ranTests(tests: DemoResult["tests"]): string {
  if (tests === null) return "its tests could not be run";
  return tests.failed === 0 ? `its ${tests.passed} tests pass` : `${tests.failed} of its tests fail`;
}
