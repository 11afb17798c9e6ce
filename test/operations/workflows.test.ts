import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isEnded, type Task } from "../../src/core/task.ts";
import type { RunView } from "../../src/core/workflow/run.ts";
import { readResource } from "../../src/mcp/resource-reader.ts";
import { Resources } from "../../src/mcp/resources.ts";
import type { Progress } from "../../src/operations/context.ts";
import { operations } from "../../src/operations/index.ts";
import { taskRetry } from "../../src/operations/task/retry.ts";
import { workflowCancel } from "../../src/operations/workflow/cancel.ts";
import { workflowList } from "../../src/operations/workflow/list.ts";
import { workflowRun } from "../../src/operations/workflow/run.ts";
import { workflowShow } from "../../src/operations/workflow/show.ts";
import { keepScheduling } from "../../src/scheduler/keep-scheduling.ts";
import { noteReport } from "../../src/scheduler/note-report.ts";
import { codeOf } from "../support/code-of.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { overriding } from "../support/overriding.ts";
import { waitFor } from "../support/wait-for.ts";

let world: FakeWorld;
let scheduler: { stop: AbortController; over: Promise<void> } | undefined;
beforeEach(async () => {
  // Where the programs of checks are.
  const { PATH = "" } = process.env;
  world = await openFakeWorld({ CLAUDE_ORCH_MAX_RUNNING_TASKS: "3", PATH });
});
afterEach(async () => {
  await stopScheduler();
  await world.dispose();
});

function startScheduler(): void {
  const stop = new AbortController();
  scheduler = { stop, over: keepScheduling({ ...world.context, signal: stop.signal }) };
}

async function stopScheduler(): Promise<void> {
  scheduler?.stop.abort();
  await scheduler?.over;
  scheduler = undefined;
}

async function workflow(name: string, text: string): Promise<string> {
  const path = join(world.root, ".claude-orch/workflows", `${name}.yaml`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

const run = async (name: string, ...input: string[]) => (await world.call(workflowRun, { workflow: name, input })).run;
const shown = async ({ id }: RunView) => {
  const { run: now, tasks } = await world.call(workflowShow, { workflow: id });
  if (!now || !tasks) throw new Error("a run was asked for");
  return { run: now, tasks };
};
const tasksOf = (started: RunView) => world.context.store.tasks.ofRun(started.id);
const stepOf = (view: RunView, id: string) => view.steps.find((step) => step.id === id);

/** Agents' reports: what they say of each step, as soon as they were given its task; undefined lets them work on. */
async function untilOver(
  started: RunView,
  say: (task: Task) => { kind: "result" | "failed"; text: string } | undefined,
  look: () => Promise<void> = async () => undefined,
) {
  return waitFor(
    "the end of the run",
    async () => {
      await look();
      for (const task of await tasksOf(started)) {
        const attempt = task.attempts.at(-1);
        if (task.state !== "running" || !attempt || attempt.messageIds.length === 0) continue;
        const report = task.reports.some(({ at }) => at >= attempt.startedAt) ? undefined : say(task);
        if (report) await noteReport(world.context, task.id, report);
      }
      const { run: now } = await shown(started);
      return now.state === "running" ? undefined : now;
    },
    { timeoutMs: 40_000, describe: async () => JSON.stringify((await shown(started)).run.steps, null, 1) },
  );
}
const well = ({ title }: Task) => ({ kind: "result" as const, text: `I did ${title}` });

async function promptOf(task: Task | undefined): Promise<string> {
  const [id] = task?.attempts.at(-1)?.messageIds ?? [];
  return (await world.context.store.messages.get(id ?? ""))?.text ?? "";
}

/** What the checks of the built-in workflows look for in the reports of those who write no code. */
const WELL_FORMED = [
  ...["FINDINGS: 2", "DONE WHEN: it works", "STEP 1: begin", "CHANGED: nothing", "CHANGE: it is new", "CAUSE: a.js:1"],
  ...["APPROACH: the small one", "PREVENTION: a test", "MUST STAY: all", "MOVE 1: rename"],
].join("\n");

describe("R3-25 R3-46 §6.3: the workflows that can be run", () => {
  it("are the built-in four with their aliases, each with its steps and needs, and are worked off with nothing more than what they require", async () => {
    const { workflows, problems } = await world.call(workflowList, {});
    expect(problems).toEqual([]);
    expect(workflows.map(({ name }) => name)).toEqual([
      "bug-fix",
      "code-refactoring",
      "code-review",
      "feature-development",
    ]);
    for (const [alias, name] of [
      ["feature", "feature-development"],
      ["refactor", "code-refactoring"],
      ["Bug Fix", "bug-fix"],
    ]) {
      expect((await world.call(workflowShow, { workflow: alias })).workflow?.name).toBe(name);
    }
    const runs: RunView[] = [];
    for (const { name, inputs } of workflows) {
      const given = inputs.filter(({ required }) => required).map((input) => `${input.name}=x`);
      const started = await run(name, ...given);
      const template = (await world.call(workflowShow, { workflow: name })).workflow;
      expect(started.steps.map(({ id, needs }) => [id, needs])).toEqual(
        template?.steps.map(({ id, needs }) => [id, needs]),
      );
      runs.push(started);
    }
    startScheduler();
    const ends = await Promise.all(
      runs.map((started) =>
        untilOver(started, (task) => ({
          kind: "result",
          text: `${WELL_FORMED}\nVERDICT: CHANGES NEEDED, says ${task.title}`,
        })),
      ),
    );
    expect(ends.map(({ workflow: name, because }) => `${name}: ${because}`)).toEqual([
      "bug-fix: all steps are done",
      "code-refactoring: all steps are done",
      "code-review: all steps are done",
      "feature-development: all steps are done",
    ]);
  }, 120_000);

  const rows = [
    {
      row: "R3-47: code-review looks from five sides in parallel and makes one report of it; every step has a check",
      name: "code-review",
      stages: [["structure", "bugs", "security", "performance", "documents"], ["report"]],
      unchecked: [],
    },
    {
      row: "R3-48: feature-development goes from design to change description, with tests and documents in parallel",
      name: "feature-development",
      stages: [
        ["design"],
        ["plan"],
        ["implement"],
        ["unit-tests", "integration-tests", "documents"],
        ["review"],
        ["rework"],
        ["describe"],
      ],
      unchecked: ["implement", "unit-tests", "integration-tests", "rework"],
    },
    {
      row: "R3-49: bug-fix goes from root cause and approach to the fix, its proof and its description",
      name: "bug-fix",
      stages: [["root-cause"], ["approach"], ["fix"], ["tests", "documents"], ["describe"]],
      unchecked: ["fix", "tests"],
    },
    {
      row: "R3-50: code-refactoring pins behaviour while it is planned, and the tests decide afterwards",
      name: "code-refactoring",
      stages: [["analyse"], ["approach", "behaviour-tests"], ["refactor"], ["verify", "documents"], ["describe"]],
      unchecked: ["behaviour-tests", "refactor", "verify"],
    },
  ];
  it.each(rows.map((one) => [one.row, one] as const))("%s", async (_, { name, stages, unchecked }) => {
    const checks = async (...inputs: string[]) => {
      const { tasks } = await world.call(workflowRun, { workflow: name, input: ["description=x", ...inputs] });
      const own = await Promise.all(tasks.map(({ id }) => world.context.store.tasks.get(id)));
      return new Map(
        own.map((task) => [
          task?.stepId ?? "",
          { check: task?.check ?? null, needs: task?.needs ?? [], id: task?.id ?? "" },
        ]),
      );
    };

    const bare = await checks();

    expect([...bare].filter(([, { check }]) => check === null).map(([step]) => step)).toEqual(unchecked);
    const idsOf = (steps: readonly string[]) => steps.map((step) => bare.get(step)?.id ?? "?");
    for (const [index, stage] of stages.entries()) {
      for (const step of stage) {
        const before = bare.get(step)?.needs ?? [];
        expect(before, step).toEqual(expect.arrayContaining(idsOf(stages[index - 1] ?? [])));
        for (const need of before) expect(idsOf(stages.slice(0, index).flat()), step).toContain(need);
      }
    }
    // A command that is given decides wherever code was written.
    if (unchecked.length === 0) return;
    const given = await checks("check=npm test -- --run");
    for (const step of unchecked) expect(given.get(step)?.check, step).toEqual(["npm", "test", "--", "--run"]);
  });

  it("are the project's own before the built-in ones, also as resource; a broken one is named with line and column", async () => {
    await workflow(
      "code-review",
      "name: code-review\ntitle: Ours\nsteps:\n  - {id: look, prompt: Look., role: reviewer}\n",
    );
    const file = await workflow("bug-fix", "name: bug-fix\nsteps:\n  - {id: a, prompt: p, role: debuger, need: b}\n");

    const resources = new Resources(operations, { kind: "manager" });
    const { contents } = await readResource(resources, "orch://workflows", world.context);
    const told = JSON.parse(String(contents[0] && "text" in contents[0] && contents[0].text)) as Awaited<
      ReturnType<typeof workflowList.run>
    >;
    expect(told.workflows.find(({ name }) => name === "code-review")).toMatchObject({
      title: "Ours",
      origin: "project",
    });
    expect(told.problems.map(({ line, column, message, hint }) => [line, column, message, hint])).toEqual([
      [3, 30, 'there is no role "debuger"', "Did you mean debugger?"],
      [3, 39, 'a step has no key "need"', "Did you mean needs?"],
    ]);
    // What is meant to replace a built-in workflow is never silently replaced by it.
    await expect(run("bug-fix", "description=x")).rejects.toMatchObject({
      code: "WORKFLOW_FILE_INVALID",
      message: expect.stringContaining(
        `${file}:3:30: there is no role "debuger". Did you mean debugger?\n${file}:3:39: `,
      ),
    });
    expect(await codeOf(run("code-reveiw"))).toBe("WORKFLOW_NOT_FOUND");
    expect(await codeOf(run("feature"))).toBe("WORKFLOW_INPUT_INVALID");
    expect(await codeOf(world.call(workflowShow, { workflow: "wfr_none" }))).toBe("WORKFLOW_RUN_NOT_FOUND");
  });
});

describe("a run", () => {
  const DIAMOND = `name: diamond
inputs: [{name: what}, {name: sides, type: list, default: [left, right]}]
steps:
  - {id: plan, prompt: "Plan {{inputs.what}}. [[reply x]]", role: architect}
  - id: build
    title: Build {{item}}
    needs: plan
    parallel: inputs.sides
    prompt: "Build {{item}} by: {{steps.plan.result}}"
  - {id: mend, needs: build, when: steps.build.state != "done", prompt: Mend., role: debugger}
  - {id: report, needs: mend, prompt: "Report {{steps.build.result}}, {{steps.mend.result}}"}
`;

  it("R1-03 R3-04 R3-26: gives each step the results that it needs, runs together what needs nothing of each other, and leaves out a step without an agent", async () => {
    await workflow("diamond", DIAMOND);
    const started = await run("diamond", "what=a {{steps.plan.result}}");
    expect((await tasksOf(started)).map(({ state }) => state)).toEqual([
      "queued",
      "blocked",
      "blocked",
      "blocked",
      "blocked",
    ]);
    startScheduler();

    let together = 0;
    const over = await untilOver(
      started,
      (task) => {
        if (task.stepId === "build" && together < 2) return undefined;
        return well(task);
      },
      async () => {
        const building = (await tasksOf(started)).filter(
          ({ stepId, attempts }) => stepId === "build" && (attempts.at(-1)?.messageIds.length ?? 0) > 0,
        );
        together = Math.max(together, building.length);
      },
    );

    expect(over).toMatchObject({ state: "done", because: "all steps are done, without mend" });
    const [plan, left, right, mend, report] = await tasksOf(started);
    expect(mend).toMatchObject({
      state: "cancelled",
      attempts: [],
      because: expect.stringContaining('steps.build.state != "done"'),
    });
    expect(await promptOf(plan)).toContain("Plan a {{steps.plan.result}}.");
    expect(await promptOf(left)).toContain("Build left by: I did plan");
    expect(await promptOf(report)).toContain(
      "Report ## left\n\nI did Build left\n\n## right\n\nI did Build right, (no result: skipped)",
    );
    const [planEnd, ...starts] = [plan?.endedAt ?? 0, left?.startedAt ?? 0, right?.startedAt ?? 0];
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(planEnd);
    expect(Math.max(...starts)).toBeLessThan(Math.min(left?.endedAt ?? 0, right?.endedAt ?? 0));
    expect(report?.startedAt).toBeGreaterThanOrEqual(Math.max(left?.endedAt ?? 0, right?.endedAt ?? 0));
    const { graph } = await world.call(workflowShow, { workflow: started.id, graph: "text" });
    expect(graph).toMatch(/^- {2}mend +skipped/m);
    const roles = (await world.context.store.agents.list()).map(({ role }) => role);
    expect(roles).not.toContain("debugger");
  }, 60_000);

  it("R4-77 B6: goes on where a condition expects the failure, stops where none does, and is retried; another process takes it over", async () => {
    await workflow("diamond", DIAMOND);
    await workflow("chain", "steps:\n  - {id: a, prompt: p}\n  - {id: b, needs: a, prompt: p}\n");
    const [expected, chain] = [await run("diamond", "what=x", "sides=one"), await run("chain")];
    startScheduler();
    const sayChain = (task: Task) => ({ kind: "failed" as const, text: `cannot: ${task.title}` });
    const stopped = await untilOver(chain, sayChain);
    expect(stopped).toMatchObject({ state: "failed", because: "a failed; b cannot start" });
    expect(stepOf(stopped, "b")).toMatchObject({ state: "blocked", because: expect.stringContaining("failed") });

    await stopScheduler();
    startScheduler();
    const over = await untilOver(expected, (task) =>
      task.stepId === "build" ? { kind: "failed", text: "It breaks" } : well(task),
    );

    // That the failure was mended does not make it a success.
    expect(over).toMatchObject({ state: "failed", because: "build failed" });
    expect(over.steps.map(({ state }) => state)).toEqual(["done", "failed", "done", "done"]);
    const report = (await tasksOf(expected)).at(-1);
    expect(await promptOf(report)).toContain("Report ## one\n\n(no result: failed), I did mend");

    const [first] = await tasksOf(chain);
    await world.call(taskRetry, { task: first?.id });
    expect((await shown(chain)).run.state).toBe("running");
    expect((await untilOver(chain, well)).state).toBe("done");
  }, 90_000);

  it("is waited for, tells its steps with their states meanwhile, and reports a failure in its exit code", async () => {
    await workflow("two", "steps:\n  - {id: a, prompt: p}\n  - {id: b, needs: a, prompt: p, parallel: [x, y]}\n");
    const told: string[] = [];
    const progress = ({ message, done, total }: Progress) => void told.push(`${done}/${total} ${message}`);
    const waiting = world.call(workflowRun, { workflow: "two", wait: true, timeout: "40s" }, { progress });
    const started = await waitFor("the run", async () => (await world.call(workflowList, {})).runs[0]);
    await untilOver(started as RunView, (task) =>
      task.title === "b: y" ? { kind: "failed", text: "no" } : well(task),
    );

    const output = await waiting;

    expect(output.run.state).toBe("failed");
    expect(workflowRun.cli?.exitCode?.(output, { wait: true })).toBe(7);
    expect(workflowRun.cli?.exitCode?.(output, {})).toBe(0);
    expect(told).toContain("0/2 a queued, b blocked (0 of 2 done)");
    expect(told).toContainEqual(expect.stringMatching(/^1\/2 a done, b running \([01] of 2 done\)$/));
    await workflow("slow", "steps:\n  - {id: a, prompt: '[[sleep 20s]]'}\n");
    const over = await world.call(workflowRun, { workflow: "slow", wait: true, timeout: "100ms" });
    expect(workflowRun.cli?.exitCode?.(over, { wait: true })).toBe(6);
  }, 60_000);

  it("is cancelled with all that waits, and nothing of it starts any more", async () => {
    await workflow(
      "chain",
      "steps:\n  - {id: a, prompt: '[[sleep 20s]]'}\n  - {id: b, needs: a, prompt: p}\n  - {id: c, needs: b, prompt: p, when: 'steps.b.state == \"cancelled\"'}\n",
    );
    const started = await run("chain");
    startScheduler();
    await waitFor("a is running", async () =>
      (await tasksOf(started))[0]?.attempts.at(-1)?.messageIds.length ? true : undefined,
    );

    const { run: over, cancelled } = await world.call(workflowCancel, { run: started.id });

    expect(over.state).toBe("cancelled");
    expect(cancelled).toHaveLength(3);
    expect((await tasksOf(started)).every(({ state }) => isEnded(state))).toBe(true);
    expect((await world.call(workflowCancel, { run: started.id })).cancelled).toEqual([]);
    const [c] = (await tasksOf(started)).slice(-1);
    expect(c?.attempts).toEqual([]);
  }, 60_000);

  it("R3-41: is written with all its tasks, or not at all", async () => {
    await workflow("chain", "steps:\n  - {id: a, prompt: p}\n  - {id: b, needs: a, prompt: p}\n");
    const { store } = world.context;
    const failing = overriding(store, {
      transaction: (work) =>
        store.transaction((repositories) =>
          work({
            ...repositories,
            tasks: overriding(repositories.tasks, {
              insert: async (tasks) => {
                await repositories.tasks.insert(tasks.slice(0, 1));
                throw new Error("the power went off");
              },
            }),
          }),
        ),
    });
    await expect(world.call(workflowRun, { workflow: "chain" }, { store: failing })).rejects.toThrow(
      "the power went off",
    );
    expect(await store.workflowRuns.list()).toEqual([]);
    expect(await store.tasks.list()).toEqual([]);

    const { run: started, tasks } = await world.call(workflowRun, { workflow: "chain" });
    expect(tasks.map(({ workflow: of, needs }) => [of, needs])).toEqual([
      [{ runId: started.id, step: "a" }, []],
      [{ runId: started.id, step: "b" }, [tasks[0]?.id]],
    ]);
    expect(tasks[1]?.because).toBe("it needs TASK_1 (queued)");
    expect((await world.call(workflowList, {})).runs.map(({ id, state }) => [id, state])).toEqual([
      [started.id, "running"],
    ]);
  });
});
