import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

export type Database = Kysely<Tables>;

/** Where a repository runs its queries: each on its own, or all inside one transaction. */
export interface Scope {
  read<T>(work: (database: Database) => Promise<T>): Promise<T>;
  /** Holds the write lock from its first statement on; all or nothing. */
  write<T>(work: (database: Database) => Promise<T>): Promise<T>;
}
