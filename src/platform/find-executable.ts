import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

/** Absolute path of the first executable file of this name on `path` (a PATH string), or undefined. */
export async function findExecutable(name: string, path: string): Promise<string | undefined> {
  if (name === "") return undefined;
  if (name.includes("/") || isAbsolute(name)) return (await isExecutable(name)) && isAbsolute(name) ? name : undefined;
  // Relative PATH entries are skipped: they would make the answer depend on the folder we happen to be in.
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    for (const suffix of suffixes()) {
      const candidate = join(folder, name + suffix);
      if (await isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

function suffixes(): string[] {
  return process.platform === "win32" ? [".exe", ".cmd", ".bat", ""] : [""];
}

/** A regular file that we may execute. */
export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
