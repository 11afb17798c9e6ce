import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TaskView } from "../../../src/core/task.ts";
import { type CliOptions, collect } from "../../e2e/support/world.ts";
import { waitFor } from "../../support/wait-for.ts";
import { type FakeWorld, openFakeWorld } from "./fake-world.ts";

const PASSES = `'${process.execPath}' -e ''`;

let world: FakeWorld;
beforeAll(async () => {
  world = await openFakeWorld();
  const created = await world.cli(["session", "create", "--name", "shop", "--json"]);
  expect(created.exitCode, created.stdout).toBe(0);
}, 30_000);
afterAll(() => world?.dispose());

const task = async (args: readonly string[], options?: CliOptions) => {
  const result = await world.cli(["task", ...args, "--json"], options);
  return {
    exit: result.exitCode,
    ...result.json<{ task: TaskView; tasks: TaskView[]; error?: { code: string; message: string; hint: string } }>(),
  };
};

describe("claude-orch task", () => {
  it("R3-06: a queue from submit to result: each command says the same as text and as JSON", async () => {
    const first = await task(["submit", "-", "--title", "Count", "--priority", "8", "--check", PASSES], {
      input: "Count them.\n",
    });
    expect(first).toMatchObject({
      exit: 0,
      task: { number: 1, state: "queued", title: "Count", text: "Count them.", priority: 8 },
    });
    const text = await world.cli(["task", "submit", "Name them", "--needs", "1", "--role", "reviewer"]);
    expect(text.stdout).toMatch(
      /^shop\/TASK_2 {2}blocked {2}tsk_\w+\n {2}Name them\n {2}it needs TASK_1 \(queued\)\n$/,
    );

    const list = await world.cli(["task", "list"]);
    const [heading, ...rows] = list.stdout.trimEnd().split("\n");
    expect(heading).toMatch(/^TASK +STATE +ROLE +TITLE +BECAUSE$/);
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 4))).toEqual([
      ["shop/1", "queued", "-", "Count"],
      ["shop/2", "blocked", "reviewer", "Name them"],
    ]);
    expect((await world.cli(["status"])).stdout).toContain("Tasks: 1 queued, 1 blocked\n");

    const waited = await world.cli(["task", "wait", "Count", "--timeout", "40s"]);
    expect(waited.exitCode, waited.stderr).toBe(0);
    const shown = await world.cli(["task", "show", "shop/TASK_1"]);
    expect(shown.stdout).toContain("check passed");
    expect(shown.stdout).toContain("— try 1: done —");
    const logs = await world.cli(["task", "logs", "1", "--follow"]);
    expect(logs.exitCode).toBe(0);
    expect(logs.stdout).toMatch(/^— try 1 by Agent_1 —\n❯ Count them\./);
    expect(logs.stdout).toMatch(/\ncheck passed\n/);
  }, 60_000);

  it("R3-39: the worker prints what starts and ends, obeys a new maxRunningTasks within 5 s, and ends with 130 on Ctrl-C", async () => {
    await world.cli(["config", "set", "maxRunningTasks", "1"]);
    const worker = world.start(["worker", "--json"]);
    const ended = collect(worker, ["worker"]);
    let said = "";
    worker.stdout?.on("data", (chunk) => {
      said += String(chunk);
    });
    const eventsOf = (id: string) =>
      said
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as { event: string; task: TaskView })
        .filter(({ task: of }) => of.id === id)
        .map(({ event, task: { state } }) => `${event} ${state}`);
    const told = (id: string, count: number, timeoutMs: number) =>
      waitFor(`event ${count}`, () => (eventsOf(id).length >= count ? true : undefined), {
        timeoutMs,
        describe: () => said,
      });
    const first = (await task(["submit", "Hold the place. [[sleep 60s]]", "--title", "holds", "--priority", "urgent"]))
      .task;
    await told(first.id, 1, 20_000);
    const second = (await task(["submit", "Say hi. [[reply hi]]", "--check", PASSES])).task;
    expect((await task(["show", second.id])).task.state).toBe("queued");
    expect(eventsOf(second.id)).toEqual([]);

    await world.cli(["config", "set", "maxRunningTasks", "2"]);

    await told(second.id, 1, 5_000);
    await told(second.id, 2, 20_000);
    await task(["cancel", "holds"]);
    worker.kill("SIGINT");
    expect((await ended).exitCode).toBe(130);
    expect(eventsOf(second.id)).toEqual(["started running", "ended done"]);
  }, 60_000);

  it("an agent's shell reports on its own task, and may not run the queue", async () => {
    const { agent } = (await world.cli(["agent", "spawn", "--json"])).json<{ agent: { id: string } }>();
    const env = { CLAUDE_ORCH_AGENT_ID: agent.id };
    const report = await task(["report", "result", "-"], { env, input: "done" });
    expect(report).toMatchObject({
      exit: 3,
      error: { code: "TASK_NOT_FOUND", message: "This agent works on no task" },
    });
    expect((await task(["cancel", "1"], { env })).error?.code).toBe("PERMISSION_DENIED");
    expect((await world.cli(["worker"], { env })).exitCode).toBe(8);
  }, 30_000);

  it("with --wait prints the result, and its exit code says how the task ended", async () => {
    const done = await world.cli([
      "task",
      "submit",
      "Say hi. [[reply hi]]",
      "--check",
      PASSES,
      "--wait",
      "--wait-timeout",
      "30s",
    ]);
    expect([done.exitCode, done.stderr]).toEqual([0, ""]);
    const goesOn = await task(["submit", "Slow [[sleep 30s]]", "--title", "slow", "--wait", "--wait-timeout", "500ms"]);
    expect(goesOn).toMatchObject({ exit: 6, task: { title: "slow" } });
    const still = await world.cli(["task", "wait", "slow", "--timeout", "100ms"]);
    expect([still.exitCode, still.stderr]).toEqual([
      6,
      expect.stringMatching(/^The time is over; the tasks go on: claude-orch task wait shop\/\d+\n$/),
    ]);
    expect(await task(["cancel", "slow"])).toMatchObject({ exit: 0, task: { state: "cancelled" } });
    expect((await world.cli(["task", "wait", "slow"])).exitCode).toBe(7);
    expect((await world.cli(["task", "wait", "slow", "Count", "--any"])).exitCode).toBe(0);
  }, 60_000);
});

type Row = readonly [args: string[], exit: number, code: string, says: RegExp, options?: () => CliOptions];

const ROWS: readonly Row[] = [
  [["show", "99"], 3, "TASK_NOT_FOUND", /"99".*task list/],
  [["show", "Cuont"], 3, "TASK_NOT_FOUND", /Did you mean "Count"\?/],
  [["show", "elsewhere/1"], 3, "SESSION_NOT_FOUND", /"elsewhere"/],
  [["show", "1"], 3, "SESSION_NOT_FOUND", /SESSION\/1/, () => ({ cwd: path.dirname(world.project) })],
  [["submit", "x", "--needs", "99"], 3, "TASK_NOT_FOUND", /"99"/],
  [["submit", "x", "--role", "wizard"], 3, "ROLE_NOT_FOUND", /wizard/],
  [["submit", "x", "--agent", "nobody"], 3, "AGENT_NOT_FOUND", /"nobody"/],
  [
    ["submit", "x", "--agent", "Agent_1", "--role", "reviewer"],
    2,
    "INVALID_INPUT",
    /has the role general, not reviewer/,
  ],
  [["submit", "x", "--check", "npm 'test"], 2, "TASK_CHECK_INVALID", /quote ' at character 5.*sh -c/],
  [["submit", "x", "--conversation", "old"], 2, "INVALID_INPUT", /--conversation/],
  [
    ["submit", "x", "--worktree", "--conversation", "kept"],
    2,
    "INVALID_INPUT",
    /do not go together.*Leave --conversation kept out/,
  ],
  [["submit", "x", "--worktree", "--agent", "Agent_1"], 2, "INVALID_INPUT", /do not go together.*Leave --agent out/],
  [["submit", "x", "--check", " "], 2, "TASK_CHECK_INVALID", /names no program/],
  [
    ["submit", "x", "--priority", "soon"],
    2,
    "INVALID_INPUT",
    /--priority: write low, normal, high, urgent or a number/,
  ],
  [["submit", "x", "--priority", "11"], 2, "INVALID_INPUT", /number from 1 to 10/],
  [["submit", "x", "--timeout", "soon"], 2, "INVALID_INPUT", /--timeout: write a duration/],
  [["submit", "x", "--retries", "11"], 2, "INVALID_INPUT", /--retries must be at most 10/],
  [["submit", "x", "--on-failure", "cry"], 2, "INVALID_INPUT", /--on-failure/],
  [["submit", " "], 2, "TEXT_EMPTY", /no text/],
  [["submit", "/clear"], 2, "TEXT_NOT_DELIVERABLE", /./],
  [["submit", "x", "--title", " "], 2, "INVALID_INPUT", /--title must not be empty/],
  [["submit"], 2, "INVALID_INPUT", /TEXT is missing/],
  [["list", "--state", "over"], 2, "INVALID_INPUT", /--state/],
  [["update", "1", "--priority", "high"], 4, "TASK_ENDED", /is done already.*new task/],
  [["update", "parked"], 2, "INVALID_INPUT", /Say what is to be changed/],
  [["update", "parked", "--needs", "parked"], 2, "TASK_CYCLE", /(TASK_\d+) → \1/],
  [["update", "parked", "--needs", "1", "--no-needs"], 2, "INVALID_INPUT", /not both/],
  [["cancel", "1"], 4, "TASK_ENDED", /is done already/],
  [["retry", "1"], 4, "TASK_ENDED", /is done/],
  [["wait", "1", "2", "--any", "--all"], 2, "INVALID_INPUT", /not both/],
  [["wait"], 2, "INVALID_INPUT", /TASKS is missing/],
  [["report", "result", "x"], 8, "PERMISSION_DENIED", /Only the agent that works on a task/],
  [["report", "maybe", "x"], 2, "INVALID_INPUT", /KIND/],
];

describe("mistakes with tasks", () => {
  beforeAll(async () => {
    expect(await task(["submit", "Waits for good", "--title", "parked", "--needs", "slow"])).toMatchObject({ exit: 0 });
  });

  it.each(ROWS.map(([args, exit, code, says, options]) => ({ args, exit, code, says, options })))(
    "task $args exits $exit $code",
    async ({ args, exit, code, says, options }) => {
      const result = await task(args, options?.());

      expect(result).toMatchObject({ exit, error: { code } });
      expect(`${result.error?.message} ${result.error?.hint}`).toMatch(says);
    },
  );
});
