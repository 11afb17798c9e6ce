import * as fc from "fast-check";
import type { AgentView } from "../../../src/core/agent.ts";
import { AppError } from "../../../src/core/errors.ts";
import type { InputStep, Key } from "../../../src/core/ports/terminal-backend.ts";
import { agentClear } from "../../../src/operations/agent/clear.ts";
import { agentInterrupt } from "../../../src/operations/agent/interrupt.ts";
import { agentRespond } from "../../../src/operations/agent/respond.ts";
import { agentSend } from "../../../src/operations/agent/send.ts";
import { agentShow } from "../../../src/operations/agent/show.ts";
import { agentStart } from "../../../src/operations/agent/start.ts";
import type { Start } from "./model.ts";
import type { ModelWorld } from "./model-world.ts";
import { promptOf, type Script, scripts } from "./script.ts";

export type PersonAct =
  | { kind: "keys"; keys: Key[] }
  | { kind: "text"; text: string }
  | { kind: "prompt"; script: Script }
  | { kind: "command"; text: "/exit" | "/clear" | "/cost" }
  | { kind: "hang-up" | "vanish" };

export type Act =
  | { by: "time"; ms: number }
  | { by: "person"; agent: number; act: PersonAct; afterMs?: number }
  | { by: "send"; agent: number; script: Script; when: "idle" | "now" | "interrupt"; timeout: string; wait: boolean }
  | { by: "respond"; agent: number; answer: Record<string, unknown> }
  | { by: "start"; agent: number; resume: boolean; start: Start }
  | { by: "interrupt" | "clear" | "show"; agent: number };

const agent = fc.nat({ max: 2 });
const starts: fc.Arbitrary<Start> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Start>({ kind: "at-once" }) },
  { weight: 1, arbitrary: fc.constant<Start>({ kind: "slow", ms: 400 }) },
  { weight: 1, arbitrary: fc.constant<Start>({ kind: "trust" }) },
);

const personActs: fc.Arbitrary<PersonAct> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom<Key[]>(
        ["Escape"],
        ["Enter"],
        ["C-c"],
        ["C-c", "C-c"],
        ["Up"],
        ["Down"],
        ["Right"],
        ["Left"],
        ["C-s"],
      )
      .map((keys): PersonAct => ({ kind: "keys", keys })),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom("1", "2", "3", "4", "a draft").map((text): PersonAct => ({ kind: "text", text })),
  },
  { weight: 4, arbitrary: scripts.map((script): PersonAct => ({ kind: "prompt", script })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("/exit" as const, "/clear" as const, "/cost" as const)
      .map((text): PersonAct => ({ kind: "command", text })),
  },
  { weight: 1, arbitrary: fc.constantFrom<PersonAct>({ kind: "hang-up" }, { kind: "vanish" }) },
);

const answers = fc.constantFrom<Record<string, unknown>>(
  { allow: true },
  { allow: true },
  { deny: true },
  { choice: [2] },
  { choice: ["1:1"] },
  { choice: ["1:1", "1:3"] },
  { choice: ["1:2", "2:3"] },
  { text: "in my own words" },
);

export const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      by: fc.constant("time" as const),
      ms: fc.constantFrom(1, 60, 160, 700, 3_000, 40_000, 7_300_000),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record(
      { by: fc.constant("person" as const), agent, act: personActs, afterMs: fc.constantFrom(10, 250, 1_100) },
      { requiredKeys: ["by", "agent", "act"] },
    ),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      by: fc.constant("send" as const),
      agent,
      script: scripts,
      when: fc.constantFrom("idle" as const, "idle" as const, "now" as const, "interrupt" as const),
      timeout: fc.constantFrom("1ms", "400ms", "3s"),
      wait: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ by: fc.constant("respond" as const), agent, answer: answers }) },
  {
    weight: 2,
    arbitrary: fc.record({ by: fc.constant("start" as const), agent, resume: fc.boolean(), start: starts }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      by: fc.constantFrom("interrupt" as const, "interrupt" as const, "clear" as const, "show" as const),
      agent,
    }),
  },
);

/** What the operation said; undefined where nothing was asked of it. */
export type Outcome = { kind: "done" } | { kind: "failed"; code: string } | undefined;

/** One scenario's agents, and what happens to them. */
export class Stage {
  readonly #world: ModelWorld;
  readonly #agents: readonly AgentView[];
  #prompts: number;

  constructor(world: ModelWorld, agents: readonly AgentView[], firstPrompt: number) {
    this.#world = world;
    this.#agents = agents;
    this.#prompts = firstPrompt;
  }

  get prompts(): number {
    return this.#prompts;
  }

  async perform(act: Act): Promise<Outcome> {
    if (act.by === "time") {
      await this.#world.clock.sleep(act.ms);
      return undefined;
    }
    const id = this.#agents[act.agent % this.#agents.length]?.id ?? "";
    switch (act.by) {
      case "person": {
        if (act.afterMs === undefined) await this.#touch(id, act.act);
        else this.#world.clock.later(act.afterMs, () => this.#touch(id, act.act));
        return undefined;
      }
      case "send": {
        const { when, timeout, wait } = act;
        return this.#outcome(this.#call(agentSend, { agent: id, text: this.#prompt(act.script), when, timeout, wait }));
      }
      case "respond":
        return this.#outcome(this.#call(agentRespond, { agent: id, ...act.answer }));
      case "start":
        return this.#outcome(this.#start(id, act));
      case "interrupt":
        return this.#outcome(this.#call(agentInterrupt, { agent: id, timeout: "1s" }));
      case "clear":
        return this.#outcome(this.#call(agentClear, { agent: id }));
      case "show":
        return this.#outcome(this.#call(agentShow, { agent: id }));
    }
  }

  async #start(id: string, { resume, start }: Extract<Act, { by: "start" }>): Promise<unknown> {
    // As long as no person, nor a script, is faster: what was written 50 ms before a launch may count as its own.
    await this.#world.clock.sleep(100);
    this.#world.nextStart = start;
    const wish = start.kind === "slow" ? `${start.ms}ms` : start.kind;
    // Nobody waits for a slow one: it is seen while it starts.
    const patience = start.kind === "slow" ? { timeout: "100ms" } : {};
    const env = start.kind === "at-once" ? [] : [`FAKE_CLAUDE_START=${wish}`];
    return this.#call(agentStart, { agent: id, resume, env, ...patience });
  }

  async #touch(id: string, act: PersonAct): Promise<void> {
    const ref = (await this.#world.fake.context.store.agents.get(id))?.terminal ?? null;
    switch (act.kind) {
      case "keys":
        return this.#world.touch(ref, [{ kind: "keys", keys: act.keys }]);
      case "text":
        return this.#world.touch(ref, [{ kind: "text", text: act.text, isBracketed: false }]);
      case "prompt":
        return this.#world.touch(ref, typed(this.#prompt(act.script)));
      case "command":
        return this.#world.touch(ref, typed(act.text));
      case "hang-up":
        return this.#world.hangUp(ref);
      case "vanish":
        return this.#world.vanish(ref);
    }
  }

  /** Each prompt is unlike any other. */
  #prompt(script: Script): string {
    const token = `{m${this.#prompts++}}`;
    const writtenAt = this.#world.clock.now();
    this.#world.scripts.set(token, { ...script, writtenAt });
    return promptOf(script, token, writtenAt);
  }

  #call: ModelWorld["fake"]["call"] = (operation, input) =>
    this.#world.fake.call(operation, input, this.#world.context);

  async #outcome(call: Promise<unknown>): Promise<Outcome> {
    try {
      await call;
      return { kind: "done" };
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === "internal") throw error;
      return { kind: "failed", code: error.code };
    }
  }
}

function typed(text: string): InputStep[] {
  return [
    { kind: "text", text, isBracketed: true },
    { kind: "keys", keys: ["Enter"] },
  ];
}
