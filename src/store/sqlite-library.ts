/** The part of `node:sqlite`'s interface that the store uses; @photostructure/sqlite has the same. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

export interface SqliteStatement {
  all(...parameters: unknown[]): unknown[];
  get(...parameters: unknown[]): unknown;
  run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(...parameters: unknown[]): IterableIterator<unknown>;
  columns(): unknown[];
}

export interface SqliteLibrary {
  name: "node:sqlite" | "@photostructure/sqlite";
  open(file: string): SqliteDatabase;
}

type DatabaseConstructor = new (file: string) => SqliteDatabase;

/** The only place that knows which SQLite runs. */
export async function loadSqlite(): Promise<SqliteLibrary> {
  if (hasSoundBuiltin()) {
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite") as unknown as {
      DatabaseSync: DatabaseConstructor;
    };
    return { name: "node:sqlite", open: (file) => new DatabaseSync(file) };
  }
  const { DatabaseSync } = await import("@photostructure/sqlite");
  return { name: "@photostructure/sqlite", open: (file) => new DatabaseSync(file) as unknown as SqliteDatabase };
}

/** On Node 22 the built-in one prints an ExperimentalWarning on every start (dependencies §4). */
function hasSoundBuiltin(): boolean {
  const { node, sqlite } = process.versions as Record<string, string | undefined>;
  return Number.parseInt(node ?? "0", 10) >= 24 && sqlite !== undefined && hasSafeWal(sqlite);
}

/** SQLite before 3.51.3 may lose commits when one process checkpoints while another writes (dependencies §4). */
export function hasSafeWal(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return major * 1_000_000 + minor * 1000 + patch >= 3_051_003;
}
