import type { Migration } from "./migration.ts";

/** Tokens of answers whose messages were removed as history: an agent's sum stays what it was. */
export const history: Migration = {
  name: "0010-history",
  up(database) {
    database.exec(`
      CREATE TABLE pastUsage (
        agentId TEXT PRIMARY KEY REFERENCES agents (id) ON DELETE CASCADE,
        inputTokens INTEGER NOT NULL,
        outputTokens INTEGER NOT NULL,
        cacheCreationTokens INTEGER NOT NULL,
        cacheReadTokens INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
