import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { AppError } from "../../core/errors.ts";
import type { Ids } from "../../core/ports/ids.ts";
import type { Keychain } from "../../core/ports/keychain.ts";
import { createKeyFile, KEY_BYTES, parseKey, readKeyFile, removeUnfinishedKey } from "./key-file.ts";
import { readKeyNote, writeKeyNote } from "./key-note.ts";

export interface StoreKey {
  key: Buffer;
  source: "environment" | "keychain" | "key-file";
}

interface KeyPlaces {
  home: string;
  environment: Record<string, string>;
  ids: Pick<Ids, "random">;
  keychain: Keychain | undefined;
}

/** Entry of the keychain that a home uses unless its note names another. */
const KEYCHAIN_ACCOUNT_BYTES = 8;

/**
 * The key of an existing store: CLAUDE_ORCH_KEY_FILE, else where the note says, else the key file. Never makes one.
 * @throws STORE_KEY_MISSING, STORE_KEY_UNSAFE, STORE_KEY_WRONG
 */
export async function existingKey(places: KeyPlaces): Promise<StoreKey> {
  const found = await findKey(places);
  if (found !== undefined) return found;
  const place = describePlace(places);
  throw new AppError("STORE_KEY_MISSING", `The store's key is not there any more (${place})`, { details: { place } });
}

/**
 * The key for a new store: one that is there already, else a new one, in the keychain if that works, else in a file.
 * The caller holds the store's write lock, so that two processes do not make two keys.
 */
export async function keyForNewStore(places: KeyPlaces): Promise<StoreKey> {
  // Not a named file: another home may be writing it at this moment.
  removeUnfinishedKey(homeKeyFile(places.home));
  const found = (await findKey(places)) ?? (await makeKey(places));
  const file = namedFile(places);
  if (found.source !== "keychain") writeKeyNote(places.home, { source: found.source, ...(file ? { file } : {}) });
  return found;
}

/** Once the key has turned out to be the right one: where it was moved to is where those without the variable find it. */
export function noteNamedKey(places: KeyPlaces): void {
  const file = namedFile(places);
  const note = readKeyNote(places.home);
  if (file === undefined || note?.source !== "environment" || note.file === file) return;
  try {
    writeKeyNote(places.home, { source: "environment", file });
  } catch {
    // Another process does the same at this moment, or there is no room: whoever has the variable needs no note.
  }
}

async function findKey(places: KeyPlaces): Promise<StoreKey | undefined> {
  const named = namedFile(places);
  if (named !== undefined) return withSource("environment", readKeyFile(named));
  const note = readKeyNote(places.home);
  if (note?.source === "environment" && note.file !== undefined) {
    return withSource("environment", readKeyFile(note.file));
  }
  if (note?.source === "keychain") return withSource("keychain", await fromKeychain(places.keychain, note.account));
  return withSource("key-file", readHomeKey(places.home));
}

async function makeKey(places: KeyPlaces): Promise<StoreKey> {
  const key = places.ids.random(KEY_BYTES);
  const named = namedFile(places);
  if (named !== undefined) {
    createKeyFile(named, key);
    return { key, source: "environment" };
  }
  if (places.keychain !== undefined && (await places.keychain.isUsable())) {
    const account = `store-${places.ids.random(KEYCHAIN_ACCOUNT_BYTES).toString("hex")}`;
    await places.keychain.set(account, key.toString("hex"));
    writeKeyNote(places.home, { source: "keychain", account });
    return { key, source: "keychain" };
  }
  createKeyFile(homeKeyFile(places.home), key);
  return { key, source: "key-file" };
}

function withSource(source: StoreKey["source"], key: Buffer | undefined): StoreKey | undefined {
  return key === undefined ? undefined : { key, source };
}

async function fromKeychain(keychain: Keychain | undefined, account: string | undefined): Promise<Buffer | undefined> {
  if (keychain === undefined || account === undefined) return undefined;
  let secret: string | undefined;
  try {
    secret = await keychain.get(account);
  } catch (error) {
    throw new AppError("STORE_KEY_MISSING", "The keychain that holds the store's key cannot be read", {
      hint: "Unlock the keychain, or run this where your desktop session is reachable.",
      details: { account },
      cause: error,
    });
  }
  return secret === undefined ? undefined : parseKey(Buffer.from(secret), `The keychain entry ${account}`);
}

function readHomeKey(home: string): Buffer | undefined {
  const key = readKeyFile(homeKeyFile(home));
  // Whoever can write into the folder can put another key in its place.
  if (key !== undefined && process.platform !== "win32" && (statSync(home).mode & 0o022) !== 0) {
    throw new AppError("STORE_KEY_UNSAFE", `Other users can write into ${home}, which holds the store's key`, {
      hint: "Make the folder yours alone: chmod 700.",
      details: { home },
    });
  }
  return key;
}

function namedFile({ environment }: Pick<KeyPlaces, "environment">): string | undefined {
  const { CLAUDE_ORCH_KEY_FILE: named } = environment;
  return named ? resolve(named) : undefined;
}

function describePlace({ home, environment }: KeyPlaces): string {
  const named = namedFile({ environment });
  if (named !== undefined) return named;
  const note = readKeyNote(home);
  switch (note?.source) {
    case "keychain":
      return `keychain entry ${note.account}`;
    case "environment":
      return note.file ?? "the file that CLAUDE_ORCH_KEY_FILE named";
    default:
      return homeKeyFile(home);
  }
}

function homeKeyFile(home: string): string {
  return join(home, "key");
}
