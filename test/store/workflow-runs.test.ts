import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { WorkflowRun } from "../../src/core/workflow/run.ts";
import { openTestStore, type TestStore } from "../support/open-test-store.ts";
import { makeSession } from "../support/store-records.ts";
import { makeTask } from "../support/task-records.ts";

let opened: TestStore;
beforeEach(async () => {
  opened = await openTestStore();
  await opened.store.sessions.insert(makeSession());
});
afterEach(() => opened.remove());

const makeRun = (change: Partial<WorkflowRun> = {}): WorkflowRun => ({
  ...{ id: "wfr_1", sessionId: "ses_1", workflow: "feature", title: "Feature", createdBy: "operator", createdAt: 5 },
  inputs: { description: "a secret plan", places: ["eu", "us"] },
  steps: [{ id: "a", title: "A", role: "tester", needs: [], when: null, items: ["x"] }],
  skipped: [],
  ...change,
});

test("runs come back as they were stored, newest first, also through another connection, and their texts are sealed", async () => {
  const younger = makeRun({ id: "wfr_2", createdAt: 6, skipped: [{ step: "a", because: "no need" }] });
  await opened.store.workflowRuns.insert(makeRun());
  await opened.store.workflowRuns.insert(younger);

  const { workflowRuns } = await opened.openAgain();

  expect(await workflowRuns.list()).toEqual([younger, makeRun()]);
  expect(await workflowRuns.list({ sessionId: "ses_1", limit: 1 })).toEqual([younger]);
  expect(await workflowRuns.list({ sessionId: "ses_2" })).toEqual([]);
  expect(await workflowRuns.get("wfr_1")).toEqual(makeRun());
  expect(await workflowRuns.get("wfr_9")).toBeUndefined();
  const stored = ["", "-wal"].map((suffix) => readFileSync(opened.file + suffix, "latin1")).join("");
  expect(stored).toContain("wfr_1");
  expect(stored).not.toContain("secret plan");
});

test("what is left out is written down later; a session takes its runs with it", async () => {
  const { workflowRuns, sessions } = opened.store;
  await workflowRuns.insert(makeRun());
  const skipped = [{ step: "a", because: "its condition does not hold" }];

  await workflowRuns.update("wfr_1", { skipped });

  expect(await workflowRuns.get("wfr_1")).toEqual(makeRun({ skipped }));
  await workflowRuns.update("wfr_9", { skipped });
  await expect(workflowRuns.insert(makeRun({ id: "wfr_3", sessionId: "ses_9" }))).rejects.toMatchObject({
    code: "SESSION_NOT_FOUND",
  });
  await sessions.remove("ses_1");
  expect(await workflowRuns.list()).toEqual([]);
});

test("runs that a failure holds up are found, and only those", async () => {
  const { workflowRuns, tasks } = opened.store;
  for (const id of ["wfr_1", "wfr_2", "wfr_3"]) await workflowRuns.insert(makeRun({ id }));
  const pair = (run: string | null, number: number, state: "failed" | "done" | "running") => [
    makeTask({
      id: `tsk_${number}`,
      workflowRunId: run,
      stepId: "a",
      state,
      endedAt: state === "running" ? null : 100,
    }),
    makeTask({ id: `tsk_${number}b`, workflowRunId: run, stepId: "b", state: "blocked", needs: [`tsk_${number}`] }),
  ];
  await tasks.insert([
    ...pair("wfr_1", 1, "failed"),
    ...pair("wfr_2", 2, "done"),
    ...pair("wfr_3", 3, "running"),
    ...pair(null, 4, "failed"),
  ]);

  expect(await workflowRuns.heldUp(0)).toEqual(["wfr_1"]);
  expect(await workflowRuns.heldUp(100)).toEqual(["wfr_1"]);
  // Nothing of it has ended since it was looked at.
  expect(await workflowRuns.heldUp(101)).toEqual([]);
  expect((await tasks.ofRun("wfr_1")).map(({ id }) => id)).toEqual(["tsk_1", "tsk_1b"]);
});
