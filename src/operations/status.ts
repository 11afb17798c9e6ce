import * as z from "zod";
import { type AgentView, agentView } from "../core/agent.ts";
import { sumUsage, usageView } from "../core/message.ts";
import { sessionView } from "../core/session.ts";
import { agentViews } from "./agent/agent-views.ts";
import { ATTENTION_KINDS, attentionOf } from "./attention/attention.ts";
import { defineOperation } from "./operation.ts";
import { resolveSession, visibleSessions } from "./resolve.ts";
import { toSessionView } from "./views.ts";

const ORDER: Record<AgentView["state"], number> = {
  waiting: 0,
  errored: 1,
  lost: 2,
  exited: 3,
  starting: 4,
  working: 5,
  idle: 6,
};

export const status = defineOperation({
  name: "status",
  title: "Status",
  summary: "Show everything at a glance, those that need a person first",
  description:
    "Shows all sessions and agents with their states, those that need somebody first. `attention` lists the agents that wait for a person, with the reason; inbox has what they ask in full.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: true },
  input: z.object({ session: z.string().min(1).optional().describe("Only this session; default: all") }),
  output: z.object({
    sessions: z.array(sessionView),
    agents: z.array(agentView.extend({ queued: z.number().int().describe("Messages that wait for it") })),
    tasks: z.array(z.never()).describe("Tasks come with a later version"),
    usage: usageView.describe("Tokens of all answers to messages sent through claude-orch"),
    attention: z.array(
      z.object({
        agent: z.string().describe("session/name"),
        agentId: z.string(),
        state: z.string(),
        kind: z.enum(ATTENTION_KINDS).describe("As in the inbox"),
        summary: z.string(),
        since: z.iso.datetime(),
        requestId: z.string().optional().describe("To answer with agent respond"),
        retryAt: z.iso.datetime().optional().describe("When a limit is over"),
      }),
    ),
  }),
  errors: ["SESSION_NOT_FOUND", "PERMISSION_DENIED"],
  cli: { args: ["session"], examples: ["status", "status shop --json", "status --watch"] },
  async run(input, context) {
    const sessions =
      input.session === undefined ? await visibleSessions(context) : [await resolveSession(context, input.session)];
    const queued = await context.store.messages.queueLengths();
    const views = await agentViews(context, sessions);
    const agents = views
      .map((view) => ({ ...view, queued: queued.get(view.id) ?? 0 }))
      .sort((a, b) => ORDER[a.state] - ORDER[b.state]);
    const totals = await context.store.messages.usageTotals();
    return {
      sessions: sessions.map((session) =>
        toSessionView(session, agents.filter((agent) => agent.session.id === session.id).length),
      ),
      agents,
      tasks: [],
      usage: sumUsage(agents.flatMap(({ id }) => totals.get(id) ?? [])),
      attention: agents
        .flatMap((agent) => {
          const attention = attentionOf(agent);
          if (!attention) return [];
          const { id: agentId, state, since } = agent;
          return [{ agent: `${agent.session.name}/${agent.name}`, agentId, state, since, ...attention }];
        })
        .sort((a, b) => ATTENTION_KINDS.indexOf(a.kind) - ATTENTION_KINDS.indexOf(b.kind)),
    };
  },
});
