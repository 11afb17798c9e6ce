import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunView } from "../../src/core/workflow/run.ts";
import type { TaskItem } from "../../src/operations/task/views.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { isFullDepth } from "../support/depth.ts";
import { openWorld, type World } from "./support/world.ts";

/** What the steps' checks look for. */
const REPORT = [
  ...["FINDINGS: 2", "DONE WHEN: it works", "STEP 1: begin", "CHANGED: nothing", "CHANGE: it is new", "CAUSE: a.js:1"],
  ...["APPROACH: the small one", "PREVENTION: a test", "MUST STAY: all", "MOVE 1: rename", "VERDICT: CHANGES NEEDED"],
].join("\n");
/** What an input says stands in the prompt of every step: so each agent of these runs reports this, and a review asks for changes. */
const SCRIPT = `[[tool mcp__claude-orch__task_report ${JSON.stringify({ kind: "result", text: REPORT })}]][[reply over]]`;

/** The built-in workflows (on the fake backend all four run each time), and how each ends. */
const ENDS: Record<string, string> = {
  "bug-fix": "all steps are done",
  "code-refactoring": "all steps are done",
  "code-review": "all steps are done",
  "feature-development": "all steps are done",
};

describe.each(claudeVersions("newest"))("workflows on Claude Code $version", (claude) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(claude);
    const { exitCode, stderr } = await world.cli(["session", "create", "--name", "shop", "--trust"]);
    expect(exitCode, stderr).toBe(0);
  }, 60_000);
  afterAll(() => world?.dispose(), 30_000);

  it("R3-25 R3-04 R3-47 R3-49 R1-03: the built-in workflows go from end to end, no step before what it needs, and later ones get the results of earlier ones", async () => {
    const names = Object.keys(ENDS).filter((name) => isFullDepth || name === "bug-fix" || name === "code-review");
    const env = { CLAUDE_ORCH_MAX_RUNNING_TASKS: "3" };
    const ends = await Promise.all(
      names.map(async (name) => {
        const args = ["workflow", "run", name, "--input", `description=The cart of ${name}. ${SCRIPT}`];
        const done = await world.cli([...args, "--wait", "--timeout", "4m", "--json"], { env });
        expect(done.exitCode, done.stdout + done.stderr).toBe(0);
        return done.json<{ run: RunView; tasks: TaskItem[] }>();
      }),
    );

    expect(ends.map(({ run }) => `${run.workflow}: ${run.because}`)).toEqual(
      names.map((name) => `${name}: ${ENDS[name]}`),
    );
    for (const { run, tasks } of ends) {
      const span = (id: string) => {
        const step = run.steps.find((one) => one.id === id);
        const own = tasks.filter((task) => step?.tasks.includes(task.id) && task.startedAt !== null);
        return [
          own.map(({ startedAt }) => String(startedAt)).sort()[0] ?? "",
          own
            .map(({ endedAt }) => String(endedAt))
            .sort()
            .at(-1) ?? "",
        ] as const;
      };
      for (const { id, needs, state } of run.steps) {
        if (state === "skipped") continue;
        for (const need of needs)
          expect(span(id)[0] >= span(need)[1], `${run.workflow}: ${id} after ${need}`).toBe(true);
      }
    }
    // What really reached the model of a later step.
    const fix = world.model.requests.find(({ prompt }) => prompt.startsWith("Mend this bug"));
    expect(fix?.prompt).toContain(`<approach>\n${REPORT}\n</approach>`);
    expect(fix?.system).toContain("Your role is implementer.");
  }, 280_000);
});
