import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Keychain } from "../../src/core/ports/keychain.ts";
import { openTestStore, type TestStore, temporaryHome } from "../support/open-test-store.ts";
import { makeSession } from "../support/store-records.ts";

let opened: TestStore;
beforeEach(async () => {
  opened = await openTestStore();
  await opened.store.sessions.insert(makeSession());
});
afterEach(() => opened.remove());

const keyFile = () => join(opened.home, "key");

class MemoryKeychain implements Keychain {
  readonly entries = new Map<string, string>();
  probes = 0;
  async isUsable(): Promise<boolean> {
    this.probes += 1;
    return true;
  }
  async get(account: string): Promise<string | undefined> {
    return this.entries.get(account);
  }
  async set(account: string, secret: string): Promise<void> {
    this.entries.set(account, secret);
  }
}

test("R1-33: the first opening makes a key file for its owner alone, later ones keep it", async () => {
  const key = readFileSync(keyFile(), "utf8");
  await opened.openAgain();

  expect(key).toMatch(/^[0-9a-f]{64}\n$/);
  expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
  expect(readFileSync(keyFile(), "utf8")).toBe(key);
  expect((await opened.store.health()).keySource).toBe("key-file");
});

test("R1-33: a wrong key is refused, the store stays as it is and opens again with the right one", async () => {
  const right = readFileSync(keyFile());
  writeFileSync(keyFile(), "ab".repeat(32));

  await expect(opened.openAgain()).rejects.toMatchObject({ code: "STORE_KEY_WRONG", exitCode: 5 });

  writeFileSync(keyFile(), "not a key");
  await expect(opened.openAgain()).rejects.toMatchObject({ code: "STORE_KEY_WRONG" });
  writeFileSync(keyFile(), right);
  expect(await (await opened.openAgain()).sessions.list()).toEqual([makeSession()]);
});

test("a missing key is never replaced by a new one", async () => {
  rmSync(keyFile());

  await expect(opened.openAgain()).rejects.toMatchObject({ code: "STORE_KEY_MISSING" });

  expect(readdirSync(opened.home)).not.toContain("key");
});

test("a key file that others can read, and a home that others can write, are refused", async () => {
  chmodSync(keyFile(), 0o640);
  await expect(opened.openAgain()).rejects.toMatchObject({ code: "STORE_KEY_UNSAFE" });
  chmodSync(keyFile(), 0o600);

  chmodSync(opened.home, 0o777);
  await expect(opened.openAgain()).rejects.toMatchObject({ code: "STORE_KEY_UNSAFE" });
  chmodSync(opened.home, 0o700);

  await opened.openAgain();
});

test.runIf(process.getuid?.() === 0)("a key file of another user is refused", async () => {
  chownSync(keyFile(), 12345, 12345);

  await expect(opened.openAgain()).rejects.toMatchObject({ code: "STORE_KEY_UNSAFE" });
});

test("a folder in the place of the key file is refused", async () => {
  rmSync(keyFile());
  mkdirSync(keyFile());

  await expect(opened.openAgain()).rejects.toMatchObject({ code: "STORE_KEY_UNSAFE" });
});

test("CLAUDE_ORCH_KEY_FILE goes before everything; 32 raw bytes are a key too", async () => {
  const home = temporaryHome();
  const named = join(home, "named-key");
  writeFileSync(named, Buffer.alloc(32, 7), { mode: 0o600 });
  const other = await openTestStore({ home, environment: { CLAUDE_ORCH_KEY_FILE: named } });
  try {
    expect((await other.store.health()).keySource).toBe("environment");
    expect(readdirSync(home)).not.toContain("key");
    rmSync(named);
    await expect(other.openAgain()).rejects.toMatchObject({ code: "STORE_KEY_MISSING" });
  } finally {
    await other.remove();
  }
});

test("a working keychain holds the key, and is probed only once", async () => {
  const keychain = new MemoryKeychain();
  const other = await openTestStore({ keychain });
  try {
    await other.openAgain();

    expect((await other.store.health()).keySource).toBe("keychain");
    expect(readdirSync(other.home)).not.toContain("key");
    expect(keychain.probes).toBe(1);

    keychain.entries.clear();
    await expect(other.openAgain()).rejects.toMatchObject({ code: "STORE_KEY_MISSING" });
    keychain.get = () => Promise.reject(new Error("locked"));
    await expect(other.openAgain()).rejects.toMatchObject({ code: "STORE_KEY_MISSING" });
  } finally {
    await other.remove();
  }
});

test("a keychain that does not work leaves the key in a file", async () => {
  const keychain = new MemoryKeychain();
  keychain.isUsable = async () => false;
  const other = await openTestStore({ keychain });
  try {
    expect((await other.store.health()).keySource).toBe("key-file");
    expect(keychain.entries.size).toBe(0);
  } finally {
    await other.remove();
  }
});

test("whoever is killed while making the first key does not lock the home for good; a lost key is still one", async () => {
  const home = temporaryHome();
  writeFileSync(join(home, "key"), "", { mode: 0o600 });
  const other = await openTestStore({ home });
  try {
    expect(readFileSync(join(home, "key"), "utf8")).toMatch(/^[0-9a-f]{64}\n$/);

    writeFileSync(join(home, "key"), "");
    await expect(other.openAgain()).rejects.toMatchObject({ code: "STORE_KEY_WRONG" });
    expect(readFileSync(join(home, "key"), "utf8")).toBe("");
  } finally {
    await other.remove();
  }
});

test("a named key file that cannot be made is named, and the home opens once it can", async () => {
  const home = temporaryHome();
  const named = join(home, "keys", "named");
  const environment = { CLAUDE_ORCH_KEY_FILE: named };
  await expect(openTestStore({ home, environment })).rejects.toMatchObject({
    code: "STORE_KEY_MISSING",
    message: expect.stringContaining(named),
  });

  mkdirSync(join(home, "keys"));
  const other = await openTestStore({ home, environment });
  expect((await other.store.health()).keySource).toBe("environment");
  await other.remove();
});

test.runIf(process.platform === "linux")("no room for what stands beside the store is a full disk, too", async () => {
  const home = temporaryHome();
  symlinkSync("/dev/full", join(home, "key-source.json.new"));
  await expect(openTestStore({ home })).rejects.toMatchObject({ code: "STORE_FULL" });

  rmSync(join(home, "key-source.json.new"));
  const other = await openTestStore({ home });
  expect((await other.store.health()).keySource).toBe("key-file");
  await other.remove();
});

test("a named key is found without the variable, too, which agents do not get; also after it was moved", async () => {
  const home = temporaryHome();
  const [first, second] = [join(home, "first"), join(home, "second")];
  const other = await openTestStore({ home, environment: { CLAUDE_ORCH_KEY_FILE: relative(process.cwd(), first) } });
  try {
    expect((await (await other.openAgain({ environment: {} })).health()).keySource).toBe("environment");

    renameSync(first, second);
    await expect(other.openAgain({ environment: {} })).rejects.toMatchObject({
      code: "STORE_KEY_MISSING",
      message: expect.stringContaining(first),
    });
    await other.openAgain({ environment: { CLAUDE_ORCH_KEY_FILE: second } });
    await other.openAgain({ environment: {} });
  } finally {
    await other.remove();
  }
});
