import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { TaskView } from "../../../src/core/task.ts";
import type { RunView } from "../../../src/core/workflow/run.ts";
import { collect } from "../../e2e/support/world.ts";
import { waitFor } from "../../support/wait-for.ts";
import { type FakeWorld, openFakeWorld } from "./fake-world.ts";

/** A step with a check that passes needs no report of its agent, which a scripted one does not give. */
const PASSES = `["${process.execPath}", "-e", "0"]`;
const RELEASE = `name: release
aliases: [ship]
title: Release
description: Build it, test it, ship it.
inputs: [{name: version, description: Which}]
steps:
  - {id: build, title: "Build {{inputs.version}}", prompt: "Build.", check: ${PASSES}}
  - {id: test, needs: build, parallel: [unit, e2e], prompt: "Test {{item}}. [[sleep 2s]]", check: ${PASSES}, role: tester}
  - {id: ship, needs: test, prompt: "Ship {{steps.test.result}}", check: ${PASSES}}
`;

let world: FakeWorld;
beforeAll(async () => {
  world = await openFakeWorld();
  const folder = path.join(world.project, ".claude-orch", "workflows");
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "release.yaml"), RELEASE);
  await writeFile(
    path.join(folder, "broken.yml"),
    "name: broken\nsteps:\n  - {id: a, prompt: p, needs: b}\n  - {id: a, promt: p}\n",
  );
  await world.cli(["session", "create", "--name", "shop"]);
}, 30_000);
afterAll(() => world?.dispose());

interface Answer {
  run: RunView;
  tasks: TaskView[];
  error: { code: string; message: string };
}
async function workflow(...args: string[]) {
  const result = await world.cli(["workflow", ...args, "--json"]);
  return { exit: result.exitCode, ...result.json<Answer>() };
}

it("R3-25: templates are listed with what they take, shown and drawn; what is wrong with a file is told with its places", async () => {
  const list = await world.cli(["workflow", "list"]);
  expect(list.exitCode, list.stderr).toBe(0);
  const rows = list.stdout
    .trimEnd()
    .split("\n")
    .map((row) => row.split(/ {2,}/));
  expect(rows[0]).toEqual(["WORKFLOW", "ALIASES", "FROM", "INPUTS", "WHAT IT IS"]);
  expect(rows.at(-1)).toEqual(["release", "ship", "project", "version", "Release"]);
  expect(list.stderr).toContain('broken.yml:3:31: there is no step "b"\n');
  expect(list.stderr).toMatch(/broken\.yml:4:10: "a" is the id of an earlier one, too\. Give it another one\./);
  expect(list.stderr).toMatch(/broken\.yml:4:13: a step has no key "promt"\. Did you mean prompt\?/);

  const shown = await world.cli(["workflow", "show", "ship"]);
  expect(shown.stdout).toContain("release  (ship)  Release\n");
  expect(shown.stdout).toContain("  version  Which (required)\n");
  expect(shown.stdout).toContain("  ●  test   tester  × 2\n");
  const mermaid = await world.cli(["workflow", "show", "release", "--graph", "mermaid"]);
  expect(mermaid.stdout).toMatch(/^flowchart TD\n {2}s1\[.*\n(?:.*\n)* {2}s2 --> s3\n$/);
}, 30_000);

it("R3-41 B6: a run goes on where it was after kill -9 of the process that ran it", async () => {
  const killed = world.start(["workflow", "run", "release", "--input", "version=1.0", "--wait"]);
  const ended = collect(killed, ["workflow", "run"]);
  const id = await waitFor("the run", async () => {
    const { runs } = (await world.cli(["workflow", "list", "--json"])).json<{ runs: RunView[] }>();
    return runs[0]?.id;
  });
  // In the middle of the second step, both agents at work.
  await waitFor("two working agents", async () => {
    const { agents } = (await world.cli(["agent", "list", "--state", "working", "--json"])).json<{
      agents: object[];
    }>();
    return agents.length === 2 ? true : undefined;
  });

  killed.kill("SIGKILL");
  await ended;
  const { run: left, tasks } = await workflow("show", id);
  expect(left.state).toBe("running");
  const last = tasks.at(-1);
  const wait = await world.cli(["task", "wait", last?.id ?? "", "--timeout", "40s"]);
  expect(wait.exitCode, wait.stdout + wait.stderr).toBe(0);

  const { run: over, tasks: ends } = await workflow("show", id);
  expect(over).toMatchObject({ state: "done", because: "all steps are done" });
  // Nothing was begun twice, and no prompt was sent twice.
  for (const task of ends)
    expect([task.title, task.state, (task as unknown as { tries: number }).tries]).toEqual([task.title, "done", 1]);
  const text = await world.cli(["workflow", "show", id]);
  expect(text.stdout).toMatch(
    new RegExp(`^shop/release {2}done {2}${id}\\n {2}all steps are done\\n {2}started .* by operator · ended `),
  );
  expect(text.stdout).toMatch(/\n {2}● {2}test +done +tester +2\/2\n/);
}, 90_000);

it.each([
  [["show", "relaese"], 3, "WORKFLOW_NOT_FOUND", /Did you mean release\?/],
  [["show", "wfr_nothing"], 3, "WORKFLOW_RUN_NOT_FOUND", /"wfr_nothing"/],
  [["cancel", "wfr_nothing"], 3, "WORKFLOW_RUN_NOT_FOUND", /"wfr_nothing"/],
  [["run", "broken"], 2, "WORKFLOW_FILE_INVALID", /broken\.yml:3:\d+: there is no step "b"/],
  [["run", "release"], 2, "WORKFLOW_INPUT_INVALID", /version is missing \(Which\).*--input version=/s],
  [["run", "release", "--input", "versoin=1"], 2, "WORKFLOW_INPUT_INVALID", /did you mean version/],
  [["run", "release", "--input", "version=1", "--session", "shpo"], 3, "SESSION_NOT_FOUND", /Did you mean shop\?/],
] as const)("refuses %j", async (args, exit, code, says) => {
  const text = await world.cli(["workflow", ...args]);
  const { exit: jsonExit, error } = await workflow(...args);
  expect([text.exitCode, jsonExit, error.code]).toEqual([exit, exit, code]);
  expect(text.stderr).toMatch(says);
});

it("cancels what is left, and says when nothing is", async () => {
  const { run } = await workflow("run", "release", "--input", "version=2");
  expect(run.state).toBe("running");
  const text = await world.cli(["workflow", "cancel", run.id]);
  expect(text.exitCode, text.stderr).toBe(0);
  expect(text.stdout).toMatch(/^shop\/release {2}cancelled /);
  expect(text.stderr).toBe("Cancelled 4 tasks.\n");
  const again = await world.cli(["workflow", "cancel", run.id]);
  expect([again.exitCode, again.stderr]).toEqual([0, "It was cancelled before.\n"]);
});
