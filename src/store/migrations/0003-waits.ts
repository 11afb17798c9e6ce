import type { Migration } from "./migration.ts";

/** Calls of agents that wait for another agent, so that none waits for itself around a corner. */
export const waits: Migration = {
  name: "0003-waits",
  up(database) {
    database.exec(`
      CREATE TABLE waits (
        id TEXT PRIMARY KEY,
        waiterId TEXT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
        targetId TEXT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
        pid INTEGER NOT NULL,
        startedAt TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX waits_by_waiter ON waits (waiterId);
    `);
  },
};
