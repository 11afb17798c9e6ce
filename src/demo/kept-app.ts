import { access, constants, cp, mkdir, readdir } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { AppError } from "../core/errors.ts";

/**
 * The absolute path of a folder that the app may be copied to: one that is empty, or can be made.
 * @throws INVALID_INPUT
 */
export async function placeToKeep(folder: string): Promise<string> {
  const path = resolve(folder);
  const entries = await readdir(path).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw refused(`${path} is not a folder that can be read`, error);
  });
  if (entries.length > 0) throw refused(`${path} is not empty`);
  await assertWritable(path);
  return path;
}

/** Looked at before the app is built: without a place it would be lost. */
async function assertWritable(path: string): Promise<void> {
  try {
    await access(path, constants.W_OK);
  } catch (error) {
    if (!isMissing(error)) throw refused(`Nothing can be written to ${path}`, error);
    await assertWritable(dirname(path));
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

function refused(message: string, cause?: unknown): AppError {
  return new AppError("INVALID_INPUT", message, {
    hint: "Name a folder that does not exist yet, in one of yours.",
    cause,
  });
}

/** Paths of the app's files in the project, in order: all but what lies in folders with a dot. */
export async function appFiles(project: string): Promise<string[]> {
  const entries = await readdir(project, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(project, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith("."))
    .sort();
}

/** Copies the files to where `placeToKeep` has looked. */
export async function keepApp(project: string, files: readonly string[], folder: string): Promise<void> {
  await makeFolder(folder);
  for (const file of files) await cp(join(project, file), join(folder, file), { errorOnExist: true, force: false });
}

/** Step by step: Node's recursive way never ends where nothing can be made, as below /proc (seen in 20.20). */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return;
    if (!isMissing(error) || dirname(path) === path) throw refused(`${path} cannot be made`, error);
    await makeFolder(dirname(path));
    await mkdir(path).catch((again: unknown) => {
      throw refused(`${path} cannot be made`, again);
    });
  }
}
