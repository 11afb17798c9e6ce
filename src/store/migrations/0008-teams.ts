import type { Migration } from "./migration.ts";

/** Coordinations: several agents at work on one task, whichever process carries it on. */
export const teams: Migration = {
  name: "0008-teams",
  up(database) {
    database.exec(`
      CREATE TABLE coordinations (
        id TEXT PRIMARY KEY,
        sessionId TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        mode TEXT NOT NULL,
        state TEXT NOT NULL,
        text BLOB NOT NULL,
        participants BLOB NOT NULL,
        coordinator BLOB,
        rules TEXT NOT NULL,
        patienceMs INTEGER NOT NULL,
        remainingMs INTEGER NOT NULL,
        stages BLOB NOT NULL,
        createdBy TEXT NOT NULL,
        holder TEXT,
        createdAt INTEGER NOT NULL,
        endedAt INTEGER,
        seenAt INTEGER
      ) STRICT;
      CREATE INDEX coordinations_by_session ON coordinations (sessionId, createdAt);
      CREATE INDEX coordinations_in_state ON coordinations (state);
    `);
  },
};
