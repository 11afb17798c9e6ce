import type { StoreHealth } from "../core/ports/store.ts";
import type { SqliteDatabase } from "./sqlite-library.ts";

/** The database's own check of pages, indexes and references; a file too damaged for the check is itself a finding. */
export function checkHealth(
  database: SqliteDatabase,
): Pick<StoreHealth, "schemaVersion" | "sqliteVersion" | "problems"> {
  const { version } = database.prepare("SELECT sqlite_version() AS version").get() as { version: string };
  return { sqliteVersion: version, schemaVersion: storedVersion(database), problems: problemsOf(database) };
}

function storedVersion(database: SqliteDatabase): number {
  return (database.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
}

function problemsOf(database: SqliteDatabase): string[] {
  try {
    const pages = database.prepare("PRAGMA integrity_check(20)").all() as { integrity_check: string }[];
    const references = database.prepare("PRAGMA foreign_key_check").all() as { table: string; parent: string }[];
    return [
      ...pages.map((row) => row.integrity_check).filter((text) => text !== "ok"),
      ...references.map((row) => `A row of ${row.table} refers to a row of ${row.parent} that does not exist`),
    ];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
