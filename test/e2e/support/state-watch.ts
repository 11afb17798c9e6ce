import type { AgentView } from "../../../src/core/agent.ts";
import { agentList } from "../../../src/operations/agent/list.ts";
import { watchAgents } from "../../../src/operations/agent/watch.ts";
import { callOperation } from "../../../src/operations/call.ts";
import type { Context } from "../../../src/operations/context.ts";
import { waitFor } from "../../support/wait-for.ts";

export interface Seen {
  agent: string;
  /** `waiting:permission`, `errored:auth`, `idle` … */
  label: string;
  view: AgentView;
  /** Epoch ms when the product reported it. */
  at: number;
}

type Check = (view: AgentView) => boolean;

/** Looks at all agents the way `status --watch` does, and writes down every change of what is reported. */
export class StateWatch {
  readonly seen: Seen[] = [];
  readonly #context: Context;
  readonly #ending = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(context: Context) {
    this.#context = { ...context, signal: AbortSignal.any([context.signal, this.#ending.signal]) };
  }

  start(): void {
    this.#running = this.#look();
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  /** The first report from index `from` on that fits. */
  until(
    agent: string,
    label: string,
    from: number,
    { check = () => true, timeoutMs = 20_000 }: { check?: Check | undefined; timeoutMs?: number } = {},
  ): Promise<Seen> {
    return waitFor(
      `${agent} ${label}`,
      () => this.seen.slice(from).find((one) => one.agent === agent && one.label === label && check(one.view)),
      {
        timeoutMs,
        describe: () =>
          JSON.stringify(
            this.of(agent, from).map(({ label: had, view }) => [had, view.because]),
            null,
            1,
          ),
      },
    );
  }

  of(agent: string, from = 0): Seen[] {
    return this.seen.slice(from).filter((one) => one.agent === agent);
  }

  async #look(): Promise<void> {
    const { signal } = this.#context;
    while (!signal.aborted) {
      try {
        const { agents } = await callOperation(agentList, {}, this.#context);
        for (const view of agents) this.note(view);
        await watchAgents(this.#context, 1_000);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }

  /** Writes down what is new about an agent; with `isRepeated`, also what is not. */
  note(view: AgentView, { isRepeated = false } = {}): void {
    const label = [view.state, view.error?.kind ?? view.waitingFor?.kind].filter(Boolean).join(":");
    const last = this.of(view.name).at(-1);
    const isSame = last?.label === label && detailOf(last.view) === detailOf(view);
    if (isRepeated || !isSame) this.seen.push({ agent: view.name, label, view, at: Date.now() });
  }
}

/** What may change while the state stays. */
function detailOf({ waitingFor, error, exitCode, conversationId, because }: AgentView): string {
  const phrase = /\d+ background tasks?|it tries again/.exec(because)?.[0];
  return JSON.stringify([waitingFor?.requestId, error?.message, exitCode, conversationId, phrase]);
}
