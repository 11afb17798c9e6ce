import { resolve } from "node:path";
import type { RunOptions } from "../core/ports/process-runner.ts";
import { findExecutable, isExecutable } from "./find-executable.ts";

/** Becomes the program once a line comes in on file descriptor 3; ends when that is closed without one, as when we die. */
const HOLD = 'read -r line <&3 && exec "$@" 3<&-';

/**
 * A command that waits before it becomes the program, with the same pid and start time. Undefined where nothing can wait:
 * without `sh`, or where the program cannot be started anyway; its plain start then says why.
 */
export async function heldStart(
  file: string,
  args: readonly string[],
  { cwd = ".", env = process.env }: Pick<RunOptions, "cwd"> & { env?: NodeJS.ProcessEnv },
): Promise<{ file: string; args: string[] } | undefined> {
  if (process.platform === "win32") return undefined;
  const isThere = file.includes("/")
    ? await isExecutable(resolve(cwd, file))
    : (await findExecutable(file, env.PATH ?? "")) !== undefined;
  return isThere ? { file: "/bin/sh", args: ["-c", HOLD, "sh", file, ...args] } : undefined;
}
