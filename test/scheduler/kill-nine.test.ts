import { type ChildProcess, spawn } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isEnded, type Task } from "../../src/core/task.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { makeTask } from "../support/task-records.ts";
import { waitFor } from "../support/wait-for.ts";

const BIN = new URL("../../bin/run.js", import.meta.url).pathname;
const TASKS = 9;
const MAX_RUNNING = 3;

let world: FakeWorld;
const children = new Set<ChildProcess>();
beforeAll(async () => {
  world = await openFakeWorld({ CLAUDE_ORCH_MAX_RUNNING_TASKS: String(MAX_RUNNING), CLAUDE_ORCH_MAX_AGENTS: "4" });
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await world.dispose();
});

/** Resolves with the first task that it starts or ends. */
function startScheduler(): { child: ChildProcess; hasWorked: Promise<void> } {
  const child = spawn(process.execPath, [BIN, "worker", "--json"], {
    cwd: world.root,
    env: world.context.caller.env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.add(child);
  child.once("exit", () => children.delete(child));
  return { child, hasWorked: new Promise((resolve) => child.stdout?.once("data", () => resolve())) };
}

it("B6 R3-05: schedulers are killed in the middle of their work: no prompt is sent twice, no try is lost, the limit is kept", async () => {
  const { store } = world.context;
  const [session] = await store.sessions.list();
  // Nobody reports: each is reminded once, and then its check decides.
  const given = Array.from({ length: TASKS }, (_, index): Omit<Task, "number"> => {
    const needs = index >= 3 ? [`tsk_${index - 3}`] : [];
    const state = needs.length === 0 ? "queued" : "blocked";
    const check = ["/bin/sh", "-c", "exit 0"];
    const text = `Work ${index}. [[sleep 100ms]]`;
    return makeTask({ id: `tsk_${index}`, sessionId: session?.id ?? "", text, needs, state, check, createdAt: index });
  });
  await store.tasks.insert(given);
  let most = 0;
  let isOver = false;
  const ended = waitFor(
    "the end of all tasks",
    async () => {
      most = Math.max(most, (await store.tasks.withOpenAttempt()).length);
      const tasks = await store.tasks.list();
      isOver = tasks.every(({ state }) => isEnded(state));
      return isOver ? tasks : undefined;
    },
    { timeoutMs: 40_000, everyMs: 25, describe: async () => JSON.stringify(await store.tasks.list(), null, 1) },
  );

  let kills = 0;
  const killing = (async () => {
    const idle = startScheduler();
    while (!isOver && kills < 8) {
      const { child, hasWorked } = startScheduler();
      await Promise.race([hasWorked, idle.hasWorked, ended]);
      // The one that works dies; the other one takes over.
      for (const one of [child, ...(kills % 2 === 1 ? [idle.child] : [])]) one.kill("SIGKILL");
      kills += 1;
    }
    startScheduler();
  })();
  const tasks = await ended;
  await killing;

  expect(kills).toBeGreaterThan(2);
  expect(most).toBeLessThanOrEqual(MAX_RUNNING);
  for (const task of tasks) {
    expect(task).toMatchObject({ state: "done", attempts: [{ outcome: "done", checks: [{ exitCode: 0 }] }] });
    expect(task.attempts[0]?.prompts.map(({ kind }) => kind)).toEqual(["task", "reminder"]);
  }
  const agents = await store.agents.list();
  expect(agents.length).toBeLessThanOrEqual(4);
  const messages = (await Promise.all(agents.map(({ id }) => store.messages.list(id)))).flat();
  expect(messages.map(({ id }) => id).sort()).toEqual(
    tasks.flatMap(({ attempts }) => attempts[0]?.messageIds ?? []).sort(),
  );
}, 90_000);
