import fc from "fast-check";
import { afterEach, expect, it } from "vitest";
import { isEnded, type Task, type TaskAttempt } from "../../src/core/task.ts";
import type { Turn } from "./simulation/played-crew.ts";
import { PlayedWorld, type WorldOptions } from "./simulation/played-world.ts";

let world: PlayedWorld | undefined;
afterEach(async () => {
  await world?.opened.remove();
  world = undefined;
});

interface Scenario {
  tasks: {
    needs: number[];
    priority: number;
    retries: number;
    hasCheck: boolean;
    role: number;
    onFailure: "none" | "fix";
    timeoutMs: number;
  }[];
  maxRunning: number;
  maxAgents: number;
  maxOfRole: number | null;
  processes: number;
  seed: number;
}

const scenario = (maxTasks: number): fc.Arbitrary<Scenario> =>
  fc.record({
    tasks: fc.array(
      fc.record({
        // Reduced to tasks before it: no circle.
        needs: fc.array(fc.nat(), { maxLength: 3 }),
        priority: fc.integer({ min: 1, max: 10 }),
        retries: fc.integer({ min: 0, max: 2 }),
        hasCheck: fc.boolean(),
        role: fc.integer({ min: 0, max: 2 }),
        onFailure: fc.constantFrom("none" as const, "fix" as const),
        timeoutMs: fc.constantFrom(30_000, 600_000),
      }),
      { minLength: 1, maxLength: maxTasks, size: "max" },
    ),
    maxRunning: fc.integer({ min: 1, max: 6 }),
    maxAgents: fc.integer({ min: 1, max: 6 }),
    maxOfRole: fc.option(fc.integer({ min: 1, max: 3 })),
    processes: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(),
  });

/** The same for the same words, and as good as random. */
function chance(...words: (string | number)[]): number {
  let hash = 2_166_136_261;
  for (const character of words.join("|")) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

function turnOf(seed: number, ...words: (string | number)[]): Turn {
  const luck = chance(seed, "end", ...words);
  const end = luck < 0.72 ? "result" : luck < 0.8 ? "failed" : luck < 0.88 ? "silent" : luck < 0.94 ? "crash" : "error";
  // Some take longer than their time.
  return { end, ms: Math.round(chance(seed, "ms", ...words) ** 3 * 60_000) };
}

function optionsOf({ seed, maxRunning, maxAgents, maxOfRole }: Scenario): WorldOptions {
  return {
    maxRunning,
    maxAgents,
    maxOfRole,
    // Now and then, and for good in some scenarios, there is too little for a new agent.
    freeMemory: (now) => (chance(seed, "memory", Math.floor(now / 60_000)) < chance(seed, "short") ** 2 ? 100 : 9_000),
    play: {
      turn: (...words) => turnOf(seed, ...words),
      checkPasses: (...words) => chance(seed, "check", ...words) < 0.6,
      launchFails: (...words) => chance(seed, "launch", ...words) < 0.03,
    },
  };
}

/** Ids of those that are blocked by a failure, at once or by way of others: needs come before what needs them. */
function stuckTasks(tasks: readonly Task[]): Set<string> {
  const stuck = new Set<string>();
  const byId = new Map(tasks.map((task) => [task.id, task]));
  for (const { id, state, needs } of tasks) {
    const isHopeless = (need: string) =>
      stuck.has(need) || ["failed", "cancelled"].includes(byId.get(need)?.state ?? "");
    if (state === "blocked" && needs.some(isHopeless)) stuck.add(id);
  }
  return stuck;
}

/** More than any of these queues needs: then something hangs. */
const MAX_ROUNDS = 6_000;

async function play(given: Scenario): Promise<{ world: PlayedWorld; tasks: Task[] }> {
  await world?.opened.remove();
  world = await PlayedWorld.open(optionsOf(given));
  const { store } = world;
  const idOf = (index: number) => `tsk_${index}`;
  await world.submit(
    given.tasks.map(({ needs, hasCheck, role, ...task }, index) => {
      const ids = index === 0 ? [] : [...new Set(needs.map((need) => idOf(need % index)))];
      const state = ids.length === 0 ? ("queued" as const) : ("blocked" as const);
      return { ...task, id: idOf(index), needs: ids, state, role: `role-${role}`, check: hasCheck ? ["check"] : null };
    }),
  );
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    while (world.processes.length < given.processes) await world.startProcess();
    if (chance(given.seed, "kill", round) < 0.2) {
      const victim = world.processes[Math.floor(chance(given.seed, "victim", round) * world.processes.length)];
      victim?.mortal.dieAfter(1 + Math.floor(chance(given.seed, "when", round) * 60));
    }
    if (chance(given.seed, "cancel", round) < 0.05) await cancelOne(world, chance(given.seed, "which", round));
    await world.wake();
    await assertLimits(world, given);
    const counts = (await store.tasks.counts()).get("ses_1") ?? {};
    const open = (counts.queued ?? 0) + (counts.running ?? 0) + (counts.waiting ?? 0) + (counts.checking ?? 0);
    if (open === 0 && (await store.tasks.withOpenAttempt()).length === 0) {
      const tasks = await store.tasks.list();
      const stuck = stuckTasks(tasks);
      if (tasks.every(({ id, state }) => isEnded(state) || stuck.has(id))) return { world, tasks };
    }
    await world.pass(1_000 + Math.round(chance(given.seed, "time", round) * 9_000));
  }
  throw new Error(
    `It hangs: ${JSON.stringify(await store.tasks.list({ states: ["queued", "running", "waiting", "checking", "blocked"] }), null, 1)}`,
  );
}

/** What a person does: the task ends in the store, then its agent stops; some are killed in between. */
async function cancelOne({ store, crew, clock }: PlayedWorld, luck: number): Promise<void> {
  const open = await store.tasks.list({ states: luck < 0.5 ? ["running", "checking"] : ["queued", "blocked"] });
  const task = open[Math.floor(((luck * 2) % 1) * open.length)];
  if (!task) return;
  const endedAt = clock.now();
  await store.tasks.update(task.id, { state: "cancelled", because: "cancelled", endedAt }, [
    "queued",
    "running",
    "blocked",
    "checking",
  ]);
  if ((luck * 1_000) % 1 < 0.5) return;
  const attempts = task.attempts.map(
    (attempt): TaskAttempt => (attempt.endedAt === null ? { ...attempt, endedAt, outcome: "cancelled" } : attempt),
  );
  await store.tasks.update(task.id, { attempts });
  const attempt = task.attempts.at(-1);
  if (attempt?.agentId && attempt.endedAt === null) crew.halt(attempt.agentId, attempt.messageIds);
}

async function assertLimits(
  { store, crew }: PlayedWorld,
  { maxRunning, maxAgents, ...given }: Scenario,
): Promise<void> {
  expect((await store.tasks.withOpenAttempt()).length).toBeLessThanOrEqual(maxRunning);
  const agents = await store.agents.list("ses_1");
  expect(agents.length).toBeLessThanOrEqual(maxAgents);
  for (const { role } of agents) {
    const ofRole = agents.filter((agent) => agent.role === role);
    expect(ofRole.length).toBeLessThanOrEqual(given.maxOfRole ?? maxAgents);
  }
  expect(crew.agentsAtWork).toBeLessThanOrEqual(maxAgents);
}

function assertEnds(tasks: readonly Task[], sent: ReadonlyMap<string, number>): void {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const prompts = new Map<string, number>();
  for (const [key, times] of sent) {
    const [, taskId, attempt] = key.split(":");
    prompts.set(`${taskId}:${attempt}`, (prompts.get(`${taskId}:${attempt}`) ?? 0) + times);
  }
  for (const task of tasks) {
    const { attempts, state } = task;
    expect(attempts.map(({ number }) => number)).toEqual(attempts.map((_, index) => index + 1));
    for (const attempt of attempts) expect(attempt.outcome !== null && attempt.endedAt !== null, task.id).toBe(true);
    // What was written down was sent once; the last one perhaps not at all, when the try ended before.
    for (const { number, prompts: asked } of attempts) {
      expect(prompts.get(`${task.id}:${number}`) ?? 0, task.id).toBeLessThanOrEqual(asked.length);
    }
    // Ended exactly once, and only with evidence.
    const isDone = attempts.filter(({ outcome }) => outcome === "done");
    expect(isDone.length, task.id).toBe(state === "done" ? 1 : 0);
    if (state === "done") {
      expect(attempts.at(-1)?.outcome).toBe("done");
      if (task.check) expect(attempts.at(-1)?.checks.at(-1)?.exitCode).toBe(0);
      else expect(task.result).toBe("result");
    }
    const failures = attempts.filter(
      ({ outcome }) => outcome === "failed" || outcome === "timeout" || outcome === "lost",
    );
    expect(failures.length, task.id).toBeLessThanOrEqual(task.retries + 1);
    // Given up at once only where nobody could be asked at all.
    if (state === "failed") expect(failures.length, task.id).toBe(task.retries + 1);
    // Never before its needs, and only because of them not at all.
    for (const need of task.needs.map((id) => byId.get(id))) {
      if (attempts[0]) expect(need?.endedAt, task.id).toBeLessThanOrEqual(attempts[0].startedAt);
      if (attempts[0]) expect(need?.state, task.id).toBe("done");
    }
    const isBlockedByFailure = task.needs.some((id) => ["failed", "cancelled"].includes(byId.get(id)?.state ?? ""));
    if (state === "blocked" && isBlockedByFailure)
      expect(task.because).toMatch(/^it needs TASK_\d+ .*(?:failed|was cancelled): /);
    const fixes = tasks.filter(({ causedBy }) => causedBy === task.id);
    expect(fixes.length, task.id).toBe(
      state === "failed" && task.onFailure === "fix" && task.causedBy === null ? 1 : 0,
    );
  }
}

it("R3-04 R3-31 R4-77: random queues, failures, limits, schedulers and kill -9: every task ends once, in order, within the limits", async () => {
  let ended = 0;
  await fc.assert(
    fc.asyncProperty(scenario(40), async (given) => {
      const { world, tasks } = await play(given);
      assertEnds(tasks, world.crew.sent);
      ended += tasks.length;
    }),
    // Queues do not get clearer by shrinking, and it takes minutes.
    { numRuns: 12, seed: 20_261_121, endOnFailure: true },
  );
  expect(ended).toBeGreaterThan(100);
}, 120_000);

it("the same with a queue of 200 tasks and four schedulers", async () => {
  const [given] = fc.sample(
    fc.tuple(scenario(200), fc.array(fc.nat(), { minLength: 200, maxLength: 200 })).map(([base, needs]) => ({
      ...base,
      tasks: needs.map((need, index) => ({
        ...(base.tasks[index % base.tasks.length] ?? base.tasks[0]),
        needs: need % 3 === 0 ? [need] : [],
      })),
      maxRunning: 6,
      maxAgents: 5,
      processes: 4,
    })),
    { numRuns: 1, seed: 5 },
  ) as Scenario[];
  if (!given) throw new Error("a sample");

  const { world, tasks } = await play(given);

  expect(tasks.filter(({ causedBy }) => causedBy === null)).toHaveLength(200);
  assertEnds(tasks, world.crew.sent);
}, 120_000);

it("R3-23: nothing starves: a task that can wait starts in the end, however many urgent ones keep coming", async () => {
  const minute = 60_000;
  world = await PlayedWorld.open({
    maxRunning: 1,
    maxAgents: 1,
    play: { turn: () => ({ ms: minute - 1, end: "result" }), checkPasses: () => true, launchFails: () => false },
  });
  const { store } = world;
  await world.startProcess();
  const submittedAt = world.clock.now();
  await world.submit([{ id: "can-wait", priority: 1 }]);

  let minutes = 0;
  for (; (await store.tasks.get("can-wait"))?.state === "queued"; minutes += 1) {
    // More than the one agent can do, which needs two minutes for each: the queue of urgent ones only grows.
    await world.submit([{ id: `urgent-${minutes}`, priority: 4 }]);
    await world.wake();
    await world.pass(minute);
    if (minutes > 90) break;
  }

  const task = await store.tasks.get("can-wait");
  // Ten minutes for each of three steps of priority: it is before all that came half an hour after it, and after the rest.
  const waited = (task?.startedAt ?? Number.POSITIVE_INFINITY) - submittedAt;
  expect(waited).toBeLessThanOrEqual(2 * 32 * minute);
  expect(waited).toBeGreaterThan(30 * minute);
}, 60_000);
