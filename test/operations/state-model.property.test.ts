import { existsSync } from "node:fs";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import { agentClear } from "../../src/operations/agent/clear.ts";
import { agentDelete } from "../../src/operations/agent/delete.ts";
import { agentList } from "../../src/operations/agent/list.ts";
import { agentShow } from "../../src/operations/agent/show.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { isFullDepth } from "../support/depth.ts";
import { type Act, acts, Stage } from "./state-model/acts.ts";
import type { Expected } from "./state-model/model.ts";
import { ModelWorld } from "./state-model/model-world.ts";

/**
 * A failure prints its seed and path. `STATE_MODEL_SEED=… STATE_MODEL_PATH=…` plays it again, `STATE_MODEL_RUNS=…` plays
 * more scenarios than the usual ones.
 */
const { STATE_MODEL_SEED, STATE_MODEL_PATH, STATE_MODEL_RUNS } = process.env;
const RUNS = Number(STATE_MODEL_RUNS ?? (isFullDepth ? 1_000 : 200));

/** A file system in memory, where there is one. */
const MEMORY = "/dev/shm";

let world: ModelWorld;
let prompts = 1;
/** What the scenarios led to: states with their kinds, and ends of messages. */
const seen = new Map<string, number>();

beforeAll(async () => {
  // A disk that keeps each of some ten thousand small transactions would take most of the time.
  if (existsSync(MEMORY)) vi.stubEnv("TMPDIR", MEMORY);
  world = await ModelWorld.open();
}, 60_000);
afterAll(async () => {
  await world.fake.dispose();
  vi.unstubAllEnvs();
});

describe("an agent's reported state and its messages", () => {
  it(
    `B1: in ${RUNS} random scenarios the state is the model's at every step, and no message starts two turns`,
    async () => {
      const scenario = fc.record({
        agents: fc.constantFrom(1, 1, 1, 2, 3),
        script: fc.array(acts, { minLength: 3, maxLength: 18 }),
      });
      await fc.assert(
        fc.asyncProperty(scenario, ({ agents, script }) => play(agents, script)),
        {
          numRuns: RUNS,
          ...(STATE_MODEL_SEED === undefined ? {} : { seed: Number(STATE_MODEL_SEED) }),
          ...(STATE_MODEL_PATH === undefined ? {} : { path: STATE_MODEL_PATH }),
        },
      );
      if (RUNS >= 1_000 && STATE_MODEL_PATH === undefined) expect([...seen.keys()].sort()).toEqual(EVERYTHING);
    },
    Math.max(300_000, RUNS * 300),
  );
});

/** Scenarios that never lead to one of these would prove nothing about it. */
const EVERYTHING = [
  ...["answered", "failed", "queued", "unknown"].map((end) => `message ${end}`),
  ...["starting", "idle", "working", "exited", "lost"],
  ...["permission", "question", "plan", "dialog"].map((kind) => `waiting ${kind}`),
  ...["api", "auth", "rate_limit", "usage_limit", "crash", "launch"].map((kind) => `errored ${kind}`),
].sort();

function note(what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1);
}

async function play(count: number, script: readonly Act[]): Promise<void> {
  const agents = await spawn(count);
  const stage = new Stage(world, agents, prompts);
  try {
    await expectStates("the start");
    for (const [index, act] of script.entries()) {
      const outcome = await stage.perform(act);
      await expectStates(`step ${index + 1}, ${JSON.stringify(act)}, which ${JSON.stringify(outcome) ?? "was done"}`);
    }
    await expectMessagesSettled(agents);
  } finally {
    prompts = stage.prompts;
    world.clock.forget();
    for (const { id } of agents) await call(agentDelete, { agent: id, force: true });
    await world.reset();
  }
}

const call: ModelWorld["fake"]["call"] = (operation, input) => world.fake.call(operation, input, world.context);

async function spawn(count: number): Promise<AgentView[]> {
  world.nextStart = { kind: "at-once" };
  const { agent, agents } = await call(agentSpawn, count === 1 ? { name: "a" } : { count });
  return agents ?? (agent ? [agent] : []);
}

async function expectStates(when: string): Promise<void> {
  const { agents } = await call(agentList, {});
  world.play();
  for (const view of agents) {
    const expected = world.models.get(view.id)?.expected();
    if (expected) expectState(view, expected, when);
  }
}

function expectState(view: AgentView, expected: Expected, when: string): void {
  const told = {
    state: view.state,
    waitingKind: view.waitingFor?.kind,
    error: view.error && { kind: view.error.kind, retryAt: view.error.retryAt },
    exitCode: view.exitCode,
  };
  const right = {
    state: expected.states.includes(view.state) ? view.state : expected.states.join(" or "),
    waitingKind: expected.waitingKind,
    error: expected.error && { kind: expected.error.kind, retryAt: expected.error.retryAt },
    exitCode: expected.exitCode,
  };
  note([view.state, told.waitingKind ?? told.error?.kind ?? ""].join(" ").trim());
  expect(told, `${view.name} after ${when}: ${view.because}`).toEqual(right);
}

/** Every message has ended in exactly one way, and the transcripts tell the same. */
async function expectMessagesSettled(agents: readonly AgentView[]): Promise<void> {
  const recorded = await world.recordedPrompts();
  for (const { id } of agents) {
    await call(agentClear, { agent: id, force: true });
    await call(agentShow, { agent: id });
    const model = world.models.get(id);
    const messages = await world.fake.context.store.messages.list(id);
    for (const { text, sentText, state, reason } of messages) {
      const typed = sentText ?? text;
      // Only the orchestrator's own word after a limit is the same each time.
      const alike = messages.filter((one) => (one.sentText ?? one.text) === typed).length;
      const submitted = model?.submitted.get(typed) ?? 0;
      const begun = model?.begun.get(typed) ?? 0;
      note(`message ${state}`);
      const what = `${state} (${reason}), submitted ${submitted} times, begun ${begun} times: ${typed}`;
      expect(submitted, what).toBeLessThanOrEqual(alike);
      expect(recorded.get(typed) ?? 0, `in the transcript, ${what}`).toBe(begun);
      expect(["queued", "failed", "unknown", "answered"], what).toContain(state);
      if (alike === 1 && (state === "queued" || state === "failed")) expect(submitted, what).toBe(0);
      if (state === "answered") expect(begun, what).toBeGreaterThanOrEqual(1);
    }
  }
}
