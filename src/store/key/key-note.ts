import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SOURCES = ["environment", "keychain", "key-file"] as const;

/** Where the key of this home's store is. Not secret; spares later openings the probe of the keychain. */
export interface KeyNote {
  source: (typeof SOURCES)[number];
  /** Name of the keychain entry. */
  account?: string;
  /** Absolute path of the file that CLAUDE_ORCH_KEY_FILE named: agents open the store, too, and do not get that variable. */
  file?: string;
}

/** The note, or undefined when there is none that can be read: then the places are tried one after the other. */
export function readKeyNote(home: string): KeyNote | undefined {
  try {
    const { source, account, file } = JSON.parse(readFileSync(noteFile(home), "utf8")) as Record<string, unknown>;
    const known = SOURCES.find((candidate) => candidate === source);
    if (!known) return undefined;
    return {
      source: known,
      ...(typeof account === "string" ? { account } : {}),
      ...(typeof file === "string" ? { file } : {}),
    };
  } catch {
    return undefined;
  }
}

/** The caller holds the store's write lock: what a killed one left of its note is written over. */
export function writeKeyNote(home: string, note: KeyNote): void {
  const temporary = `${noteFile(home)}.new`;
  // On disk before the store is: without the note, nobody finds the keychain's entry again.
  writeFileSync(temporary, `${JSON.stringify(note)}\n`, { mode: 0o600, flush: true });
  renameSync(temporary, noteFile(home));
}

function noteFile(home: string): string {
  return join(home, "key-source.json");
}
