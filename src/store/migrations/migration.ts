import type { SqliteDatabase } from "../sqlite-library.ts";

/** One step of the schema. Steps are never changed once released; what is wrong with one is repaired by the next. */
export interface Migration {
  /** Number and name, as the file. */
  name: string;
  /** Runs inside a write transaction. */
  up(database: SqliteDatabase): void;
}
