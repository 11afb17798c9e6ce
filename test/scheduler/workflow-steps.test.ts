import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Task } from "../../src/core/task.ts";
import { readInputs } from "../../src/core/workflow/inputs.ts";
import { planRun } from "../../src/core/workflow/plan-run.ts";
import { runStanding, standingsOf, type WorkflowRun } from "../../src/core/workflow/run.ts";
import { decideHeldUp, leaveOutSteps, prepareWorkflowTask } from "../../src/scheduler/workflow-steps.ts";
import { template } from "../core/workflow/support.ts";
import { openTestStore, type TestStore } from "../support/open-test-store.ts";
import { makeSession } from "../support/store-records.ts";
import { makeTask } from "../support/task-records.ts";

let opened: TestStore;
let count = 0;
beforeAll(async () => {
  opened = await openTestStore();
  await opened.store.sessions.insert(makeSession());
});
afterAll(() => opened.remove());

interface Shape {
  needs: number[];
  when: "none" | "failed" | "done" | "always";
  items: number;
  fails: boolean;
}

const well = { when: "none", items: 0, fails: false } as const;
/** Who needs a step that is left out because of a failure does not begin either. */
const LEFT_OUT: Shape[] = [
  { ...well, needs: [], fails: true },
  { ...well, needs: [0], when: "done" },
  { ...well, needs: [1] },
];
/** A step that expects a failure begins after it, and those after that. */
const MENDED: Shape[] = [
  { ...well, needs: [], items: 2, fails: true },
  { ...well, needs: [0], when: "failed" },
  { ...well, needs: [1] },
];

/** A run of these steps in the store. */
async function start(shapes: readonly Shape[]): Promise<WorkflowRun> {
  const ids = shapes.map((_, index) => `s${index}`);
  const yaml = shapes.map(({ needs, when, items }, index) => {
    const own = index === 0 ? [] : [...new Set(needs.map((need) => `s${need % index}`))];
    const asked =
      own.map((need) => `steps.${need}.state == '${when === "failed" ? when : "done"}'`).join(" or ") || "true";
    const condition = when === "none" ? "" : `, when: "${when === "always" ? `true or ${asked}` : asked}"`;
    const parallel = items < 2 ? "" : `, parallel: [${["a", "b", "c"].slice(0, items).join(", ")}]`;
    return `  - {id: ${ids[index]}, prompt: p, needs: [${own.join(", ")}]${condition}${parallel}}\n`;
  });
  const read = template(`steps:\n${yaml.join("")}`);
  const plan = planRun(read, readInputs(read, []));
  count += 1;
  const run: WorkflowRun = {
    ...{ id: `wfr_${count}`, sessionId: "ses_1", workflow: "x", title: "x", inputs: {}, steps: plan.steps },
    ...{ skipped: plan.skipped, createdBy: "operator", createdAt: 1 },
  };
  const id = (key: string) => `tsk_${count}_${key}`;
  await opened.store.workflowRuns.insert(run);
  await opened.store.tasks.insert(
    plan.tasks.map(({ key, stepId, needs }) =>
      makeTask({
        id: id(key),
        workflowRunId: run.id,
        stepId,
        needs: needs.map(id),
        state: needs.length > 0 ? "blocked" : "queued",
      }),
    ),
  );
  return run;
}

/** The queue of this run, worked off in this order of luck until nothing can go on; returns the ids of steps as they began. */
async function workOff(
  run: WorkflowRun,
  shapes: readonly Shape[],
  luck: readonly number[],
): Promise<{ began: string[]; moments: number }> {
  const { tasks } = opened.store;
  const began: string[] = [];
  let now = 10;
  let since = 0;
  for (let round = 0; round < 200; round += 1) {
    for (const task of await tasks.misplaced(100))
      await tasks.update(task.id, { state: "queued", queuedAt: now }, ["blocked"]);
    await decideHeldUp(opened.store, since, now);
    since = now;
    now += 1;
    const ready = (await tasks.ofRun(run.id)).filter(({ state }) => state === "queued");
    const startable: Task[] = [];
    for (const task of ready) if ((await tasks.unmetNeeds(task.id)).length === 0) startable.push(task);
    if (startable.length === 0 && (await tasks.misplaced(1)).length === 0) return { began, moments: now };
    const [task] = (await leaveOutSteps(opened.store, startable, now)).toSorted(
      (a, b) => (luck[a.number % luck.length] ?? 0) - (luck[b.number % luck.length] ?? 0),
    );
    if (!task) continue;
    expect((await prepareWorkflowTask(opened.store, task, now)).kind).toBe("start");
    began.push(task.stepId ?? "");
    const shape = shapes[Number(task.stepId?.slice(1))];
    await tasks.update(task.id, { state: "running" });
    await tasks.update(task.id, { state: shape?.fails ? "failed" : "done", result: "r", endedAt: now });
    now += 1;
  }
  throw new Error("it never comes to rest");
}

it("R3-04 R4-77: whatever fails and whatever conditions say, a run comes to rest, nothing begins before what it waits for, and all that is left out has its reason", async () => {
  const shape = fc.record<Shape>({
    needs: fc.array(fc.nat(9), { maxLength: 3 }),
    when: fc.constantFrom("none", "none", "failed", "done", "always"),
    items: fc.nat(3),
    fails: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(shape, { minLength: 2, maxLength: 6 }),
      fc.array(fc.nat(99), { minLength: 3, maxLength: 9 }),
      async (shapes, luck) => {
        const started = await start(shapes);

        const { began } = await workOff(started, shapes, luck);

        const run = (await opened.store.workflowRuns.get(started.id)) ?? started;
        const standings = standingsOf(run, await opened.store.tasks.ofRun(run.id));
        expect(runStanding(standings).state).not.toBe("running");
        if (shapes === MENDED) expect(began).toEqual(["s0", "s0", "s1", "s2"]);
        const states = new Map(standings.map(({ step, state }) => [step.id, state]));
        for (const { step, state, because, waitsFor, tasks } of standings) {
          const hasBegun = began.includes(step.id);
          expect(hasBegun, step.id).toBe(state === "done" || state === "failed");
          expect(began.filter((id) => id === step.id)).toHaveLength(hasBegun ? tasks.length : 0);
          if (state === "skipped") expect(because).toMatch(/^its condition does not hold: /);
          if (hasBegun && step.when === null)
            for (const need of waitsFor) expect(states.get(need), `${step.id} after ${need}`).toBe("done");
          if (hasBegun)
            for (const need of waitsFor)
              expect(began.lastIndexOf(need), `${step.id} after ${need}`).toBeLessThan(began.indexOf(step.id));
          if (state === "blocked") expect(waitsFor.some((need) => states.get(need) !== "done")).toBe(true);
        }
      },
    ),
    {
      numRuns: 15,
      examples: [
        [LEFT_OUT, [1, 2, 3]],
        [MENDED, [1, 2, 3]],
      ],
    },
  );
}, 60_000);
