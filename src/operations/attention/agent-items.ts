import type { Agent, StateReport } from "../../core/agent.ts";
import { toAppError } from "../../core/errors.ts";
import type { AgentRequest } from "../../core/request.ts";
import type { Session } from "../../core/session.ts";
import { answerFlags } from "../agent/respond/answer-flags.ts";
import { openRequests } from "../agent/respond/open-requests.ts";
import { toRequestView } from "../agent/respond/views.ts";
import type { Context } from "../context.ts";
import { isoTime } from "../views.ts";
import { type Attention, attentionOf } from "./attention.ts";
import type { InboxItem } from "./inbox-item.ts";

/** An agent with its session and its state now. */
export interface ObservedAgent {
  agent: Agent;
  session: Session;
  report: StateReport;
}

/** What an agent's state asks of a person: its open requests, its error, its loss. */
export async function agentItems(context: Context, observed: ObservedAgent): Promise<InboxItem[]> {
  const attention = attentionOf(observed.report);
  if (!attention) return [];
  if (observed.report.state !== "waiting") return [stateItem(observed, attention)];
  const requests = await requestsOf(context, observed.agent);
  // Seen by its state alone: what is asked in full, cannot be told.
  if (requests.length === 0) return [stateItem(observed, attention)];
  return requests.map((request) => requestItem(observed, request));
}

/** One agent whose evidence cannot be read must not hide what the others ask. */
async function requestsOf(context: Context, agent: Agent): Promise<AgentRequest[]> {
  try {
    return await openRequests(context, agent);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.kind === "cancelled") throw error;
    context.logger.warn("inbox.requests-failed", { agentId: agent.id, error: error.message });
    return [];
  }
}

function requestItem(observed: ObservedAgent, request: AgentRequest): InboxItem {
  const { requestId, kind, summary } = request;
  const command = `claude-orch agent respond ${nameOf(observed)} --request ${requestId.slice(0, SHORT_ID)}`;
  return {
    ...frame(observed, request.since ?? observed.report.since),
    id: requestId,
    kind,
    summary,
    request: toRequestView(request),
    respond: answerFlags(request).map((flags) => `${command} ${flags}`),
  };
}

/** `req_` and 8 characters: enough to tell the requests of one agent apart, and a command line stays one line. */
const SHORT_ID = 12;

function stateItem(observed: ObservedAgent, attention: Attention): InboxItem {
  const { agent, report } = observed;
  return {
    ...frame(observed, report.since),
    id: attention.requestId ?? `${attention.kind}:${agent.id}:${report.since}`,
    kind: attention.kind,
    summary: attention.summary,
    ...(report.error ? { error: report.error } : {}),
    respond: remedies(observed, attention),
  };
}

function frame({ agent, session, report }: ObservedAgent, since: number) {
  return {
    agent: { id: agent.id, name: agent.name },
    session: { id: session.id, name: session.name },
    since: isoTime(since),
    because: report.because,
  };
}

export function nameOf({ agent, session }: Pick<ObservedAgent, "agent" | "session">): string {
  return `${session.name}/${agent.name}`;
}

function remedies(observed: ObservedAgent, { kind }: Attention): string[] {
  const name = nameOf(observed);
  const focus = `claude-orch agent focus ${name}`;
  const start = `claude-orch agent start ${name} --resume`;
  switch (kind) {
    case "lost":
      return [start];
    case "limit":
      return [
        `claude-orch agent show ${name}`,
        // What Claude Code offers meanwhile; it is closed when the agent goes on.
        ...(observed.report.waitingFor ? [`claude-orch agent respond ${name} --deny`] : []),
      ];
    case "error":
      switch (observed.report.error?.kind) {
        case "auth":
          return [focus, `claude-orch agent send ${name} 'Go on'`];
        case "crash":
        case "launch":
          return [start, `claude-orch agent screen ${name}`];
        default:
          return [`claude-orch agent read ${name}`, `claude-orch agent send ${name} 'Go on'`];
      }
    default:
      return [focus];
  }
}
