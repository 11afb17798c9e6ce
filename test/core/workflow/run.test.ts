import { describe, expect, it } from "vitest";
import type { Task, TaskState } from "../../../src/core/task.ts";
import { decideBlocked, prepareStep } from "../../../src/core/workflow/advance-run.ts";
import { readInputs } from "../../../src/core/workflow/inputs.ts";
import { planRun } from "../../../src/core/workflow/plan-run.ts";
import { runStanding, standingsOf, type WorkflowRun } from "../../../src/core/workflow/run.ts";
import { makeTask } from "../../support/task-records.ts";
import { template } from "./support.ts";

const CHAIN = `steps:
  - {id: a, prompt: p}
  - {id: b, needs: a, prompt: "{{steps.a.result}}"}
  - {id: mend, needs: b, prompt: p, when: 'steps.b.state == "failed"'}
  - {id: end, needs: [mend], prompt: "{{steps.b.result}} {{steps.mend.result}}"}
`;

/** A run whose tasks are in these states; their results are their ids. */
function runOf(text: string, states: readonly TaskState[], skipped: WorkflowRun["skipped"] = []) {
  const read = template(text);
  const plan = planRun(read, readInputs(read, []));
  const run: WorkflowRun = {
    ...{ id: "wfr_1", sessionId: "ses_1", workflow: "x", title: "x", inputs: {}, steps: plan.steps },
    ...{ skipped: [...plan.skipped, ...skipped], createdBy: "operator", createdAt: 1 },
  };
  const tasks = plan.tasks.map(({ key, stepId, text: prompt, needs }, index): Task => {
    const state = states[index] ?? "blocked";
    const result = state === "done" ? `result of ${key}` : null;
    return {
      ...makeTask({ id: key, stepId, text: prompt, needs, state, result, endedAt: 5, because: "so" }),
      number: index + 1,
    };
  });
  const task = (key: string) => {
    const found = tasks.find(({ id }) => id === key);
    if (!found) throw new Error(`no task ${key}`);
    return found;
  };
  return {
    run,
    tasks,
    state: () => runStanding(standingsOf(run, tasks)),
    prepare: (key: string) => prepareStep(run, tasks, task(key)),
  };
}

describe("the state of a run", () => {
  const leftOut = [{ step: "mend", because: "no need" }];
  it.each<[TaskState[], WorkflowRun["skipped"], string, RegExp]>([
    [["running"], [], "running", /^a running, b, mend, end blocked$/],
    [["done", "waiting"], [], "running", /^b waiting, /],
    [["done", "failed"], [], "running", /^mend, end blocked$/],
    [["failed"], [], "failed", /^a failed; b, mend, end cannot start$/],
    [["done", "done", "cancelled", "done"], leftOut, "done", /^all steps are done, without mend$/],
    [["done", "done", "cancelled", "done"], [], "cancelled", /^mend cancelled$/],
    [["done", "failed", "done", "done"], [], "failed", /^b failed$/],
    [["done", "failed", "cancelled"], leftOut, "failed", /^b failed; end cannot start$/],
    [["cancelled", "cancelled", "cancelled", "cancelled"], [], "cancelled", /cancelled/],
    [["done", "done", "done", "done"], [], "done", /^all steps are done$/],
  ])("%j and %j: %s", (states, skipped, state, because) => {
    const standing = runOf(CHAIN, states, skipped).state();
    expect(standing).toMatchObject({ state, because: expect.stringMatching(because) });
    expect(standing.endedAt).toBe(state === "running" ? null : 5);
  });

  it("is that of all tasks of a fan-out, and knows of tasks that mend others", () => {
    const text = "steps: [{id: a, prompt: p, parallel: [x, y, z]}]";
    expect(runOf(text, ["done", "failed", "running"]).state().state).toBe("running");
    const { run, tasks, state } = runOf(text, ["done", "failed", "done"]);
    expect(state().state).toBe("failed");
    const fix: Task = { ...makeTask({ id: "fix", stepId: "a", causedBy: "a#1", state: "running" }), number: 9 };
    expect(runStanding(standingsOf(run, [...tasks, fix])).state).toBe("failed");
  });

  it("is not fooled by steps that are called as JavaScript calls things", () => {
    const text =
      "steps: [{id: constructor, prompt: p}, {id: toString, prompt: '{{steps.constructor.result}}', needs: constructor}]";
    const { state, prepare } = runOf(text, ["done", "queued"]);
    expect(state().state).toBe("running");
    expect(prepare("toString")).toEqual({ kind: "start", text: "result of constructor" });
  });
});

describe("a step that is about to start", () => {
  it("R1-03: gets the results of the steps before it, of a fan-out all of them under their items", () => {
    const text = `steps:
  - {id: a, prompt: p, parallel: [x, y]}
  - {id: b, needs: a, prompt: "Read: {{steps.a.result}}"}
`;
    const { prepare } = runOf(text, ["done", "done", "queued"]);
    expect(prepare("b")).toEqual({ kind: "start", text: "Read: ## x\n\nresult of a#0\n\n## y\n\nresult of a#1" });
  });

  it("is left out when its condition does not hold, and those after it are told so", () => {
    expect(runOf(CHAIN, ["done", "done", "queued"]).prepare("mend")).toEqual({
      kind: "skip",
      because: 'its condition does not hold: steps.b.state == "failed"',
    });
    const { prepare } = runOf(CHAIN, ["done", "done", "cancelled", "queued"], [{ step: "mend", because: "no need" }]);
    expect(prepare("end")).toEqual({ kind: "start", text: "result of b (no result: skipped)" });
  });

  it("is given the beginning of a result that is too long to be read, and told where the rest is", () => {
    const { run, tasks } = runOf(CHAIN, ["done", "queued"]);
    const [first, second] = tasks;
    if (!first || !second) throw new Error("two tasks");
    const long = { ...first, result: "x".repeat(30_000) };
    const { text } = prepareStep(run, [long, ...tasks.slice(1)], second) as { text: string };
    expect(text).toMatch(/^x{20000}\n\(cut here; 10000 more characters: task_show a\)$/);
  });
});

describe("what a failure holds up", () => {
  it("is decided by the conditions of those who need it, once all their needs have ended", () => {
    const decide = (states: TaskState[]) => {
      const { run, tasks } = runOf(CHAIN, states);
      return decideBlocked(run, tasks);
    };
    expect(decide(["done", "failed"])).toEqual([{ stepId: "mend", tasks: ["mend"], skip: null }]);
    expect(decide(["done", "cancelled"])).toEqual([
      { stepId: "mend", tasks: ["mend"], skip: 'its condition does not hold: steps.b.state == "failed"' },
    ]);
    expect(decide(["failed", "blocked"])).toEqual([]);
    expect(decide(["done", "running"])).toEqual([]);
    const { run, tasks } = runOf(
      `steps: [{id: a, prompt: p}, {id: b, prompt: p}, {id: c, needs: [a, b], prompt: p, when: "steps.a.state == 'failed'"}]`,
      ["failed", "running"],
    );
    expect(decideBlocked(run, tasks)).toEqual([]);
  });
});
