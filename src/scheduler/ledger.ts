import type { Candidate, Choice, Situation } from "./plan.ts";

/** What a plan has given away so far. */
export class Ledger {
  readonly #situation: Situation;
  readonly #used = new Set<string>();
  readonly #added = new Map<string, number>();
  readonly #roles = new Map<string, number>();
  #processes = 0;
  #tasks = 0;

  constructor(situation: Situation) {
    this.#situation = situation;
    for (const { sessionId, role } of situation.candidates) add(this.#roles, keyOf(sessionId, role), 1);
  }

  /** Tasks that are to start. */
  get tasks(): number {
    return this.#tasks;
  }

  /** Processes of agents that are to start, none of which ends for it. */
  get processes(): number {
    return this.#processes;
  }

  isUsed({ id }: Candidate): boolean {
    return this.#used.has(id);
  }

  agentsOf(sessionId: string): number {
    return (this.#situation.sessions.get(sessionId)?.agents ?? 0) + (this.#added.get(sessionId) ?? 0);
  }

  /** Agents of the session that have the role, or will. */
  ofRole(sessionId: string, role: string): number {
    return this.#roles.get(keyOf(sessionId, role)) ?? 0;
  }

  take(sessionId: string, choice: Choice): void {
    this.#tasks += 1;
    if (choice.kind === "spawn") {
      this.#processes += 1;
      add(this.#added, sessionId, 1);
      add(this.#roles, keyOf(sessionId, choice.role), 1);
      return;
    }
    this.#used.add(choice.agentId);
    const agent = this.#situation.candidates.find(({ id }) => id === choice.agentId);
    if (agent?.isGone) this.#processes += 1;
    if (agent && choice.kind === "renew") {
      add(this.#roles, keyOf(sessionId, agent.role), -1);
      add(this.#roles, keyOf(sessionId, choice.role), 1);
    }
  }
}

function add(counts: Map<string, number>, key: string, difference: number): void {
  counts.set(key, (counts.get(key) ?? 0) + difference);
}

function keyOf(sessionId: string, role: string): string {
  return `${sessionId} ${role}`;
}
