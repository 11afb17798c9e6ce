import type { Migration } from "./migration.ts";

/** Answers to agents' requests, permission rules of sessions, adopted agents, and what of a message was looked at. */
export const attention: Migration = {
  name: "0002-attention",
  up(database) {
    database.exec(`
      ALTER TABLE sessions ADD COLUMN policy BLOB;
      ALTER TABLE agents ADD COLUMN isAdopted INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE messages ADD COLUMN seenAt INTEGER;
      -- What ended before there was an inbox does not fill it.
      UPDATE messages SET seenAt = coalesce(answeredAt, createdAt) WHERE state IN ('answered', 'failed', 'unknown');
      CREATE INDEX messages_unseen ON messages (createdAt) WHERE seenAt IS NULL;
      -- What is open over all agents.
      CREATE INDEX messages_in_state ON messages (state, agentId, seq);

      CREATE TABLE answers (
        id TEXT PRIMARY KEY,
        agentId TEXT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        summary BLOB NOT NULL,
        request BLOB NOT NULL,
        decision BLOB NOT NULL,
        decidedBy TEXT NOT NULL,
        state TEXT NOT NULL,
        via TEXT,
        outcome TEXT,
        reason BLOB,
        holder TEXT,
        createdAt INTEGER NOT NULL,
        settledAt INTEGER
      ) STRICT;
      CREATE INDEX answers_by_time ON answers (createdAt);
      CREATE INDEX answers_by_agent ON answers (agentId, createdAt);
    `);
  },
};
