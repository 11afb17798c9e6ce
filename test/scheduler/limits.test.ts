import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { isEnded, type Task } from "../../src/core/task.ts";
import type { Context } from "../../src/operations/context.ts";
import { keepScheduling } from "../../src/scheduler/keep-scheduling.ts";
import { noteReport } from "../../src/scheduler/note-report.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { makeTask } from "../support/task-records.ts";
import { waitFor } from "../support/wait-for.ts";

let world: FakeWorld | undefined;
let scheduling: Promise<void> | undefined;
let stop: AbortController;
afterEach(async () => {
  stop.abort();
  await scheduling;
  await world?.dispose();
});

async function open(env: Record<string, string>): Promise<FakeWorld> {
  stop = new AbortController();
  world = await openFakeWorld(env);
  return world;
}

async function submit({ context }: FakeWorld, changes: readonly Partial<Task>[]): Promise<Task[]> {
  const [session] = await context.store.sessions.list();
  const base = { sessionId: session?.id ?? "", createdAt: context.clock.now(), queuedAt: context.clock.now() };
  return context.store.tasks.insert(
    changes.map((change, index) => makeTask({ ...base, id: `tsk_${index}`, text: `Do ${index}.`, ...change })),
  );
}

/** Runs the queue to its end: each task is reported on as soon as its agent was told, and is looked at all the time. */
async function untilAllEnded(context: Context, look: (tasks: readonly Task[]) => Promise<void>): Promise<Task[]> {
  const { tasks } = context.store;
  scheduling = keepScheduling({ ...context, signal: stop.signal });
  const reported = new Set<string>();
  const toReport = ({ id, state, attempts }: Task) =>
    state === "running" && (attempts.at(-1)?.messageIds.length ?? 0) > 0 && !reported.has(id);
  return waitFor(
    "the end of all tasks",
    async () => {
      const all = await tasks.list();
      await look(all);
      for (const { id } of all.filter(toReport)) {
        reported.add(id);
        await noteReport(context, id, { kind: "result", text: "Done." });
      }
      return all.every(({ state }) => isEnded(state)) ? all : undefined;
    },
    { timeoutMs: 100_000, everyMs: 20, describe: async () => JSON.stringify((await tasks.list()).slice(-9), null, 1) },
  );
}

it("R3-31 R3-03 R4-11: over 100 tasks there are never more at once than the settings and a role's file say, and as many as they allow", async () => {
  const opened = await open({ CLAUDE_ORCH_MAX_RUNNING_TASKS: "5", CLAUDE_ORCH_MAX_AGENTS: "4" });
  const { store } = opened.context;
  await mkdir(join(opened.root, ".claude-orch", "roles"), { recursive: true });
  await writeFile(
    join(opened.root, ".claude-orch", "roles", "narrow.md"),
    "---\nname: narrow\ndescription: One at a time\nlimits: {maxAgents: 1}\n---\nWork.\n",
  );
  await submit(
    opened,
    Array.from({ length: 100 }, (_, index) => ({ role: index % 10 === 0 ? "narrow" : "tester", conversation: "kept" })),
  );
  const most = { running: 0, agents: 0, narrow: 0 };
  const reasons = new Set<string>();

  const tasks = await untilAllEnded(opened.context, async (all) => {
    const agents = await store.agents.list();
    most.running = Math.max(most.running, (await store.tasks.withOpenAttempt()).length);
    most.agents = Math.max(most.agents, agents.length);
    most.narrow = Math.max(most.narrow, agents.filter(({ role }) => role === "narrow").length);
    for (const { state, because } of all) if (state === "queued") reasons.add(because);
  });

  expect(tasks.map(({ state }) => state)).toEqual(Array(100).fill("done"));
  expect(most).toEqual({ running: 4, agents: 4, narrow: 1 });
  expect([...reasons]).toContain("no agent with the role narrow is free, and team has its 1 agent with this role");
}, 120_000);

it("R3-31: new agents wait for the machine's memory and load, with the reason; never all of them", async () => {
  const opened = await open({
    ...{ CLAUDE_ORCH_MAX_RUNNING_TASKS: "10", CLAUDE_ORCH_MIN_FREE_MEMORY: "700", CLAUDE_ORCH_MAX_LOAD: "4" },
  });
  const { store } = opened.context;
  await submit(
    opened,
    Array.from({ length: 20 }, () => ({ conversation: "kept" as const })),
  );
  const room = { availableMemory: 310_000_000, loadPerProcessor: 1 };
  const context = { ...opened.context, machine: { room: async () => room } };
  const reasons = new Set<string>();
  let agentsWhileFull = 0;

  const tasks = await untilAllEnded(context, async (all) => {
    for (const { state, because } of all) if (state === "queued") reasons.add(because);
    const done = all.filter(({ state }) => state === "done").length;
    if (done < 4) agentsWhileFull = (await store.agents.list()).length;
    else if (done < 8) Object.assign(room, { availableMemory: 9e9, loadPerProcessor: 9 });
    else room.loadPerProcessor = 1;
  });

  expect(tasks.map(({ state }) => state)).toEqual(Array(20).fill("done"));
  expect(agentsWhileFull).toBe(1);
  expect((await store.agents.list()).length).toBeGreaterThan(1);
  const none = "no agent with the role general is free, and";
  expect([...reasons]).toContainEqual(
    expect.stringMatching(
      /^no agent with the role general is free, and the machine has about 300 MB of free memory.*; a new agent wants 700$/,
    ),
  );
  expect([...reasons]).toContain(
    `${none} the load of the machine is 9.0 for each processor, a new agent wants 4 at most`,
  );
}, 60_000);
