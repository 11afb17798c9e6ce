import type { Generated } from "kysely";
import type { Agent } from "../core/agent.ts";
import type { Conversation } from "../core/conversation.ts";
import type { Message, Usage } from "../core/message.ts";
import type { TodoMirror } from "../core/ports/store.ts";
import type { RequestAnswer } from "../core/request.ts";
import type { Session } from "../core/session.ts";
import type { Task } from "../core/task.ts";
import type { Coordination } from "../core/team/coordination.ts";
import type { WorkflowRun } from "../core/workflow/run.ts";
import type { Worktree } from "../core/worktree.ts";
import type { Columns, Row, SqlValue } from "./row-codec.ts";

/** The tables as Kysely sees them. The `…Index` columns are keyed hashes for equality look-ups of sealed fields; the token counts of a sealed answer
 * stand beside it in the clear, so that they can be summed. */
export interface Tables {
  sessions: Row<Session> & { nameIndex: string };
  agents: Row<Agent> & { nameIndex: string };
  conversations: Row<Conversation>;
  messages: Row<Message> & { idempotencyIndex: string | null } & Partial<Usage>;
  pastUsage: { agentId: string } & Usage;
  answers: Row<RequestAnswer>;
  coordinations: Row<Coordination>;
  waits: { id: string; waiterId: string; targetId: string; pid: number; startedAt: string };
  leases: { agentId: string; token: string; pid: number; startedAt: string };
  tasks: Row<Task> & TaskLookups;
  taskNeeds: { taskId: string; needId: string };
  taskNumbers: { sessionId: string; next: number };
  taskWorkers: { agentId: string };
  duties: { name: string; token: string; pid: number; startedAt: string };
  todoMirrors: Row<TodoMirror>;
  worktrees: Row<Worktree>;
  workflowRuns: Row<WorkflowRun>;
  facts: { name: string; value: SqlValue };
}

/** What the scheduler finds a task by, derived from its fields by the repository. */
interface TaskLookups {
  /** How many of its needs are not done. */
  unmetNeeds: number;
  /** Keyed hash of what it waits for: its session with its agent, or with its role. */
  laneIndex: string;
  /** Agent of its newest try, while that is open. */
  openWorkerId: string | null;
  hasOpenAttempt: number;
  /** The smaller the more urgent, at any time (core/task-order.ts); computed by the database. */
  urgencyIndex: Generated<number>;
}

export const SESSION_COLUMNS: Columns<Session> = {
  id: "clear",
  name: "secret",
  root: "secret",
  maxAgents: "clear",
  securityLevel: "clear",
  backend: "clear",
  // It can name paths of the machine.
  backendReason: "secret",
  isTrusted: "flag",
  policy: "secret-json",
  protocol: "secret",
  nextAgentNumber: "clear",
  createdAt: "clear",
};

export const AGENT_COLUMNS: Columns<Agent> = {
  id: "clear",
  sessionId: "clear",
  number: "clear",
  name: "secret",
  role: "secret",
  model: "secret",
  permissionMode: "clear",
  layout: "clear",
  cwd: "secret",
  systemPrompt: "secret",
  protocol: "secret",
  claudeArgs: "secret-json",
  envNames: "secret-json",
  parentId: "clear",
  worktree: "secret-json",
  configDir: "secret",
  claudeBin: "secret",
  claudeVersion: "clear",
  conversationId: "clear",
  // Its tag is what a terminal is recognised by: nobody else needs to know it.
  terminal: "secret-json",
  lifecycle: "clear",
  launchedAt: "clear",
  isAdopted: "flag",
  tokenHash: "clear",
  createdAt: "clear",
};

export const TODO_MIRROR_COLUMNS: Columns<TodoMirror> = { id: "clear", base: "secret-json", holder: "json" };

export const CONVERSATION_COLUMNS: Columns<Conversation> = {
  id: "clear",
  agentId: "clear",
  startedAt: "clear",
  endedAt: "clear",
  transcriptPath: "secret",
};

export const MESSAGE_COLUMNS: Columns<Message> = {
  id: "clear",
  agentId: "clear",
  seq: "clear",
  conversationId: "clear",
  text: "secret",
  sentText: "secret",
  normalised: "secret-json",
  exact: "flag",
  protocol: "clear",
  when: "clear",
  sender: "clear",
  hops: "clear",
  idempotencyKey: "secret",
  state: "clear",
  reason: "secret",
  via: "clear",
  holder: "json",
  spoolOffset: "clear",
  transcriptOffset: "clear",
  promptId: "clear",
  answer: "secret-json",
  createdAt: "clear",
  typedAt: "clear",
  submittedAt: "clear",
  recordedAt: "clear",
  answeredAt: "clear",
  seenAt: "clear",
};

export const WORKFLOW_RUN_COLUMNS: Columns<WorkflowRun> = {
  id: "clear",
  sessionId: "clear",
  workflow: "secret",
  title: "secret",
  inputs: "secret-json",
  steps: "secret-json",
  skipped: "secret-json",
  createdBy: "clear",
  createdAt: "clear",
};

export const WORKTREE_COLUMNS: Columns<Worktree> = {
  id: "clear",
  sessionId: "clear",
  agentId: "clear",
  name: "secret",
  kind: "clear",
  repository: "secret",
  path: "secret",
  branch: "secret",
  ownsBranch: "flag",
  base: "clear",
  copied: "secret-json",
  state: "clear",
  snapshot: "secret",
  trash: "secret",
  holder: "json",
  createdAt: "clear",
};

export const ANSWER_COLUMNS: Columns<RequestAnswer> = {
  id: "clear",
  agentId: "clear",
  kind: "clear",
  summary: "secret",
  request: "secret-json",
  decision: "secret-json",
  decidedBy: "clear",
  state: "clear",
  via: "clear",
  outcome: "clear",
  reason: "secret",
  holder: "json",
  createdAt: "clear",
  settledAt: "clear",
};

export const TASK_COLUMNS: Columns<Task> = {
  id: "clear",
  sessionId: "clear",
  number: "clear",
  title: "secret",
  text: "secret",
  role: "secret",
  priority: "clear",
  needs: "json",
  agentId: "clear",
  state: "clear",
  because: "secret",
  timeoutMs: "clear",
  retries: "clear",
  check: "secret-json",
  worktree: "flag",
  conversation: "clear",
  onFailure: "clear",
  causedBy: "clear",
  workflowRunId: "clear",
  stepId: "clear",
  createdBy: "clear",
  attempts: "secret-json",
  reports: "secret-json",
  result: "secret",
  error: "secret-json",
  notBefore: "clear",
  checker: "json",
  createdAt: "clear",
  queuedAt: "clear",
  startedAt: "clear",
  endedAt: "clear",
  seenAt: "clear",
};

export const COORDINATION_COLUMNS: Columns<Coordination> = {
  id: "clear",
  sessionId: "clear",
  mode: "clear",
  state: "clear",
  text: "secret",
  participants: "secret-json",
  coordinator: "secret-json",
  rules: "json",
  patienceMs: "clear",
  remainingMs: "clear",
  stages: "secret-json",
  createdBy: "json",
  holder: "json",
  createdAt: "clear",
  endedAt: "clear",
  seenAt: "clear",
};
