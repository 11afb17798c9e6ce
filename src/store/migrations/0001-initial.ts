import type { Migration } from "./migration.ts";

export const initial: Migration = {
  name: "0001-initial",
  up(database) {
    database.exec(`
      CREATE TABLE facts (
        name TEXT PRIMARY KEY,
        value ANY NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE sessions (
        id TEXT PRIMARY KEY,
        name BLOB NOT NULL,
        nameIndex TEXT NOT NULL UNIQUE,
        root BLOB NOT NULL,
        maxAgents INTEGER NOT NULL,
        securityLevel TEXT NOT NULL,
        backend TEXT NOT NULL,
        isTrusted INTEGER NOT NULL,
        nextAgentNumber INTEGER NOT NULL,
        createdAt INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE agents (
        id TEXT PRIMARY KEY,
        sessionId TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        name BLOB NOT NULL,
        nameIndex TEXT NOT NULL,
        role BLOB NOT NULL,
        model BLOB,
        permissionMode TEXT NOT NULL,
        layout TEXT NOT NULL,
        cwd BLOB NOT NULL,
        systemPrompt BLOB,
        claudeArgs BLOB NOT NULL,
        envNames BLOB NOT NULL,
        parentId TEXT,
        configDir BLOB NOT NULL,
        claudeBin BLOB NOT NULL,
        claudeVersion TEXT NOT NULL,
        conversationId TEXT,
        terminal BLOB,
        lifecycle TEXT NOT NULL,
        launchedAt INTEGER,
        tokenHash TEXT NOT NULL,
        createdAt INTEGER NOT NULL,
        UNIQUE (sessionId, nameIndex),
        UNIQUE (sessionId, number)
      ) STRICT;
      CREATE INDEX agents_by_token ON agents (tokenHash);

      CREATE TABLE conversations (
        id TEXT PRIMARY KEY,
        agentId TEXT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
        startedAt INTEGER NOT NULL,
        endedAt INTEGER,
        transcriptPath BLOB
      ) STRICT;
      CREATE INDEX conversations_by_agent ON conversations (agentId, startedAt);

      CREATE TABLE messages (
        id TEXT PRIMARY KEY,
        agentId TEXT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        conversationId TEXT,
        text BLOB NOT NULL,
        sentText BLOB,
        normalised BLOB NOT NULL,
        exact INTEGER NOT NULL,
        "when" TEXT NOT NULL,
        sender TEXT NOT NULL,
        hops INTEGER NOT NULL,
        idempotencyKey BLOB,
        idempotencyIndex TEXT,
        state TEXT NOT NULL,
        reason BLOB,
        via TEXT,
        holder TEXT,
        spoolOffset INTEGER,
        transcriptOffset INTEGER,
        promptId TEXT,
        answer BLOB,
        inputTokens INTEGER,
        outputTokens INTEGER,
        cacheCreationTokens INTEGER,
        cacheReadTokens INTEGER,
        createdAt INTEGER NOT NULL,
        typedAt INTEGER,
        submittedAt INTEGER,
        recordedAt INTEGER,
        answeredAt INTEGER,
        UNIQUE (agentId, seq),
        UNIQUE (agentId, idempotencyIndex)
      ) STRICT;
      CREATE INDEX messages_by_state ON messages (agentId, state, seq);
      CREATE INDEX messages_by_prompt ON messages (agentId, promptId);
      CREATE INDEX messages_by_sender ON messages (sender, createdAt);

      CREATE TABLE leases (
        agentId TEXT PRIMARY KEY REFERENCES agents (id) ON DELETE CASCADE,
        token TEXT NOT NULL,
        pid INTEGER NOT NULL,
        startedAt TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
