import type { Agent, StateReport } from "../../../src/core/agent.ts";
import type { AgentProgram } from "../../../src/core/ports/agent-program.ts";
import type { AgentRequest, Decision, RequestOutcome } from "../../../src/core/request.ts";
import type { Context } from "../../../src/operations/context.ts";

/** What agents ask, in the hands of a test: requests open and close at its word. */
export class Asking {
  /** Every decision that was handed over, whether or not it took effect. */
  readonly handedOver: { id: string; decision: Decision }[] = [];
  /** Instead of what `answer` does by itself. */
  onAnswer: ((request: AgentRequest, decision: Decision, signal?: AbortSignal) => Promise<void>) | undefined;
  readonly #open = new Map<string, AgentRequest[]>();
  readonly #outcomes = new Map<string, RequestOutcome>();

  ask(agentId: string, ...requests: AgentRequest[]): void {
    this.#open.set(agentId, [...(this.#open.get(agentId) ?? []), ...requests]);
    for (const { requestId } of requests) this.#outcomes.set(requestId, "open");
  }

  close(requestId: string, outcome: RequestOutcome): void {
    this.#outcomes.set(requestId, outcome);
    for (const [agentId, requests] of this.#open) {
      this.#open.set(
        agentId,
        requests.filter((request) => request.requestId !== requestId),
      );
    }
  }

  outcome(requestId: string): RequestOutcome {
    return this.#outcomes.get(requestId) ?? "gone";
  }

  /** A context whose agents ask these requests, with everything else as it is. */
  async in(context: Context): Promise<Pick<Context, "program">> {
    const program = await context.program("fake");
    const methods: Partial<AgentProgram> = {
      requests: async (agent) => this.#open.get(agent.id) ?? [],
      outcome: async (_, { requestId }) => this.outcome(requestId),
      answer: async (_, request, decision, _terminal, signal) => {
        this.handedOver.push({ id: request.requestId, decision });
        if (this.onAnswer) await this.onAnswer(request, decision, signal);
        else this.close(request.requestId, effectOf(decision));
        return { via: request.via };
      },
      observe: async (agent, terminal, screen) => this.#waiting(agent) ?? program.observe(agent, terminal, screen),
    };
    const replaced = new Proxy(program, {
      get(target, name) {
        const value = Reflect.get(methods, name) ?? Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    return { program: async () => replaced };
  }

  #waiting(agent: Agent): StateReport | undefined {
    const [first] = this.#open.get(agent.id) ?? [];
    if (!first) return undefined;
    const { kind, requestId, summary } = first;
    return {
      state: "waiting",
      because: "waiting because it asks",
      since: first.since ?? 0,
      waitingFor: { kind, requestId, summary },
    };
  }
}

function effectOf(decision: Decision): RequestOutcome {
  return decision.kind === "allow" ? "allowed" : decision.kind === "deny" ? "denied" : "answered";
}
