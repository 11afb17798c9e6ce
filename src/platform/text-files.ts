import { randomBytes } from "node:crypto";
import { lstat, mkdir, open, readFile, realpath, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

const MAX_BYTES = 4 * 1024 * 1024;

/** A text file as it was read. */
export interface FoundText {
  text: string;
  /** Epoch ms. */
  modifiedAt: number;
  /** False: it holds bytes that are no UTF-8, and writing the text back would change them. */
  isWhole: boolean;
  /** It, or a folder above it, is a link: the text may be anybody's. */
  isLinked: boolean;
}

/** A file's text; undefined where there is no such regular file, or none that can be read and is a few megabytes at most. */
export async function readTextIfThere(path: string): Promise<FoundText | undefined> {
  try {
    // A pipe or device would never end.
    const real = await realpath(path);
    const found = await lstat(real);
    if (!found.isFile() || found.size > MAX_BYTES) return undefined;
    const bytes = await readFile(path);
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    return { text, modifiedAt: found.mtimeMs, isWhole: Buffer.from(text).equals(bytes), isLinked: real !== path };
  } catch {
    return undefined;
  }
}

/**
 * Puts a text in the place of a file, whole or not at all, unless somebody has changed the file since it was read:
 * `expected` is what was read, undefined where there was no file. Folders are made, with 0700. A link is never followed, nor
 * written through a linked folder: whoever can put one into a codebase must not choose what we write to. Nor is a file
 * replaced that cannot be read: nobody knows what would be lost.
 */
export async function replaceText(
  path: string,
  text: string,
  expected: string | undefined,
): Promise<"written" | "changed" | "refused"> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await realpath(folder)) !== folder) return "refused";
  const before = await lstat(path).catch(() => undefined);
  if (before && !before.isFile()) return "refused";
  const fresh = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(fresh, "wx", before ? before.mode & 0o777 : 0o600);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    // At the very last: what is written between this look and the next step is all that could be lost.
    const now = await readTextIfThere(path);
    if (now?.text !== expected) return "changed";
    if (!now && (await lstat(path).catch(() => undefined))) return "refused";
    await rename(fresh, path);
    return "written";
  } finally {
    await rm(fresh, { force: true });
  }
}
