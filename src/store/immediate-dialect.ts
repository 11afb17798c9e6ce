import { CompiledQuery, type DatabaseConnection, type Driver, SqliteDialect, SqliteDriver } from "kysely";
import type { SqliteDatabase } from "./sqlite-library.ts";

interface ImmediateDialectOptions {
  database: SqliteDatabase;
  /** Repeats its argument as long as the database is locked. */
  retry(attempt: () => Promise<void>): Promise<void>;
}

/** Kysely's SQLite dialect over a `node:sqlite`-shaped database, with write transactions that take their lock first. */
export class ImmediateDialect extends SqliteDialect {
  readonly #options: ImmediateDialectOptions;

  constructor(options: ImmediateDialectOptions) {
    super({ database: adapted(options.database) });
    this.#options = options;
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#options);
  }
}

class ImmediateDriver extends SqliteDriver {
  readonly #options: ImmediateDialectOptions;

  constructor(options: ImmediateDialectOptions) {
    super({ database: adapted(options.database) });
    this.#options = options;
  }

  /** A plain `begin` that reads first and writes after another's commit fails at once, whatever the busy timeout (dependencies §4). */
  override beginTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#options.retry(async () => {
      await connection.executeQuery(CompiledQuery.raw("begin immediate"));
    });
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await connection.executeQuery(CompiledQuery.raw("rollback"));
    } catch {
      // After a full disk SQLite has rolled back by itself; the error that led here is the one to report.
    }
  }
}

/** More texts than all repositories have; what is left over is prepared anew. */
const MAX_STATEMENTS = 200;

function adapted(database: SqliteDatabase) {
  const statements = new Map<string, ReturnType<typeof prepare>>();
  const prepare = (sql: string) => {
    const statement = database.prepare(sql);
    return {
      reader: statement.columns().length > 0,
      all: (parameters: readonly unknown[]) => statement.all(...parameters),
      run: (parameters: readonly unknown[]) => statement.run(...parameters),
      iterate: (parameters: readonly unknown[]) => statement.iterate(...parameters),
    };
  };
  return {
    close: () => database.close(),
    /** Preparing costs more than most of these statements: each text is prepared once. `all` and `run` leave nothing open. */
    prepare: (sql: string) => {
      const known = statements.get(sql);
      if (known) return known;
      const made = prepare(sql);
      if (statements.size < MAX_STATEMENTS) statements.set(sql, made);
      return made;
    },
  };
}
