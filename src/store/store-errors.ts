import { AppError, type ErrorCode } from "../core/errors.ts";

/** Primary result codes of SQLite (https://sqlite.org/rescode.html). */
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const PROTOCOL = 15;
const NOTADB = 26;

/** Extended codes of writes that found no room: a quota or a file size limit is not reported as FULL. */
const WRITE_FAILURES: readonly number[] = [778, 1034, 1290, 1546, 4874];
const FOREIGN_KEY = 787;
const UNIQUE = 2067;

/** Translates an error of SQLite, and a full disk under a file beside it; anything else passes as it is. */
export function translateStoreError(error: unknown, file: string): unknown {
  const code = isFullDisk(error) ? FULL : resultCode(error);
  if (code === undefined) return error;
  const known = meaning(code);
  if (known === undefined) return error;
  return new AppError(known[0], `The store ${file} ${known[1]}`, { details: { file, sqliteCode: code }, cause: error });
}

/** Another connection holds the lock that was needed. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code !== undefined && [BUSY, LOCKED, PROTOCOL].includes(code & 0xff);
}

/** The row that a new row refers to does not exist. */
export function isForeignKeyViolation(error: unknown): boolean {
  return resultCode(error) === FOREIGN_KEY;
}

/** Another row has this value, which only one may have. */
export function isUniqueViolation(error: unknown): boolean {
  return resultCode(error) === UNIQUE;
}

function meaning(code: number): [ErrorCode, string] | undefined {
  switch (code & 0xff) {
    case BUSY:
    case LOCKED:
    case PROTOCOL:
      return ["STORE_LOCKED", "is held by another process"];
    case CORRUPT:
    case NOTADB:
      return ["STORE_CORRUPT", "is damaged"];
    case FULL:
      return ["STORE_FULL", "cannot grow: there is no room left"];
    case IOERR:
      return WRITE_FAILURES.includes(code)
        ? ["STORE_FULL", "cannot be written: no room, quota or size limit"]
        : ["STORE_CORRUPT", "cannot be read from its disk"];
    case READONLY:
    case CANTOPEN:
      return ["HOME_NOT_WRITABLE", "cannot be opened for writing"];
    default:
      return undefined;
  }
}

function isFullDisk(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === "ENOSPC" || code === "EDQUOT";
}

/** Both drivers carry SQLite's extended result code in `errcode`. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errcode } = error as Error & { errcode?: unknown };
  return typeof errcode === "number" ? errcode : undefined;
}
