import type { Agent } from "../core/agent.ts";
import type { Conversation } from "../core/conversation.ts";
import type { Message, Usage } from "../core/message.ts";
import type { RequestAnswer } from "../core/request.ts";
import type { Session } from "../core/session.ts";
import type { Columns, Row, SqlValue } from "./row-codec.ts";

/** The tables as Kysely sees them. The `…Index` columns are keyed hashes for equality look-ups of sealed fields; the token counts of a sealed answer
 * stand beside it in the clear, so that they can be summed. */
export interface Tables {
  sessions: Row<Session> & { nameIndex: string };
  agents: Row<Agent> & { nameIndex: string };
  conversations: Row<Conversation>;
  messages: Row<Message> & { idempotencyIndex: string | null } & Partial<Usage>;
  answers: Row<RequestAnswer>;
  waits: { id: string; waiterId: string; targetId: string; pid: number; startedAt: string };
  leases: { agentId: string; token: string; pid: number; startedAt: string };
  facts: { name: string; value: SqlValue };
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
  claudeArgs: "secret-json",
  envNames: "secret-json",
  parentId: "clear",
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
