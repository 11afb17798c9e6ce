import type { Agent } from "../core/agent.ts";
import type { Logger } from "../core/ports/logger.ts";
import { watchTerminals } from "../operations/agent/watch-terminals.ts";
import type { Context } from "../operations/context.ts";
import type { Resources } from "./resources.ts";
import type { RunningCalls } from "./running-calls.ts";

/** Behind the watches: a process that dies without a word changes no file. */
const SLOW_LOOK_MS = 15_000;
/** One change of state touches several files; they are told as one. */
const COALESCE_MS = 100;
/** After a failure that is not ours (a locked store). */
const RETRY_MS = 2000;

export interface SubscriptionParts {
  resources: Resources;
  calls: RunningCalls;
  logger: Logger;
  context(signal: AbortSignal): Context;
  /** The content of a resource in a form that changes only when its meaning does; "" when it cannot be read. */
  fingerprint(uri: string, signal: AbortSignal): Promise<string>;
  onUpdated(uri: string): Promise<void>;
  onListChanged(): Promise<void>;
}

/** Tells the client what changed. One watcher serves all subscriptions and lives only while there are any. */
export class Subscriptions {
  readonly #parts: SubscriptionParts;
  readonly #fingerprints = new Map<string, string>();
  #list: string | undefined;
  #round: AbortController | undefined;
  #isWatching = false;

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
  }

  /** From here on every change is told; the client reads the present content itself. */
  async add(uri: string, signal: AbortSignal): Promise<void> {
    this.#fingerprints.set(uri, await this.#parts.fingerprint(uri, signal));
    this.#list ??= await this.#listNow(signal);
    this.#round?.abort();
    if (this.#isWatching) return;
    this.#isWatching = true;
    void this.#parts.calls.background((stopping) => this.#watch(stopping));
  }

  remove(uri: string): void {
    this.#fingerprints.delete(uri);
    this.#round?.abort();
  }

  /** The client has just been given this list: later differences are news to it. */
  listWasSeen(uris: readonly string[]): void {
    this.#list = uris.join("\n");
  }

  /** Compares the list with what the client knows, and tells it. */
  async checkList(signal: AbortSignal): Promise<void> {
    if (this.#list === undefined) return;
    const list = await this.#listNow(signal);
    if (list === this.#list) return;
    this.#list = list;
    await this.#parts.onListChanged();
  }

  async #watch(stopping: AbortSignal): Promise<void> {
    while (this.#fingerprints.size > 0 && !stopping.aborted) {
      const round = new AbortController();
      this.#round = round;
      const endRound = () => round.abort();
      stopping.addEventListener("abort", endRound, { once: true });
      try {
        // Armed before the look, so that a change during the look is not missed.
        const change = this.#nextChange(round.signal);
        await this.#look(stopping);
        await change;
      } catch (error) {
        if (!stopping.aborted) await this.#pauseAfter(error, stopping);
      } finally {
        round.abort();
        stopping.removeEventListener("abort", endRound);
      }
    }
    this.#isWatching = false;
    this.#round = undefined;
  }

  /** Resolves when something may have changed or the round was ended; never rejects. */
  async #nextChange(signal: AbortSignal): Promise<void> {
    const { context: contextOf, logger } = this.#parts;
    const context = contextOf(signal);
    try {
      const rung = context.doorbell.wait(SLOW_LOOK_MS, signal);
      const evidence = this.#evidence(context, signal);
      evidence.catch(() => undefined);
      await Promise.race([rung, evidence]);
      await context.clock.sleep(COALESCE_MS, signal);
    } catch (error) {
      if (signal.aborted) return;
      logger.warn("mcp.watch.failed", { error: String(error) });
      await context.clock.sleep(RETRY_MS, signal).catch(() => undefined);
    }
  }

  /** Resolves when the evidence of a watched agent, or its terminal, changes. */
  async #evidence(context: Context, signal: AbortSignal): Promise<void> {
    const agents = await this.#watchedAgents(context);
    const backends = new Set(agents.flatMap(({ terminal }) => terminal?.backend ?? []));
    const watches = [...backends].map(async (backend) => {
      const program = await context.program(backend);
      const running = agents.filter(({ terminal }) => terminal?.backend === backend);
      await program.watch(running, SLOW_LOOK_MS, signal);
    });
    await Promise.race([...watches, watchTerminals(context, agents, SLOW_LOOK_MS)]);
  }

  async #watchedAgents(context: Context): Promise<Agent[]> {
    const { resources } = this.#parts;
    const found = new Map<string, Agent>();
    for (const uri of this.#fingerprints.keys()) {
      const reading = resources.resolve(uri);
      const agents = reading ? await resources.agentsOf(reading, context.store) : [];
      for (const agent of agents) found.set(agent.id, agent);
    }
    return [...found.values()];
  }

  async #look(signal: AbortSignal): Promise<void> {
    for (const [uri, known] of [...this.#fingerprints]) {
      const now = await this.#parts.fingerprint(uri, signal);
      if (now === known || !this.#fingerprints.has(uri)) continue;
      this.#fingerprints.set(uri, now);
      await this.#parts.onUpdated(uri);
    }
    await this.checkList(signal);
  }

  async #listNow(signal: AbortSignal): Promise<string> {
    const resources = await this.#parts.resources.list(this.#parts.context(signal).store);
    return resources.map(({ uri }) => uri).join("\n");
  }

  async #pauseAfter(error: unknown, signal: AbortSignal): Promise<void> {
    this.#parts.logger.warn("mcp.watch.failed", { error: String(error) });
    await this.#parts
      .context(signal)
      .clock.sleep(RETRY_MS, signal)
      .catch(() => undefined);
  }
}
