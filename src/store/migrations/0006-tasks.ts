import type { Migration } from "./migration.ts";

/**
 * The queue of work. Beside what a task is, the columns by which the scheduler finds the next step without looking at the
 * rest of the queue: how many needs are not done, how urgent it is (a number that does not change while it waits, see
 * core/task-order.ts), what kind of agent it waits for, and who works on it now.
 */
export const tasks: Migration = {
  name: "0006-tasks",
  up(database) {
    database.exec(`
      CREATE TABLE tasks (
        id TEXT PRIMARY KEY,
        sessionId TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        title BLOB NOT NULL,
        text BLOB NOT NULL,
        role BLOB,
        priority INTEGER NOT NULL,
        needs TEXT NOT NULL,
        agentId TEXT,
        state TEXT NOT NULL,
        because BLOB NOT NULL,
        timeoutMs INTEGER NOT NULL,
        retries INTEGER NOT NULL,
        "check" BLOB,
        worktree INTEGER NOT NULL,
        onFailure TEXT NOT NULL,
        causedBy TEXT,
        workflowRunId TEXT,
        stepId TEXT,
        createdBy TEXT NOT NULL,
        attempts BLOB NOT NULL,
        reports BLOB NOT NULL,
        result BLOB,
        error BLOB,
        notBefore INTEGER,
        holder TEXT,
        createdAt INTEGER NOT NULL,
        queuedAt INTEGER,
        startedAt INTEGER,
        endedAt INTEGER,
        seenAt INTEGER,
        unmetNeeds INTEGER NOT NULL,
        laneIndex TEXT NOT NULL,
        openWorkerId TEXT,
        hasOpenAttempt INTEGER NOT NULL,
        urgencyIndex INTEGER NOT NULL GENERATED ALWAYS AS (coalesce(queuedAt, createdAt) - priority * 600000) VIRTUAL,
        UNIQUE (sessionId, number)
      ) STRICT;
      CREATE INDEX tasks_by_lane ON tasks (state, unmetNeeds, laneIndex, urgencyIndex, createdAt, number, notBefore);
      CREATE INDEX tasks_by_start ON tasks (notBefore) WHERE state = 'queued' AND notBefore IS NOT NULL;
      CREATE INDEX tasks_under_way ON tasks (createdAt) WHERE hasOpenAttempt = 1;
      CREATE INDEX tasks_by_cause ON tasks (causedBy) WHERE causedBy IS NOT NULL;
      CREATE INDEX tasks_unseen ON tasks (endedAt) WHERE seenAt IS NULL AND state IN ('done', 'failed');
      CREATE INDEX tasks_ended_badly ON tasks (endedAt) WHERE state IN ('failed', 'cancelled');
      CREATE INDEX tasks_by_state ON tasks (sessionId, state);
      CREATE INDEX tasks_by_run ON tasks (workflowRunId) WHERE workflowRunId IS NOT NULL;
      -- An agent works on one task at a time, whatever processes decide at the same moment.
      CREATE UNIQUE INDEX tasks_by_worker ON tasks (openWorkerId) WHERE openWorkerId IS NOT NULL;

      CREATE TABLE taskNeeds (
        taskId TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
        needId TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
        PRIMARY KEY (taskId, needId)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX task_needs_by_need ON taskNeeds (needId, taskId);

      -- Numbers are never given twice, also when the newest task was removed.
      CREATE TABLE taskNumbers (
        sessionId TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
        next INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- Who has worked on tasks: their conversations belong to the queue.
      CREATE TABLE taskWorkers (
        agentId TEXT PRIMARY KEY REFERENCES agents (id) ON DELETE CASCADE
      ) STRICT, WITHOUT ROWID;

      -- Duties that one process at a time has, such as the scheduler's.
      CREATE TABLE duties (
        name TEXT PRIMARY KEY,
        token TEXT NOT NULL,
        pid INTEGER NOT NULL,
        startedAt TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
