import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "vitest";
import { compose } from "../../../src/compose.ts";
import type { Agent, AgentView } from "../../../src/core/agent.ts";
import type { BackendName } from "../../../src/core/session.ts";
import { agentList } from "../../../src/operations/agent/list.ts";
import { agentRespond } from "../../../src/operations/agent/respond.ts";
import { agentSend } from "../../../src/operations/agent/send.ts";
import { agentSpawn } from "../../../src/operations/agent/spawn.ts";
import { callOperation } from "../../../src/operations/call.ts";
import type { Context } from "../../../src/operations/context.ts";
import { sessionCreate } from "../../../src/operations/session/create.ts";
import type { ClaudeVersion } from "../../support/claude-sandbox.ts";
import { waitFor } from "../../support/wait-for.ts";
import type { Row } from "./matrix-table.ts";
import { type Seen, StateWatch } from "./state-watch.ts";
import { openWorld, type World } from "./world.ts";

export interface Expected {
  agent: string;
  /** What must be reported after the event. */
  expect: string;
  /** What else may be seen on the way there. */
  passing?: string[];
  check?: (view: AgentView) => boolean;
  /** What was reported until then is not looked at; by default what was before the event. */
  after?: Seen;
  /** Bound of the whole, event included, in milliseconds. */
  timeoutMs?: number;
}

/** Claude Code's own retries are not what is tested; some show that they happen. */
const RETRIES = "1";

/** One Claude Code version on one backend, a watch that writes down all that is reported, and the table's rows. */
export class StateStage {
  readonly world: World;
  readonly context: Context;
  readonly watch: StateWatch;
  readonly backend: BackendName;
  readonly #rows: Row[];
  readonly #ending: AbortController;

  private constructor(
    stage: Pick<StateStage, "world" | "context" | "backend"> & { rows: Row[]; ending: AbortController },
  ) {
    ({ world: this.world, context: this.context, backend: this.backend } = stage);
    ({ rows: this.#rows, ending: this.#ending } = stage);
    this.watch = new StateWatch(this.context);
  }

  static async open(claude: ClaudeVersion, backend: BackendName, rows: Row[]): Promise<StateStage> {
    const world = await openWorld(claude);
    const ending = new AbortController();
    const env = { ...world.env, CLAUDE_CODE_MAX_RETRIES: RETRIES };
    const context = await compose({ signal: ending.signal, env, cwd: world.sandbox.project });
    await callOperation(sessionCreate, { name: "shop", trust: true, backend }, context);
    const stage = new StateStage({ world, context, backend, rows, ending });
    stage.watch.start();
    return stage;
  }

  async close(): Promise<void> {
    await this.watch.close();
    await this.#endHeadless();
    this.#ending.abort();
    await this.context.store.close();
    await this.world.dispose();
  }

  /** No server ends with all of them, as tmux does. */
  async #endHeadless(): Promise<void> {
    if (this.backend !== "headless") return;
    const backend = await this.context.backend("headless");
    const agents = await this.context.store.agents.list();
    await Promise.all(agents.map(({ terminal }) => terminal && backend.close(terminal)));
  }

  /** Makes something happen, and writes down what is reported and how long that took; `event` tells when it happened. */
  async scenario(
    name: string,
    { agent, expect: wanted, passing = [], check, after, timeoutMs = 20_000 }: Expected,
    event: () => Promise<number | null>,
  ): Promise<Seen> {
    const from = after ? this.watch.seen.indexOf(after) + 1 : this.watch.seen.length;
    const reported = this.watch.until(agent, wanted, from, { check, timeoutMs });
    reported.catch(() => undefined);
    const at = await event();
    const seen = await reported.catch((error) => {
      this.row(name, wanted, this.watch.of(agent).at(-1)?.label ?? "nothing", null);
      throw error;
    });
    const changedAt = await this.#statusChange(seen);
    // 2.1.197 without a terminal writes no such time.
    const eventAt = at === null ? null : Math.max(at, changedAt) || null;
    const others = this.watch.of(agent, from).filter(({ label }) => label !== wanted && !passing.includes(label));
    const ms = eventAt === null ? null : Math.max(0, Math.round(seen.at - eventAt));
    this.row(name, wanted, others[0]?.label ?? seen.label, ms);
    expect
      .soft(
        others.map(({ label, view }) => `${label}: ${view.because}`),
        name,
      )
      .toEqual([]);
    return seen;
  }

  /** When Claude Code itself came into this state, by the file that it writes; 0 when it has moved on or is gone. */
  async #statusChange({ view, at }: Seen): Promise<number> {
    const file = path.join(this.world.sandbox.configDir, "sessions", `${view.pid}.json`);
    const text = await readFile(file, "utf8").catch(() => "");
    const changedAt = Number(/"statusUpdatedAt":\s*(\d+)/.exec(text)?.[1] ?? 0);
    return changedAt <= at ? changedAt : 0;
  }

  row(scenario: string, expected: string, reported: string, ms: number | null): void {
    const { version } = this.world.sandbox.claude;
    this.#rows.push({ scenario, version, backend: this.backend, expected, reported, ms });
  }

  /** Scenarios that cannot happen on this backend, and why. */
  absent(scenarios: readonly string[], whyNot: string): void {
    const { version } = this.world.sandbox.claude;
    for (const scenario of scenarios) {
      this.#rows.push({ scenario, version, backend: this.backend, expected: "", reported: "", ms: null, whyNot });
    }
  }

  async send(agent: string, text: string): Promise<void> {
    await callOperation(agentSend, { agent, text }, this.context);
  }

  /** Past our queue, which would hold a prompt for an agent that has reached a limit: the next thing it reads. */
  async speak(agent: string, text: string): Promise<void> {
    const { terminal, ...rest } = await this.stored(agent);
    if (!terminal) throw new Error(`${agent} has no terminal`);
    const program = await this.context.program(this.backend);
    const { fill, submit } = await program.planInput({ ...rest, terminal }, text, { isExact: false });
    const backend = await this.context.backend(this.backend);
    await backend.input(terminal, fill);
    // An Enter that comes too early is lost (claude-code-facts §1.4).
    const isShown = async () => (await backend.screen(terminal)).lines.join("").includes(text.slice(-12));
    if (backend.capabilities.screen) await waitFor("the text", async () => ((await isShown()) ? true : undefined));
    await backend.input(terminal, submit);
  }

  /** A prompt and how its turn ends, measured from the model's last word. */
  async turn(name: string, text: string, expected: Omit<Expected, "agent"> & { agent?: string; isSpoken?: boolean }) {
    const agent = expected.agent ?? "api";
    return this.scenario(name, { passing: ["working"], ...expected, agent }, async () => {
      const before = this.#requestsOf(text).length;
      await (expected.isSpoken ? this.speak(agent, text) : this.send(agent, text));
      await waitFor("a request", () => (this.#requestsOf(text).length > before ? true : undefined));
      await this.watch.until(agent, expected.expect, 0, { check: expected.check }).catch(() => undefined);
      return this.replied(text);
    });
  }

  /** Answers what it asks, as an operator would; epoch ms when that began. */
  async respond(agent: string, answer: { allow?: true; deny?: true; choice?: string[]; text?: string }) {
    const at = Date.now();
    await callOperation(agentRespond, { agent, ...answer }, this.context);
    return at;
  }

  /** Epoch ms of the newest answer of the model to a prompt with this text, as the model itself saw it. */
  replied(text: string, timeoutMs = 15_000): Promise<number> {
    return waitFor(`reply to ${text}`, () => this.#requestsOf(text).at(-1)?.repliedAt, { timeoutMs });
  }

  asked(text: string): Promise<number> {
    return waitFor(`request of ${text}`, () => this.#requestsOf(text).at(-1)?.receivedAt);
  }

  #requestsOf(text: string) {
    return this.world.model.requests.filter(({ kind, prompt }) => kind === "turn" && prompt.includes(text));
  }

  async spawned(name: string, options: Record<string, unknown> = {}): Promise<void> {
    await callOperation(agentSpawn, { name, ...options }, this.context);
    await this.settled(name);
  }

  /** Waits until it is idle, or as told, and the watch has seen it so. */
  settled(
    agent: string,
    { label = "idle", check = () => true }: { label?: string; check?: (view: AgentView) => boolean } = {},
  ): Promise<true> {
    return waitFor(`${agent} ${label}`, () => {
      const last = this.watch.of(agent).at(-1);
      return last?.label === label && check(last.view) ? true : undefined;
    });
  }

  /** Nothing is expected to change: looks once more, and reports it as seen if it is the same. */
  async stays(agent: string): Promise<null> {
    const { agents } = await callOperation(agentList, {}, this.context);
    const view = agents.find(({ name }) => name === agent);
    if (view) this.watch.note(view, { isRepeated: true });
    return null;
  }

  async stored(name: string): Promise<Agent> {
    const found = (await this.context.store.agents.list()).find((one) => one.name === name);
    if (!found) throw new Error(`no agent ${name}`);
    return found;
  }
}
