import type { Migration } from "./migration.ts";

/** Runs of workflows. What a run has come to is told by its tasks. */
export const workflows: Migration = {
  name: "0007-workflows",
  up(database) {
    database.exec(`
      CREATE TABLE workflowRuns (
        id TEXT PRIMARY KEY,
        sessionId TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        workflow BLOB NOT NULL,
        title BLOB NOT NULL,
        inputs BLOB NOT NULL,
        steps BLOB NOT NULL,
        skipped BLOB NOT NULL,
        createdBy TEXT NOT NULL,
        createdAt INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX workflow_runs_by_session ON workflowRuns (sessionId, createdAt);
      CREATE INDEX tasks_of_runs ON tasks (state, workflowRunId) WHERE workflowRunId IS NOT NULL;
    `);
  },
};
