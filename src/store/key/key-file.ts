import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { AppError } from "../../core/errors.ts";

export const KEY_BYTES = 32;

/**
 * The key in the file, or undefined when there is no file. 64 hexadecimal digits, or the 32 bytes themselves.
 * @throws STORE_KEY_UNSAFE when others can read it or own it, STORE_KEY_WRONG when it holds no key
 */
export function readKeyFile(file: string): Buffer | undefined {
  const descriptor = openExisting(file);
  if (descriptor === undefined) return undefined;
  try {
    // Checked on the open file: what is judged is what is read.
    checkOwner(descriptor, file);
    return parseKey(readFileSync(descriptor), file);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Writes a new key file (0600), on disk before it returns; never over an existing one. What cannot be written whole is not
 * left there. @throws STORE_KEY_MISSING where no file can be made; ENOSPC
 */
export function createKeyFile(file: string, key: Buffer): void {
  const descriptor = openNew(file);
  try {
    writeFileSync(descriptor, `${key.toString("hex")}\n`);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Who is killed between the making and the writing of a key leaves an empty file: nothing was ever sealed with it. */
export function removeUnfinishedKey(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile() && found.size === 0) rmSync(file);
}

/** @throws STORE_KEY_WRONG */
export function parseKey(bytes: Buffer, place: string): Buffer {
  if (bytes.length === KEY_BYTES) return bytes;
  const text = bytes.toString("latin1").trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  throw new AppError("STORE_KEY_WRONG", `${place} does not hold a key of ${KEY_BYTES} bytes`, {
    hint: "Put back the key that this store was made with: 64 hexadecimal digits.",
    details: { place },
  });
}

function openNew(file: string): number {
  try {
    return openSync(file, "wx", 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC" || code === "EDQUOT") throw error;
    throw new AppError("STORE_KEY_MISSING", `The key file ${file} cannot be made (${code})`, {
      hint: "Make sure that its folder exists and that you may write there.",
      details: { file },
      cause: error,
    });
  }
}

function openExisting(file: string): number | undefined {
  try {
    // A pipe in its place must not make us wait for its other end. (Windows has no such flag.)
    return openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new AppError("STORE_KEY_UNSAFE", `The key file ${file} cannot be read (${code})`, {
      details: { file },
      cause: error,
    });
  }
}

function checkOwner(descriptor: number, file: string): void {
  const { uid, mode, size } = fstatSync(descriptor);
  const problem = problemOf(uid, mode);
  if (problem !== undefined) {
    throw new AppError("STORE_KEY_UNSAFE", `The key file ${file} ${problem}`, {
      details: { file, mode: mode & 0o777, size },
    });
  }
}

function problemOf(uid: number, mode: number): string | undefined {
  if ((mode & constants.S_IFMT) !== constants.S_IFREG) return "is not a regular file";
  if (process.platform === "win32") return undefined;
  if (process.getuid !== undefined && uid !== process.getuid()) return "belongs to another user";
  return (mode & 0o077) === 0 ? undefined : "can be read by other users";
}
