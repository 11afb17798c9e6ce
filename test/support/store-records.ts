import type { Agent } from "../../src/core/agent.ts";
import type { Conversation } from "../../src/core/conversation.ts";
import type { Message } from "../../src/core/message.ts";
import type { AgentRequest } from "../../src/core/request.ts";
import type { Session } from "../../src/core/session.ts";
import type { Coordination } from "../../src/core/team/coordination.ts";

export function makeSession(change: Partial<Session> = {}): Session {
  return {
    id: "ses_1",
    name: "team",
    root: "/code/team",
    maxAgents: 16,
    securityLevel: "medium",
    backend: "tmux",
    backendReason: null,
    isTrusted: false,
    policy: [],
    protocol: null,
    nextAgentNumber: 1,
    createdAt: 1_000,
    ...change,
  };
}

export function makeAgent(change: Partial<Agent> = {}): Agent {
  return {
    id: "agt_1",
    sessionId: "ses_1",
    number: 1,
    name: "Agent_1",
    role: "default",
    model: null,
    permissionMode: "default",
    layout: "tab",
    cwd: "/code/team",
    systemPrompt: null,
    protocol: null,
    claudeArgs: [],
    envNames: [],
    parentId: null,
    worktree: null,
    configDir: "/home/ann/.claude",
    claudeBin: "/usr/bin/claude",
    claudeVersion: "2.1.330",
    conversationId: null,
    terminal: null,
    lifecycle: "opening",
    launchedAt: null,
    isAdopted: false,
    tokenHash: "hash-1",
    createdAt: 2_000,
    ...change,
  };
}

export function makeConversation(change: Partial<Conversation> = {}): Conversation {
  return { id: "con_1", agentId: "agt_1", startedAt: 3_000, endedAt: null, transcriptPath: null, ...change };
}

export function makeMessage(change: Partial<Message> = {}): Omit<Message, "seq"> {
  return {
    id: "msg_1",
    agentId: "agt_1",
    conversationId: null,
    text: "hello",
    sentText: null,
    normalised: [],
    exact: false,
    protocol: null,
    when: "idle",
    sender: "operator",
    hops: 0,
    idempotencyKey: null,
    state: "queued",
    reason: null,
    via: null,
    holder: null,
    spoolOffset: null,
    transcriptOffset: null,
    promptId: null,
    answer: null,
    createdAt: 4_000,
    typedAt: null,
    submittedAt: null,
    recordedAt: null,
    answeredAt: null,
    seenAt: null,
    ...change,
  };
}

export function makeRequest(change: Partial<AgentRequest> = {}): AgentRequest {
  return {
    kind: "permission",
    requestId: "req_1",
    summary: "Bash: ls",
    tool: "Bash",
    input: { command: "ls" },
    canRemember: true,
    via: "hook",
    since: 5_000,
    evidence: { offset: 0, promptId: "prompt-1", toolUseId: "toolu_1", waiter: "1" },
    ...change,
  };
}

export function makeCoordination(sessionId = "ses_1"): Coordination {
  return {
    id: "crd_1",
    sessionId,
    mode: "parallel",
    state: "running",
    text: "Which?",
    participants: [],
    coordinator: null,
    rules: { rounds: 1, quorum: "all", tie: "none" },
    patienceMs: 1,
    remainingMs: 1,
    stages: [],
    createdBy: { kind: "operator" },
    holder: null,
    createdAt: 6_000,
    endedAt: null,
    seenAt: null,
  };
}
