import { rename, rm, writeFile } from "node:fs/promises";

/**
 * Writes a file that only its owner may read, completely or not at all. It is born with its mode: a file that already
 * stands there would keep a mode that somebody else gave it.
 */
export async function writePrivateFile(file: string, text: string, mode: 0o600 | 0o700 = 0o600): Promise<void> {
  const draft = `${file}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, text, { mode, flag: "wx" });
  await rename(draft, file);
}
