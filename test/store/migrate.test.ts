import { afterEach, beforeEach, expect, test } from "vitest";
import { MIGRATIONS, migrate, schemaVersion } from "../../src/store/migrations/migrate.ts";
import type { Migration } from "../../src/store/migrations/migration.ts";
import { loadSqlite, type SqliteDatabase } from "../../src/store/sqlite-library.ts";

let database: SqliteDatabase;
beforeEach(async () => {
  database = (await loadSqlite()).open(":memory:");
});
afterEach(() => database.close());

const next = MIGRATIONS.length + 1;
const more: Migration = {
  name: `${String(next).padStart(4, "0")}-more`,
  up: (target) => target.exec("CREATE TABLE more (id TEXT)"),
};
const STEPS = [...MIGRATIONS, more];

const recorded = () => database.prepare("SELECT name, value FROM facts ORDER BY name").all();

test("runs only the steps that are missing, and records each with its time", () => {
  migrate(database, schemaVersion(database, "f"), 10, MIGRATIONS);
  migrate(database, schemaVersion(database, "f", STEPS), 20, STEPS);

  expect(schemaVersion(database, "f", STEPS)).toBe(next);
  expect(recorded()).toEqual([
    ...MIGRATIONS.map(({ name }) => ({ name: `migration ${name}`, value: 10 })),
    { name: `migration ${more.name}`, value: 20 },
  ]);
});

test("what ended before there was an inbox does not fill it", () => {
  const [initial] = MIGRATIONS;
  if (!initial) throw new Error("there is a first migration");
  migrate(database, 0, 10, [initial]);
  database.exec(`
    INSERT INTO sessions VALUES ('ses_1', x'00', 'i', x'00', 16, 'medium', 'tmux', 0, 2, 1);
    INSERT INTO agents VALUES ('agt_1', 'ses_1', 1, x'00', 'i', x'00', NULL, 'default', 'tab', x'00', NULL, x'00', x'00', NULL,
      x'00', x'00', '2', NULL, NULL, 'closed', NULL, 'h', 1);
    INSERT INTO messages (id, agentId, seq, text, normalised, exact, "when", sender, hops, state, createdAt, answeredAt)
      VALUES ('msg_1', 'agt_1', 1, x'00', x'00', 0, 'idle', 'operator', 0, 'answered', 5, 6),
             ('msg_2', 'agt_1', 2, x'00', x'00', 0, 'idle', 'operator', 0, 'queued', 7, NULL);
  `);

  migrate(database, 1, 20, MIGRATIONS);

  expect(database.prepare("SELECT id, seenAt FROM messages ORDER BY id").all()).toEqual([
    { id: "msg_1", seenAt: 6 },
    { id: "msg_2", seenAt: null },
  ]);
  expect(database.prepare("SELECT policy FROM sessions").all()).toEqual([{ policy: null }]);
});

test("a schema with more steps than are known is refused", () => {
  migrate(database, 0, 10, STEPS);

  expect(() => schemaVersion(database, "f", MIGRATIONS)).toThrow(expect.objectContaining({ code: "STORE_TOO_NEW" }));
});

test("the steps' names are numbered in order", () => {
  expect(MIGRATIONS.map(({ name }) => Number(name.slice(0, 4)))).toEqual(MIGRATIONS.map((_, index) => index + 1));
});
