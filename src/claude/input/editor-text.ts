import { access, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "../../core/ports/clock.ts";
import type { Ids } from "../../core/ports/ids.ts";
import { writePrivateFile } from "../launch/private-file.ts";

/** How long a prepared text may wait for its Ctrl-G: the editor script throws it away afterwards. */
const LIFE_MS = 15_000;
const POLL_MS = 2;

export interface EditorTextOptions {
  /** The agent's folder for prepared texts. */
  folder: string;
  clock: Clock;
  ids: Ids;
}

/**
 * Prepares a text for the agent's editor script; the next Ctrl-G fetches it. The returned function resolves true once
 * it was fetched, false when it was not in time and has been withdrawn.
 */
export async function prepareEditorText(
  text: string,
  options: EditorTextOptions,
): Promise<(signal?: AbortSignal) => Promise<boolean>> {
  const { clock } = options;
  const deadline = clock.now() + LIFE_MS;
  // What a dead process left behind would be fetched instead of this one.
  await withdrawEditorTexts(options.folder);
  const file = path.join(options.folder, `${Math.floor(deadline / 1000)}-${options.ids.next("nce")}.text`);
  await writePrivateFile(file, text);

  return async (signal) => {
    try {
      while (clock.now() < deadline - 1000) {
        if (!(await exists(file))) return true;
        await clock.sleep(POLL_MS, signal);
      }
      return !(await withdraw(file));
    } catch (error) {
      await withdraw(file);
      throw error;
    }
  };
}

/** Takes back all prepared texts that were not fetched; true when there were any. */
export async function withdrawEditorTexts(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  const prepared = names.filter((name) => name.endsWith(".text"));
  const withdrawn = await Promise.all(prepared.map((name) => withdraw(path.join(folder, name))));
  return withdrawn.includes(true);
}

/** Whoever moves the file has the text: false when the editor was faster. */
async function withdraw(file: string): Promise<boolean> {
  try {
    await rename(file, `${file}.withdrawn`);
  } catch {
    return false;
  }
  await rm(`${file}.withdrawn`, { force: true });
  return true;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
