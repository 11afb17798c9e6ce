import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "../../src/store/migrations/migrate.ts";
import { loadSqlite, type SqliteDatabase } from "../../src/store/sqlite-library.ts";
import {
  AGENT_COLUMNS,
  ANSWER_COLUMNS,
  CONVERSATION_COLUMNS,
  COORDINATION_COLUMNS,
  MESSAGE_COLUMNS,
  SESSION_COLUMNS,
  TASK_COLUMNS,
  TODO_MIRROR_COLUMNS,
  WORKFLOW_RUN_COLUMNS,
  WORKTREE_COLUMNS,
} from "../../src/store/tables.ts";

let database: SqliteDatabase;
beforeAll(async () => {
  database = (await loadSqlite()).open(":memory:");
  migrate(database, 0, 1);
});
afterAll(() => database.close());

/** Beside the fields: look-up hashes, the token counts of a sealed answer, and what the scheduler finds a task by. */
const LOOKUPS = /Index$|Tokens$|^(?:unmetNeeds|openWorkerId|hasOpenAttempt)$/;

const TABLES: Record<string, Record<string, string>> = {
  sessions: SESSION_COLUMNS,
  agents: AGENT_COLUMNS,
  conversations: CONVERSATION_COLUMNS,
  messages: MESSAGE_COLUMNS,
  answers: ANSWER_COLUMNS,
  coordinations: COORDINATION_COLUMNS,
  tasks: TASK_COLUMNS,
  workflowRuns: WORKFLOW_RUN_COLUMNS,
  todoMirrors: TODO_MIRROR_COLUMNS,
  worktrees: WORKTREE_COLUMNS,
};

test.each(Object.entries(TABLES))(
  "%s: each declared field has its column, and the secret ones take nothing but bytes",
  (table, fields) => {
    const columns = database.prepare(`PRAGMA table_info(${table})`).all() as { name: string; type: string }[];
    const types = Object.fromEntries(columns.map(({ name, type }) => [name, type]));

    expect(
      Object.keys(types)
        .filter((name) => !LOOKUPS.test(name))
        .sort(),
    ).toEqual(Object.keys(fields).sort());
    for (const [name, kind] of Object.entries(fields)) {
      expect(types[name] === "BLOB", `${table}.${name} is ${kind} and ${types[name]}`).toBe(kind.startsWith("secret"));
    }
  },
);

test("what stands in the clear is pinned: ids, states, times, numbers and edges", () => {
  const clear = Object.entries(TABLES).flatMap(([table, fields]) =>
    Object.entries(fields)
      .filter(([, kind]) => !kind.startsWith("secret"))
      .map(([name]) => `${table}.${name}`),
  );

  expect(clear.join(" ")).toBe(
    "sessions.id sessions.maxAgents sessions.securityLevel sessions.backend sessions.isTrusted sessions.nextAgentNumber " +
      "sessions.createdAt agents.id agents.sessionId agents.number agents.permissionMode agents.layout agents.parentId " +
      "agents.claudeVersion agents.conversationId agents.lifecycle agents.launchedAt agents.isAdopted agents.tokenHash agents.createdAt " +
      "conversations.id conversations.agentId conversations.startedAt conversations.endedAt messages.id messages.agentId " +
      "messages.seq messages.conversationId messages.exact messages.protocol messages.when messages.sender messages.hops messages.state messages.via " +
      "messages.holder messages.spoolOffset messages.transcriptOffset messages.promptId messages.createdAt " +
      "messages.typedAt messages.submittedAt messages.recordedAt messages.answeredAt messages.seenAt " +
      "answers.id answers.agentId answers.kind answers.decidedBy answers.state answers.via answers.outcome answers.holder " +
      "answers.createdAt answers.settledAt coordinations.id coordinations.sessionId coordinations.mode coordinations.state " +
      "coordinations.rules coordinations.patienceMs coordinations.remainingMs coordinations.createdBy coordinations.holder " +
      "coordinations.createdAt coordinations.endedAt coordinations.seenAt " +
      "tasks.id tasks.sessionId tasks.number tasks.priority tasks.needs tasks.agentId tasks.state tasks.timeoutMs tasks.retries " +
      "tasks.worktree tasks.conversation tasks.onFailure tasks.causedBy tasks.workflowRunId tasks.stepId tasks.createdBy tasks.notBefore tasks.checker " +
      "tasks.createdAt tasks.queuedAt tasks.startedAt tasks.endedAt tasks.seenAt workflowRuns.id workflowRuns.sessionId " +
      "workflowRuns.createdBy workflowRuns.createdAt todoMirrors.id todoMirrors.holder " +
      "worktrees.id worktrees.sessionId worktrees.agentId worktrees.kind worktrees.ownsBranch worktrees.base worktrees.state " +
      "worktrees.holder worktrees.createdAt",
  );
});
