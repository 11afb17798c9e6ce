import { closeSync, constants, openSync, statSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Ids } from "../core/ports/ids.ts";
import type { Keychain } from "../core/ports/keychain.ts";
import { type Logger, silentLogger } from "../core/ports/logger.ts";
import type { Store } from "../core/ports/store.ts";
import { FieldCipher } from "./cipher.ts";
import { readKeyNote } from "./key/key-note.ts";
import { existingKey, keyForNewStore, noteNamedKey, type StoreKey } from "./key/store-key.ts";
import { MIGRATIONS, migrate, schemaVersion } from "./migrations/migrate.ts";
import { hasSafeWal, loadSqlite, type SqliteDatabase } from "./sqlite-library.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { translateStoreError } from "./store-errors.ts";
import { BUSY_TIMEOUT_MS, whileBusy } from "./while-busy.ts";

export interface OpenStoreOptions {
  /** Our home folder; it exists and is ours (platform/paths `openHome`). */
  home: string;
  environment: Record<string, string>;
  clock: Clock;
  ids: Ids;
  /** Left out: the key lies in a file. */
  keychain?: Keychain;
  /** Rung after each commit that changed something. */
  doorbell?: { ring(): void };
  logger?: Logger;
  /** How long to wait for the lock of another process. Default 5 s. */
  lockTimeoutMs?: number;
}

const LOCK_TIMEOUT_MS = 5_000;
const CANARY = "claude-orch";
const CANARY_PLACE = "facts.value:canary";

/**
 * Opens the store of this home, making file, schema and key where there are none yet.
 * @throws STORE_LOCKED, STORE_FULL, STORE_CORRUPT, STORE_TOO_NEW, STORE_KEY_MISSING, STORE_KEY_WRONG, STORE_KEY_UNSAFE
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const file = join(options.home, "store.db");
  const lockTimeoutMs = options.lockTimeoutMs ?? LOCK_TIMEOUT_MS;
  const library = await loadSqlite();
  let database: SqliteDatabase | undefined;
  try {
    const before = createFile(file);
    const opened = library.open(file);
    database = opened;
    await whileBusy(options.clock, lockTimeoutMs, () => configure(opened));
    const version = await whileBusy(options.clock, lockTimeoutMs, () => schemaVersion(opened, file));
    if (version < MIGRATIONS.length) await upgrade(opened, file, before, options, lockTimeoutMs);
    const { key, source } = await existingKey(places(options));
    const cipher = new FieldCipher({ key, random: (bytes) => options.ids.random(bytes) });
    checkCanary(opened, cipher, file);
    noteNamedKey(places(options));
    return new SqliteStore({
      database: opened,
      driver: library.name,
      file,
      keySource: source,
      cipher,
      clock: options.clock,
      lockTimeoutMs,
      onCommit: () => options.doorbell?.ring(),
    });
  } catch (error) {
    closeQuietly(database);
    const translated = translateStoreError(error, file);
    (options.logger ?? silentLogger).error("store-not-opened", { error: translated });
    throw translated;
  }
}

type FileBefore = "missing" | "empty" | "filled";

/** Makes the file for its owner alone before SQLite opens it (its -wal and -shm follow that mode); returns what was there. */
function createFile(file: string): FileBefore {
  try {
    closeSync(openSync(file, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, 0o600));
    return "missing";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A link that leads nowhere is there, and is nothing.
    if (code === "EEXIST") return statSync(file, { throwIfNoEntry: false })?.size === 0 ? "empty" : "filled";
    const kind = code === "ENOSPC" || code === "EDQUOT" ? "STORE_FULL" : "HOME_NOT_WRITABLE";
    throw new AppError(kind, `The store ${file} cannot be created (${code})`, { details: { file }, cause: error });
  }
}

/**
 * A commit is on disk before it is reported (FULL): what is journalled here are messages that must survive a power cut,
 * and they are rare; NORMAL would only survive the crash of a process.
 */
function configure(database: SqliteDatabase): void {
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  const { journal_mode: mode } = database.prepare("PRAGMA journal_mode").get() as { journal_mode: string };
  const wanted = hasSafeWal(sqliteVersion(database)) ? "wal" : "truncate";
  if (mode !== wanted) database.exec(`PRAGMA journal_mode = ${wanted}`);
  database.exec("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF");
}

/** Makes or renews the schema under the write lock; processes that come at the same time wait and find it done. */
async function upgrade(
  database: SqliteDatabase,
  file: string,
  before: FileBefore,
  options: OpenStoreOptions,
  lockTimeoutMs: number,
): Promise<void> {
  await whileBusy(options.clock, lockTimeoutMs, () => database.exec("BEGIN IMMEDIATE"));
  try {
    const version = schemaVersion(database, file);
    if (version === 0) {
      checkReallyNew(database, file, before, options.home);
      const storeKey = await keyForNewStore(places(options));
      migrate(database, 0, options.clock.now());
      writeCanary(database, storeKey, options.ids);
    } else {
      migrate(database, version, options.clock.now());
    }
    database.exec("COMMIT");
  } catch (error) {
    try {
      database.exec("ROLLBACK");
    } catch {
      // SQLite has done it already; the first error counts.
    }
    throw error;
  }
}

/** An emptied file looks like a new one to SQLite; starting over would bury what may still be recovered. */
function checkReallyNew(database: SqliteDatabase, file: string, before: FileBefore, home: string): void {
  const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get() as { tables: number };
  // The note is written when the file has its header already, so that a crash while it is made does not look like this.
  const wasEmptied = before === "empty" && readKeyNote(home) !== undefined;
  if (tables === 0 && !wasEmptied) return;
  throw new AppError("STORE_CORRUPT", `The file ${file} is not a store, or has been emptied`, { details: { file } });
}

function writeCanary(database: SqliteDatabase, { key }: StoreKey, ids: Ids): void {
  const sealed = new FieldCipher({ key, random: (bytes) => ids.random(bytes) }).seal(CANARY_PLACE, CANARY);
  database.prepare("INSERT INTO facts (name, value) VALUES ('canary', ?)").run(sealed);
}

function checkCanary(database: SqliteDatabase, cipher: FieldCipher, file: string): void {
  const row = database.prepare("SELECT value FROM facts WHERE name = 'canary'").get() as { value: unknown } | undefined;
  if (!(row?.value instanceof Uint8Array)) {
    throw new AppError("STORE_CORRUPT", `The store ${file} has lost its check value`, { details: { file } });
  }
  if (cipher.tryOpen(CANARY_PLACE, row.value) === CANARY) return;
  throw new AppError("STORE_KEY_WRONG", `The key does not fit the store ${file}`, { details: { file } });
}

function places({ home, environment, ids, keychain }: OpenStoreOptions) {
  return { home, environment, ids, keychain };
}

export function sqliteVersion(database: SqliteDatabase): string {
  return (database.prepare("SELECT sqlite_version() AS version").get() as { version: string }).version;
}

function closeQuietly(database: SqliteDatabase | undefined): void {
  try {
    database?.close();
  } catch {
    // The error that led here is the one to report.
  }
}
