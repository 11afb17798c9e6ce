import * as z from "zod";
import { AGENT_STATES } from "../../core/agent.ts";
import { AppError, EXIT_CODES } from "../../core/errors.ts";
import { duration, milliseconds } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent } from "../resolve.ts";
import { awaitState } from "./await-state.ts";

export const agentWait = defineOperation({
  name: "agent.wait",
  title: "Wait for agents",
  summary: "Wait until agents are idle (or in another state)",
  description:
    "Waits until all (or any) of the agents are in the wanted state, default idle. An agent that needs somebody (waiting, errored) or has ended ends the wait too: look at the states returned. After the timeout it returns with timedOut true; nothing is cancelled.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: true },
  input: z.object({
    agents: z.array(z.string().min(1)).min(1).describe("Agent ids or names"),
    any: z.boolean().default(false).describe("Return as soon as one of them is there"),
    all: z.boolean().default(false).describe("Wait for all of them (the default)"),
    state: z.enum(AGENT_STATES).default("idle").describe("The state to wait for"),
    timeout: duration("How long to wait; default: the setting waitTimeout"),
  }),
  output: z.object({
    agents: z.array(z.object({ id: z.string(), name: z.string(), state: z.enum(AGENT_STATES), because: z.string() })),
    timedOut: z.boolean(),
  }),
  errors: ["AGENT_NOT_FOUND", "AGENT_AMBIGUOUS", "INVALID_INPUT", "WAIT_TIMEOUT", "PERMISSION_DENIED"],
  cli: {
    args: ["agents"],
    examples: ["agent wait api web tests", "agent wait api web --any --timeout 5m"],
    exitCode: (output) => (output.timedOut === true ? EXIT_CODES.timeout : 0),
  },
  async run(input, context) {
    if (input.any && input.all) throw new AppError("INVALID_INPUT", "Choose any or all, not both");
    const agents = await Promise.all(input.agents.map((ref) => resolveAgent(context, ref)));
    const result = await awaitState(context, agents, {
      states: [input.state],
      mode: input.any ? "any" : "all",
      timeoutMs: milliseconds(input.timeout, context.settings.waitTimeout),
    });
    return {
      agents: result.agents.flatMap(({ id, name }, index) => {
        const report = result.reports[index];
        return report ? [{ id, name, state: report.state, because: report.because }] : [];
      }),
      timedOut: result.timedOut,
    };
  },
});
