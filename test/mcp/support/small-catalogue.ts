import * as z from "zod";
import { AppError } from "../../../src/core/errors.ts";
import { defineOperation, type Operation } from "../../../src/operations/operation.ts";

/** What the small operations saw; a test reads it. */
export interface Journal {
  inputs: unknown[];
  principals: string[];
  /** One line for each `task.hold` that ended, with how. */
  ended: string[];
  /** Calls of `task.hold` that run now. */
  holding: number;
  /** Makes a running `task.hold` end well. */
  release: () => void;
}

/** A world of its own: two sessions with one agent each, changed by the operations. */
export interface World {
  agents: { id: string; name: string; sessionId: string; state: string }[];
  journal: Journal;
}

export function smallWorld(): World {
  return {
    agents: [
      { id: "agt_a", name: "api", sessionId: "ses_1", state: "idle" },
      { id: "agt_b", name: "web", sessionId: "ses_2", state: "idle" },
    ],
    journal: { inputs: [], principals: [], ended: [], holding: 0, release: () => undefined },
  };
}

const common = { title: "T", description: "D", risk: "low", isIdempotent: true, errors: [] } as const;
const everybody = { mcp: true, worker: true };

/** Operations that show every rule of the derivation; the names that resources need are the real ones. */
export function smallCatalogue({ agents, journal }: World): Operation[] {
  const byId = (id: string) => {
    const agent = agents.find((one) => one.id === id);
    if (!agent) throw new AppError("AGENT_NOT_FOUND", `There is no agent ${id}`, { details: { agent: id } });
    return agent;
  };
  return [
    defineOperation({
      ...common,
      name: "status",
      summary: "Everything at a glance",
      effect: "read",
      exposure: everybody,
      input: z.object({}),
      output: z.object({ agents: z.array(z.object({ id: z.string(), state: z.string(), because: z.string() })) }),
      async run(_input, { caller: { principal }, clock }) {
        const seen = agents.filter(({ sessionId }) => principal.kind !== "worker" || principal.sessionId === sessionId);
        return { agents: seen.map(({ id, state }) => ({ id, state, because: `${state} at ${clock.now()}` })) };
      },
    }),
    defineOperation({
      ...common,
      name: "session.show",
      summary: "Show a session",
      effect: "read",
      exposure: everybody,
      cli: { args: ["session"] },
      input: z.object({ session: z.string() }),
      output: z.object({ session: z.object({ id: z.string() }), agents: z.array(z.string()) }),
      async run({ session }, { caller: { principal } }) {
        if (principal.kind === "worker" && principal.sessionId !== session) {
          throw new AppError("PERMISSION_DENIED", "An agent may only reach its own session");
        }
        const own = agents.filter(({ sessionId }) => sessionId === session);
        if (own.length === 0) throw new AppError("SESSION_NOT_FOUND", `There is no session ${session}`);
        return { session: { id: session }, agents: own.map(({ name }) => name) };
      },
    }),
    defineOperation({
      ...common,
      name: "agent.show",
      summary: "Show an agent",
      effect: "read",
      exposure: everybody,
      cli: { args: ["agent"] },
      input: z.object({ agent: z.string() }),
      output: z.object({ agent: z.object({ id: z.string(), state: z.string() }) }),
      run: async ({ agent }) => ({ agent: byId(agent) }),
    }),
    defineOperation({
      ...common,
      name: "agent.spawn",
      summary: "Start an agent",
      effect: "write",
      risk: "high",
      isIdempotent: false,
      exposure: { mcp: true, worker: false },
      input: z.object({
        agentName: z.string().min(1).describe("Its name"),
        maxTokens: z.int().optional(),
        limits: z
          .object({ idleTimeout: z.string(), perTool: z.array(z.object({ toolName: z.string() })).default([]) })
          .optional(),
        extraEnv: z.record(z.string(), z.string()).default({}),
      }),
      output: z.object({ agentId: z.string(), maxTokens: z.number().nullable() }),
      async run(input, { caller }) {
        journal.inputs.push(input);
        journal.principals.push(caller.principal.kind);
        agents.push({ id: `agt_${input.agentName}`, name: input.agentName, sessionId: "ses_1", state: "idle" });
        return { agentId: `agt_${input.agentName}`, maxTokens: input.maxTokens ?? null };
      },
    }),
    defineOperation({
      ...common,
      name: "agent.delete",
      summary: "Delete an agent",
      effect: "destroy",
      risk: "high",
      exposure: { mcp: true, worker: false },
      input: z.object({ agent: z.string() }),
      output: z.object({ deleted: z.string() }),
      async run({ agent }) {
        agents.splice(agents.indexOf(byId(agent)), 1);
        return { deleted: agent };
      },
    }),
    defineOperation({
      ...common,
      name: "agent.assign-role",
      summary: "Change an agent's role",
      effect: "write",
      exposure: { mcp: true, worker: false },
      input: z.object({ agent: z.string() }),
      output: z.object({ ok: z.boolean() }),
      run: async () => ({ ok: true }),
    }),
    defineOperation({
      ...common,
      name: "task.hold",
      summary: "Run until it is released or aborted",
      effect: "read",
      exposure: everybody,
      input: z.object({ steps: z.int().default(0), deaf: z.boolean().default(false).describe("Ignore the abort") }),
      output: z.object({ released: z.boolean() }),
      run: ({ steps, deaf }, { signal, progress }) =>
        new Promise((resolve, reject) => {
          journal.holding += 1;
          for (let done = 1; done <= steps; done += 1) progress({ message: `step ${done}`, done, total: steps + 1 });
          const end = (how: string) => {
            journal.holding -= 1;
            journal.ended.push(how);
          };
          journal.release = () => {
            end("released");
            resolve({ released: true });
          };
          if (deaf) return;
          signal.addEventListener(
            "abort",
            () => {
              end("aborted");
              reject(new AppError("CANCELLED", "Cancelled"));
            },
            { once: true },
          );
        }),
    }),
    defineOperation({
      ...common,
      name: "text.repeat",
      summary: "A text of any length",
      effect: "read",
      exposure: everybody,
      input: z.object({ length: z.int() }),
      output: z.object({ text: z.string(), lines: z.array(z.string()) }),
      run: async ({ length }) => ({ text: "x".repeat(length), lines: ["a"] }),
    }),
    defineOperation({
      ...common,
      name: "bug.throw",
      summary: "Fail as no operation should",
      effect: "read",
      exposure: everybody,
      input: z.object({}),
      output: z.object({ a: z.string() }),
      run: async () => {
        throw new TypeError("x is not a function");
      },
    }),
    defineOperation({
      ...common,
      name: "worker.only",
      summary: "For spawned agents alone",
      effect: "read",
      exposure: { mcp: false, worker: true },
      input: z.object({}),
      output: z.object({}),
      run: async () => ({}),
    }),
    defineOperation({
      ...common,
      name: "cli.only",
      summary: "Not for MCP",
      effect: "read",
      exposure: { mcp: false, worker: false },
      input: z.object({}),
      output: z.object({}),
      run: async () => ({}),
    }),
  ];
}
