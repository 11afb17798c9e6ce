import * as z from "zod";
import type { Agent } from "../../core/agent.ts";
import { type DecisionView, decisionView, type ToolDecision } from "../../core/decision.ts";
import { backendOf } from "../agent/observe.ts";
import type { Context } from "../context.ts";
import { duration, milliseconds, sessionRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent, resolveSession } from "../resolve.ts";
import { isoTime } from "../views.ts";

export const policyLog = defineOperation({
  name: "policy.log",
  title: "Show decisions",
  summary: "Show which uses of tools were allowed or denied, and why",
  description:
    "Shows what was decided about each use of a tool by a session's agents, oldest first: allowed or denied by which permission rule, by the permission mode, by Claude Code's own default, or by whom. It is read from the agents' hooks and transcripts.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({
    agent: z.string().min(1).optional().describe("Only this agent: id, name, or session/name"),
    session: sessionRef,
    since: duration("Only the last while, such as 1h"),
    last: z.number().int().min(1).max(10_000).default(100).describe("The newest this many"),
  }),
  output: z.object({
    decisions: z.array(decisionView),
    more: z.boolean().describe("There are older ones that were left out"),
  }),
  errors: ["AGENT_NOT_FOUND", "AGENT_AMBIGUOUS", "SESSION_NOT_FOUND", "SESSION_AMBIGUOUS", "PERMISSION_DENIED"],
  cli: { args: ["agent"], examples: ["policy log", "policy log api --since 1h"] },
  async run(input, context) {
    const agents =
      input.agent === undefined
        ? await context.store.agents.list((await resolveSession(context, input.session)).id)
        : [await resolveAgent(context, input.agent, input.session)];
    const since = input.since === undefined ? undefined : context.clock.now() - milliseconds(input.since, input.since);
    const decisions: (ToolDecision & { agent: Agent })[] = [];
    for (const agent of agents) {
      const program = await context.program(await backendOf(context, agent));
      const options = { home: context.caller.env.HOME ?? null, ...(since === undefined ? {} : { since }) };
      decisions.push(...(await program.decisions(agent, options)).map((decision) => ({ ...decision, agent })));
    }
    const newest = decisions.sort((a, b) => (a.at ?? 0) - (b.at ?? 0)).slice(-input.last);
    return {
      decisions: await Promise.all(newest.map((decision) => toView(context, decision))),
      more: newest.length < decisions.length,
    };
  },
});

async function toView(context: Context, decision: ToolDecision & { agent: Agent }): Promise<DecisionView> {
  const { at, agent, tool, subject, rule, reason } = decision;
  const by = (await deciderOf(context, decision)) ?? decision.by;
  return {
    at: at === null ? null : isoTime(at),
    agent: { id: agent.id, name: agent.name },
    ...{ tool, subject, decision: decision.decision, by, rule, reason },
  };
}

/** Whoever answered the request through us; else it was answered at the terminal. */
async function deciderOf(context: Context, { requestId }: ToolDecision): Promise<DecisionView["by"] | undefined> {
  if (requestId === null) return undefined;
  const answer = await context.store.answers.get(requestId);
  if (answer?.state !== "settled") return undefined;
  if (answer.decidedBy === "operator" || answer.decidedBy === "manager") return answer.decidedBy;
  return answer.decidedBy.startsWith("agt_") ? "worker" : undefined;
}
