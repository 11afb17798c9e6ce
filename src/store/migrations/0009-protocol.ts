import type { Migration } from "./migration.ts";

/** Working protocols of sessions and agents, which prompts carry them, and what was last written to TODO.md. */
export const protocol: Migration = {
  name: "0009-protocol",
  up(database) {
    database.exec(`
      ALTER TABLE sessions ADD COLUMN protocol BLOB;
      ALTER TABLE agents ADD COLUMN protocol BLOB;
      ALTER TABLE messages ADD COLUMN protocol TEXT;
      CREATE INDEX messages_with_protocol ON messages (agentId, conversationId) WHERE protocol = 'sent';

      CREATE TABLE todoMirrors (
        id TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
        base BLOB,
        holder TEXT
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
