import * as z from "zod";
import { type Agent, agentView } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { agentRef, duration, milliseconds } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent } from "../resolve.ts";
import { agentViewOf } from "./agent-views.ts";
import { settleAnswers } from "./delivery/answer.ts";
import { interruptTurn } from "./delivery/deliver.ts";
import { clearOwnDraft } from "./delivery/draft.ts";
import { backendOf, observeAgent } from "./observe.ts";

export const agentInterrupt = defineOperation({
  name: "agent.interrupt",
  title: "Interrupt an agent",
  summary: "Stop an agent's turn and keep its conversation",
  description:
    "Stops what the agent is doing now, as Escape in its terminal would, and returns when it is idle. The conversation goes on with the next prompt. An agent that does nothing is left alone.",
  effect: "write",
  risk: "medium",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({ agent: agentRef, timeout: duration("How long to wait until it has stopped; default 10s") }),
  output: z.object({ agent: agentView }),
  errors: ["AGENT_NOT_FOUND", "AGENT_BUSY", "TERMINAL_GONE", "WAIT_TIMEOUT", "PERMISSION_DENIED"],
  cli: { args: ["agent"], examples: ["agent interrupt api"] },
  async run(input, context) {
    const agent = await resolveAgent(context, input.agent);
    await interruptAgent(context, agent, milliseconds(input.timeout, "10s"));
    return { agent: await agentViewOf(context, agent) };
  },
});

/**
 * Stops the agent's turn and returns when it works no more.
 * @throws AGENT_BUSY while it waits for an answer, TERMINAL_GONE, WAIT_TIMEOUT
 */
export async function interruptAgent(context: Context, agent: Agent, timeoutMs: number): Promise<void> {
  const name = await backendOf(context, agent);
  const delivery = { context, agent, backend: await context.backend(name), program: await context.program(name) };
  const deadline = context.clock.monotonic() + timeoutMs;
  let report = await observeAgent(context, agent);
  if (report.state === "waiting") {
    throw new AppError(
      "AGENT_BUSY",
      `Agent ${agent.name} waits for an answer: ${report.waitingFor?.summary ?? report.because}`,
      {
        hint: "Answer it with claude-orch agent respond, --deny to decline; Escape would decline it without a trace.",
        details: { agentId: agent.id, state: report.state },
      },
    );
  }
  if (report.state === "working" && !agent.terminal) {
    throw new AppError("TERMINAL_GONE", `Agent ${agent.name} has no terminal that its keys could go to`);
  }
  const wasWorking = report.state === "working";
  while (report.state === "working") {
    await interruptTurn(delivery, deadline - context.clock.monotonic());
    report = await observeAgent(context, agent);
    if (report.state === "working" && context.clock.monotonic() >= deadline) {
      throw new AppError(
        "WAIT_TIMEOUT",
        `Agent ${agent.name} has not stopped after ${Math.round(timeoutMs / 1000)} s: ${report.because}`,
      );
    }
  }
  // Escape before the first token puts the prompt back into the input box (claude-code-facts §5.5); a person's stays.
  if (wasWorking && report.state === "idle") await clearOwnDraft(delivery);
  await settleAnswers(context, agent);
}
