import { afterEach, beforeEach, expect, it } from "vitest";
import { configSet } from "../../src/operations/config/set.ts";
import { taskWait } from "../../src/operations/task/wait.ts";
import { keepScheduling } from "../../src/scheduler/keep-scheduling.ts";
import { SCHEDULER_DUTY } from "../../src/scheduler/names.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { makeTask } from "../support/task-records.ts";
import { waitFor } from "../support/wait-for.ts";

let world: FakeWorld;
beforeEach(async () => {
  world = await openFakeWorld();
  await world.call(configSet, { name: "autoStart", value: "false" });
  const { store } = world.context;
  const [session] = await store.sessions.list();
  const sessionId = session?.id ?? "";
  const step = { title: "x", role: null, items: null };
  await store.workflowRuns.insert({
    ...{
      id: "wfr_1",
      sessionId,
      workflow: "x",
      title: "x",
      inputs: {},
      skipped: [],
      createdBy: "operator",
      createdAt: 1,
    },
    steps: [
      { ...step, id: "build", needs: [], when: null },
      { ...step, id: "mend", needs: ["build"], when: "steps.build.state == 'cancelled'" },
    ],
  });
  await store.tasks.insert([
    makeTask({ id: "tsk_build", sessionId, workflowRunId: "wfr_1", stepId: "build" }),
    makeTask({
      id: "tsk_mend",
      sessionId,
      workflowRunId: "wfr_1",
      stepId: "mend",
      needs: ["tsk_build"],
      state: "blocked",
    }),
  ]);
});
afterEach(() => world.dispose());

const cancel = (endedAt: number) =>
  world.context.store.tasks.update("tsk_build", { state: "cancelled", because: "cancelled", endedAt });

it("a step that starts when another one has failed is waited for, though its condition was not asked yet", async () => {
  const { store, processes, clock } = world.context;
  // Whoever runs the queue is slow.
  await store.duties.take(SCHEDULER_DUTY, { ...processes.self(), token: "a scheduler" }, () => true);
  await cancel(clock.now());

  const { timedOut } = await world.call(taskWait, { tasks: ["tsk_mend"], timeout: "300ms" });

  expect(timedOut).toBe(true);
});

it("a condition is asked also where the end that it waits for was written down late", async () => {
  const { store, clock } = world.context;
  const stop = new AbortController();
  const scheduling = keepScheduling({ ...world.context, signal: stop.signal });
  const readAt = clock.now();
  try {
    await waitFor("a scheduler", () => store.duties.holder(SCHEDULER_DUTY));
    // What it puts right in its second pass, it looked at everything before.
    for (const pass of ["first", "second"]) {
      await store.tasks.update("tsk_mend", { needs: [] });
      await waitFor(`its ${pass} pass`, async () =>
        (await store.tasks.get("tsk_mend"))?.state === "queued" ? true : undefined,
      );
      await store.tasks.update("tsk_mend", { needs: ["tsk_build"], state: "blocked" });
    }

    await cancel(readAt);

    const task = await waitFor("its turn", async () => {
      const now = await store.tasks.get("tsk_mend");
      return now?.state === "queued" ? now : undefined;
    });
    expect(task.needs).toEqual([]);
  } finally {
    stop.abort();
    await scheduling;
  }
});
