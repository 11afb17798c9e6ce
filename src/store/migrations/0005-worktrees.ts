import type { Migration } from "./migration.ts";

/** Places that agents and tasks have to themselves. */
export const worktrees: Migration = {
  name: "0005-worktrees",
  up(database) {
    database.exec(`
      ALTER TABLE agents ADD COLUMN worktree BLOB;

      CREATE TABLE worktrees (
        id TEXT PRIMARY KEY,
        -- What is in it may be of use after its agent and its session are gone.
        sessionId TEXT REFERENCES sessions (id) ON DELETE SET NULL,
        agentId TEXT REFERENCES agents (id) ON DELETE SET NULL,
        name BLOB NOT NULL,
        kind TEXT NOT NULL,
        repository BLOB,
        path BLOB NOT NULL,
        branch BLOB,
        ownsBranch INTEGER NOT NULL,
        base TEXT,
        copied BLOB NOT NULL,
        state TEXT NOT NULL,
        snapshot BLOB,
        trash BLOB,
        holder TEXT,
        createdAt INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX worktrees_by_session ON worktrees (sessionId);
      CREATE INDEX worktrees_by_agent ON worktrees (agentId);
    `);
  },
};
