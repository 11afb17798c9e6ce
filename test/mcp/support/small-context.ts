import { AppError } from "../../../src/core/errors.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";
import type { Doorbell } from "../../../src/core/ports/doorbell.ts";
import { silentLogger } from "../../../src/core/ports/logger.ts";
import type { Context, Progress } from "../../../src/operations/context.ts";
import type { World } from "./small-catalogue.ts";

/** A bell that rings in this process only, and counts who listens. Also stands for the agents' evidence and terminals. */
export class LocalDoorbell implements Doorbell {
  readonly #waiting = new Set<() => void>();

  get listeners(): number {
    return this.#waiting.size;
  }

  ring(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  wait(_maxMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new AppError("CANCELLED", "Cancelled"));
      const wake = () => {
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal?.addEventListener("abort", () => {
        this.#waiting.delete(wake);
        reject(new AppError("CANCELLED", "Cancelled"));
      });
    });
  }
}

/** The part of a context that the MCP surface and the small operations use; anything else is missing on purpose. */
export function smallContext(
  world: World,
  { evidence, terminals, ...parts }: { clock: Clock; doorbell: Doorbell; evidence?: Doorbell; terminals?: Doorbell },
) {
  return ({ signal, progress }: { signal: AbortSignal; progress(progress: Progress): void }): Context => {
    const context = {
      ...parts,
      logger: silentLogger,
      caller: { principal: { kind: "operator" }, cwd: "/", env: {} },
      signal,
      progress,
      program: async () => ({
        watch: (_agents: unknown, maxMs: number, until: AbortSignal) => evidence?.wait(maxMs, until),
      }),
      backend: async () => ({
        watch: async (_refs: unknown, maxMs: number, until: AbortSignal) => {
          await terminals?.wait(maxMs, until);
          return [];
        },
      }),
      store: {
        sessions: {
          list: async () =>
            [...new Set(world.agents.map(({ sessionId }) => sessionId))].map((id) => ({ id, name: `name-of-${id}` })),
        },
        agents: {
          get: async (agentId: string) => world.agents.find(({ id }) => id === agentId),
          list: async (sessionId?: string) =>
            world.agents
              .filter((agent) => sessionId === undefined || agent.sessionId === sessionId)
              .map((agent) => ({ ...agent, terminal: evidence ? { backend: "fake" } : null })),
        },
      },
    };
    return context as unknown as Context;
  };
}
