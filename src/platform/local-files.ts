import { readFile, realpath, stat } from "node:fs/promises";
import { AppError } from "../core/errors.ts";
import { readTextIfThere, replaceText } from "./text-files.ts";

/** The few questions operations ask of the file system (`Files` of operations/context.ts). */
export class LocalFiles {
  /** @throws SESSION_ROOT_MISSING, SESSION_ROOT_NOT_A_DIRECTORY */
  async realDirectory(path: string): Promise<string> {
    try {
      const real = await realpath(path);
      if ((await stat(real)).isDirectory()) return real;
    } catch (error) {
      if (codeOf(error) === "ENOTDIR") throw notADirectory(path, error);
      throw new AppError("SESSION_ROOT_MISSING", `The directory ${path} ${absence(error)}`, {
        details: { path },
        cause: error,
      });
    }
    throw notADirectory(path);
  }

  readonly readIfThere = readTextIfThere;
  readonly replace = replaceText;

  /** Text without its byte order mark. @throws FILE_NOT_FOUND, TEXT_NOT_UTF8 */
  async readText(path: string): Promise<string> {
    await refuseEndless(path);
    const bytes = await readFile(path).catch((error: unknown) => {
      throw new AppError("FILE_NOT_FOUND", `The file ${path} ${absence(error)}`, { details: { path }, cause: error });
    });
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch (error) {
      throw new AppError("TEXT_NOT_UTF8", `The file ${path} is not UTF-8 text`, { details: { path }, cause: error });
    }
  }
}

/**
 * A named pipe that nobody writes into blocks a thread of Node's for good, and with it even process.exit(); a device never
 * ends. What the shell makes of `<(command)` is a pipe below /dev that somebody writes into.
 */
async function refuseEndless(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found || found.isFile() || found.isDirectory() || (found.isFIFO() && path.startsWith("/dev/"))) return;
  throw new AppError("FILE_NOT_FOUND", `${path} is a pipe or a device, not a file`, {
    hint: "Send what it holds on standard input, with '-'.",
    details: { path },
  });
}

function notADirectory(path: string, cause?: unknown): AppError {
  return new AppError("SESSION_ROOT_NOT_A_DIRECTORY", `${path} is not a directory`, { details: { path }, cause });
}

function absence(error: unknown): string {
  switch (codeOf(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return "does not exist";
    case "EACCES":
    case "EPERM":
      return "may not be read";
    case "EISDIR":
      return "is a directory";
    default:
      return `cannot be read (${codeOf(error) ?? String(error)})`;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
