import { afterEach, beforeEach, expect, test } from "vitest";
import { MIGRATIONS, migrate, schemaVersion } from "../../src/store/migrations/migrate.ts";
import type { Migration } from "../../src/store/migrations/migration.ts";
import { loadSqlite, type SqliteDatabase } from "../../src/store/sqlite-library.ts";

let database: SqliteDatabase;
beforeEach(async () => {
  database = (await loadSqlite()).open(":memory:");
});
afterEach(() => database.close());

const more: Migration = { name: "0002-more", up: (target) => target.exec("CREATE TABLE more (id TEXT)") };
const STEPS = [...MIGRATIONS, more];

const recorded = () => database.prepare("SELECT name, value FROM facts ORDER BY name").all();

test("runs only the steps that are missing, and records each with its time", () => {
  migrate(database, schemaVersion(database, "f"), 10, MIGRATIONS);
  migrate(database, schemaVersion(database, "f", STEPS), 20, STEPS);

  expect(schemaVersion(database, "f", STEPS)).toBe(2);
  expect(recorded()).toEqual([
    { name: "migration 0001-initial", value: 10 },
    { name: "migration 0002-more", value: 20 },
  ]);
});

test("a schema with more steps than are known is refused", () => {
  migrate(database, 0, 10, STEPS);

  expect(() => schemaVersion(database, "f", MIGRATIONS)).toThrow(expect.objectContaining({ code: "STORE_TOO_NEW" }));
});

test("the steps' names are numbered in order", () => {
  expect(MIGRATIONS.map(({ name }) => Number(name.slice(0, 4)))).toEqual(MIGRATIONS.map((_, index) => index + 1));
});
