import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SOURCES = ["environment", "keychain", "key-file"] as const;

/** Where the key of this home's store is. Not secret; spares later openings the probe of the keychain. */
export interface KeyNote {
  source: (typeof SOURCES)[number];
  /** Name of the keychain entry. */
  account?: string;
}

/** The note, or undefined when there is none that can be read: then the places are tried one after the other. */
export function readKeyNote(home: string): KeyNote | undefined {
  try {
    const { source, account } = JSON.parse(readFileSync(noteFile(home), "utf8")) as Record<string, unknown>;
    const known = SOURCES.find((candidate) => candidate === source);
    return known && { source: known, ...(typeof account === "string" ? { account } : {}) };
  } catch {
    return undefined;
  }
}

export function writeKeyNote(home: string, note: KeyNote): void {
  const temporary = `${noteFile(home)}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(note)}\n`, { mode: 0o600 });
  renameSync(temporary, noteFile(home));
}

function noteFile(home: string): string {
  return join(home, "key-source.json");
}
