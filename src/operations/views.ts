import type { Agent, AgentView, StateReport } from "../core/agent.ts";
import type { Message, MessageView } from "../core/message.ts";
import type { Session, SessionView } from "../core/session.ts";

/** Epoch milliseconds → ISO-8601, the form of every time at a surface. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function isoTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}

export function toSessionView(session: Session, agentCount: number): SessionView {
  return {
    id: session.id,
    name: session.name,
    root: session.root,
    backend: session.backend,
    ...(session.backendReason === null ? {} : { backendReason: session.backendReason }),
    securityLevel: session.securityLevel,
    trusted: session.isTrusted,
    policy: session.policy,
    protocol: session.protocol,
    maxAgents: session.maxAgents,
    agentCount,
    createdAt: isoTime(session.createdAt),
  };
}

export function toAgentView(
  agent: Agent,
  session: Pick<Session, "id" | "name" | "backend">,
  report: StateReport,
): AgentView {
  return {
    id: agent.id,
    name: agent.name,
    number: agent.number,
    session: { id: session.id, name: session.name },
    role: agent.role,
    model: agent.model,
    permissionMode: agent.permissionMode,
    state: report.state,
    because: report.because,
    since: isoTime(report.since),
    ...(report.waitingFor ? { waitingFor: report.waitingFor } : {}),
    ...(report.error ? { error: report.error } : {}),
    ...(report.exitCode === undefined ? {} : { exitCode: report.exitCode }),
    backend: agent.terminal?.backend ?? session.backend,
    terminal: agent.terminal?.id || null,
    pid: report.pid ?? null,
    cwd: agent.cwd,
    protocol: agent.protocol,
    ...(agent.worktree ? { worktree: { path: agent.worktree.path, branch: agent.worktree.branch } } : {}),
    parentId: agent.parentId,
    adopted: agent.isAdopted,
    conversationId: agent.conversationId,
    claudeVersion: agent.claudeVersion,
    createdAt: isoTime(agent.createdAt),
  };
}

export function toMessageView(message: Message, agent: Pick<Agent, "id" | "name">): MessageView {
  return {
    id: message.id,
    agent: { id: agent.id, name: agent.name },
    conversationId: message.conversationId,
    state: message.state,
    ...(message.reason === null ? {} : { reason: message.reason }),
    text: message.text,
    ...(message.sentText === null ? {} : { sentText: message.sentText }),
    normalised: message.normalised,
    via: message.via,
    promptId: message.promptId,
    createdAt: isoTime(message.createdAt),
    typedAt: isoTimeOrNull(message.typedAt),
    submittedAt: isoTimeOrNull(message.submittedAt),
    recordedAt: isoTimeOrNull(message.recordedAt),
    answeredAt: isoTimeOrNull(message.answeredAt),
    ...(message.answer === null ? {} : { answer: message.answer }),
  };
}
