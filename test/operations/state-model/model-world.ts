import { readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FakeProgram } from "../../../src/claude/fake-program.ts";
import type { TerminalRef } from "../../../src/core/agent.ts";
import type { AgentProgram } from "../../../src/core/ports/agent-program.ts";
import type { InputStep, Key, OpenRequest, TerminalBackend } from "../../../src/core/ports/terminal-backend.ts";
import type { Context } from "../../../src/operations/context.ts";
import { FakeBackend } from "../../../src/terminals/fake/backend.ts";
import { type FakeWorld, openFakeWorld } from "../../support/fake-world.ts";
import { overriding } from "../../support/overriding.ts";
import { ModelAgent, type Start } from "./model.ts";
import { PlayedClock } from "./played-clock.ts";
import type { Script } from "./script.ts";

/** How often evidence is looked at that is waited for. */
const WATCH_MS = 200;

type Who = "orchestrator" | "person";

/**
 * A fake world in which time passes only where somebody waits, and in which every key that reaches a terminal, whoever
 * pressed it, reaches the model of its agent at the same moment.
 */
export class ModelWorld {
  readonly fake: FakeWorld;
  readonly clock = new PlayedClock();
  /** What operations run with instead of the world's own. */
  readonly context: Partial<Context>;
  readonly models = new Map<string, ModelAgent>();
  readonly scripts = new Map<string, Script & { writtenAt: number }>();
  /** How the next terminal that opens shall start. */
  nextStart: Start = { kind: "at-once" };
  readonly #agents = new Map<string, string>();
  readonly #backend: FakeBackend;

  private constructor(fake: FakeWorld) {
    this.fake = fake;
    const { home, ids, processes } = fake.context;
    this.#backend = new FakeBackend({ home, clock: this.clock, ids, processes, timeoutMs: 5_000 });
    const program = overriding<AgentProgram>(new FakeProgram({ home, clock: this.clock, ids, processes }), {
      // Files do not change while nobody looks: watching them is only waiting.
      watch: (_, maxMs) => this.clock.sleep(Math.min(maxMs, WATCH_MS)),
    });
    const backend = this.#watched("orchestrator");
    this.context = { clock: this.clock, backend: async () => backend, program: async () => program };
  }

  static async open(): Promise<ModelWorld> {
    return new ModelWorld(await openFakeWorld({ CLAUDE_ORCH_DELIVERY_TIMEOUT: "2s", CLAUDE_ORCH_LOG_LEVEL: "error" }));
  }

  /** Plays the models up to now. */
  play(): void {
    for (const model of this.models.values()) model.playTo(this.clock.now());
  }

  /** Keys of a person who sits at the terminal; nothing where there is none any more. */
  async touch(ref: TerminalRef | null, steps: readonly InputStep[]): Promise<void> {
    const agent = ref && this.#agents.get(ref.tag);
    if (!ref || !agent || !this.#model(agent).isRunning) return;
    await this.#watched("person").input(ref, steps);
  }

  async hangUp(ref: TerminalRef | null): Promise<void> {
    if (ref) await this.#watched("person").close(ref);
  }

  /** The terminal disappears without a word, as with its whole server. */
  async vanish(ref: TerminalRef | null): Promise<void> {
    if (!ref) return;
    this.play();
    await rm(join(this.fake.context.home, "fake", `${ref.id}.json`), { force: true });
    this.#model(this.#agents.get(ref.tag) ?? "").closed("person");
  }

  /** How often each prompt stands in a transcript, of all agents. */
  async recordedPrompts(): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    const folder = join(this.fake.context.home, "fake", "claude", "projects");
    for (const path of await readdir(folder, { recursive: true }).catch(() => [])) {
      if (!path.endsWith(".jsonl")) continue;
      for (const line of (await readFile(join(folder, path), "utf8")).split("\n").filter(Boolean)) {
        const { type, origin, message } = JSON.parse(line) as {
          type: string;
          origin?: { kind: string };
          message?: { content: string };
        };
        if (type !== "user" || origin?.kind !== "human" || !message) continue;
        counts.set(message.content, (counts.get(message.content) ?? 0) + 1);
      }
    }
    return counts;
  }

  /** Forgets the scenario's models and transcripts. */
  async reset(): Promise<void> {
    this.clock.forget();
    this.models.clear();
    this.scripts.clear();
    this.#agents.clear();
    await rm(join(this.fake.context.home, "fake"), { recursive: true, force: true });
  }

  #watched(who: Who): TerminalBackend {
    const { clock } = this;
    const real = this.#backend;
    return overriding<TerminalBackend>(real, {
      open: async (request: OpenRequest) => {
        const agentId = basename(dirname(request.launcher));
        const ref = await real.open(request);
        this.#agents.set(ref.tag, agentId);
        this.#model(agentId).opened(this.nextStart, clock.now());
        return ref;
      },
      input: async (ref: TerminalRef, steps: readonly InputStep[]) => {
        const model = this.#model(this.#agents.get(ref.tag) ?? "");
        for (const step of steps) {
          if (step.kind === "pause") {
            await clock.sleep(step.ms);
            continue;
          }
          model.playTo(clock.now());
          const wasRunning = model.isRunning;
          if (step.kind === "text") model.type(step.text);
          else for (const key of step.keys) model.press(key as Key, who);
          if (wasRunning || who === "orchestrator") await real.input(ref, [step]);
          model.playTo(clock.now());
        }
      },
      close: async (ref: TerminalRef) => {
        const model = this.#model(this.#agents.get(ref.tag) ?? "");
        model.playTo(clock.now());
        await real.close(ref);
        model.closed(who);
      },
    });
  }

  #model(agentId: string): ModelAgent {
    const model = this.models.get(agentId) ?? new ModelAgent(this.scripts);
    this.models.set(agentId, model);
    return model;
  }
}
