import type { Agent, AgentState, StateReport } from "../../core/agent.ts";
import type { Context } from "../context.ts";
import { settleAnswers } from "./delivery/answer.ts";
import { pumpQueue } from "./delivery/drive.ts";
import { goesOnBefore } from "./delivery/resume.ts";
import { observeAgents } from "./observe.ts";
import { watchEvidence } from "./watch.ts";

export interface AwaitOptions {
  states: readonly AgentState[];
  mode: "any" | "all";
  timeoutMs: number;
}

export interface AwaitResult {
  agents: Agent[];
  reports: StateReport[];
  timedOut: boolean;
}

/** States out of which nothing but a person or a new start leads: waiting for `idle` ends there too. */
const FINAL: readonly AgentState[] = ["waiting", "errored", "exited", "lost"];

/**
 * Waits until any or all agents are in one of the states. An agent that can only get there with somebody's help
 * (it waits for an answer, failed, or ended) ends the wait for it too; one that a limit holds does not, if it goes on by
 * itself in time. Messages queued for the agents are delivered
 * meanwhile, and an agent with queued messages is not idle.
 */
export async function awaitState(
  context: Context,
  agents: readonly Agent[],
  options: AwaitOptions,
): Promise<AwaitResult> {
  const { clock, store } = context;
  const deadline = clock.monotonic() + options.timeoutMs;
  for (;;) {
    for (const agent of agents) await pumpQueue(context, agent);
    const current = await Promise.all(agents.map(async (agent) => (await store.agents.get(agent.id)) ?? agent));
    const reports = await observeAgents(context, current);
    const queued = await store.messages.queueLengths();
    const hasArrived = async (agent: Agent, report: StateReport | undefined) => {
      if (!report) return false;
      if (!options.states.includes(report.state)) {
        return FINAL.includes(report.state) && !(await goesOnBefore(context, agent, report, deadline));
      }
      return report.state !== "idle" || (queued.get(agent.id) ?? 0) === 0;
    };
    const arrived = await Promise.all(current.map((agent, index) => hasArrived(agent, reports[index])));
    const isDone = options.mode === "all" ? arrived.every(Boolean) : arrived.some(Boolean);
    const left = deadline - clock.monotonic();
    if (isDone || left <= 0) {
      for (const agent of current) await settleAnswers(context, agent);
      return { agents: current, reports, timedOut: !isDone };
    }
    context.progress({
      message: describe(current, reports),
      done: arrived.filter(Boolean).length,
      total: current.length,
    });
    await watchEvidence(context, current, Math.min(left, 1_000));
  }
}

function describe(agents: readonly Agent[], reports: readonly StateReport[]): string {
  return agents.map(({ name }, index) => `${name} ${reports[index]?.state ?? ""}`).join(", ");
}
