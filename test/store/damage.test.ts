import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MIGRATIONS } from "../../src/store/migrations/migrate.ts";
import { hasSafeWal, loadSqlite } from "../../src/store/sqlite-library.ts";
import { bundleScript } from "../support/bundle-script.ts";
import { openTestStore, type TestStore, temporaryHome } from "../support/open-test-store.ts";
import { makeAgent, makeMessage, makeSession } from "../support/store-records.ts";

let opened: TestStore;
beforeEach(async () => {
  opened = await openTestStore();
  await opened.store.sessions.insert(makeSession());
  await opened.store.agents.insert(makeAgent());
});
afterEach(() => opened.remove());

/** A home of its own with a copy of the store, all of it in the main file. */
async function copiedHome(): Promise<{ home: string; file: string }> {
  const database = (await loadSqlite()).open(opened.file);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
  const home = join(opened.home, "copy");
  mkdirSync(home, { mode: 0o700 });
  for (const name of ["store.db", "key", "key-source.json"]) copyFileSync(join(opened.home, name), join(home, name));
  return { home, file: join(home, "store.db") };
}

test("a store of a newer version is left alone", async () => {
  const database = (await loadSqlite()).open(opened.file);
  database.exec("PRAGMA user_version = 99");

  await expect(opened.openAgain()).rejects.toMatchObject({ code: "STORE_TOO_NEW", exitCode: 5 });

  database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  database.close();
  expect(await (await opened.openAgain()).sessions.list()).toHaveLength(1);
});

test("bytes that are no database are named as such and left untouched", async () => {
  const { home, file } = await copiedHome();
  const garbage = Buffer.alloc(9000, "no database ");
  writeFileSync(file, garbage);

  await expect(opened.openAgain({ home })).rejects.toMatchObject({ code: "STORE_CORRUPT" });

  expect(readFileSync(file).equals(garbage)).toBe(true);
});

test("an emptied file is not taken for a new store", async () => {
  const { home, file } = await copiedHome();
  truncateSync(file, 0);

  await expect(opened.openAgain({ home })).rejects.toMatchObject({ code: "STORE_CORRUPT" });
});

test("a truncated file is found out, at the opening or at the reading", async () => {
  const { home, file } = await copiedHome();
  truncateSync(file, 8192);

  const reading = opened.openAgain({ home }).then((store) => store.agents.list());

  await expect(reading).rejects.toMatchObject({ code: "STORE_CORRUPT" });
});

test("a database that is not ours is not changed", async () => {
  const home = temporaryHome();
  const foreign = (await loadSqlite()).open(join(home, "store.db"));
  try {
    foreign.exec("CREATE TABLE theirs (id)");

    await expect(opened.openAgain({ home })).rejects.toMatchObject({ code: "STORE_CORRUPT" });

    expect(foreign.prepare("SELECT name FROM sqlite_schema").all()).toEqual([{ name: "theirs" }]);
  } finally {
    foreign.close();
    rmSync(home, { recursive: true });
  }
});

test("damage is named by the store's own check", async () => {
  for (let index = 0; index < 40; index++) {
    await opened.store.messages.insert(makeMessage({ id: `msg_${index}`, text: "x".repeat(3000) }));
  }
  const { home, file } = await copiedHome();
  const bytes = readFileSync(file);
  bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 8192);
  writeFileSync(file, bytes);

  const { problems } = await (await opened.openAgain({ home })).health();

  expect(problems.length).toBeGreaterThan(0);
});

test("health of a sound store", async () => {
  const health = await opened.store.health();

  expect(health).toMatchObject({ path: opened.file, schemaVersion: MIGRATIONS.length, problems: [] });
  expect(hasSafeWal(health.sqliteVersion)).toBe(true);
});

test("a held lock is waited for within the bound, then named; nothing is lost", async () => {
  const holder = (await loadSqlite()).open(opened.file);
  const impatient = await opened.openAgain({ lockTimeoutMs: 100 });
  holder.exec("BEGIN IMMEDIATE");

  await expect(impatient.messages.insert(makeMessage())).rejects.toMatchObject({ code: "STORE_LOCKED", exitCode: 5 });
  expect(await impatient.sessions.list()).toHaveLength(1);

  holder.exec("COMMIT");
  holder.close();
  expect((await impatient.messages.insert(makeMessage())).seq).toBe(1);
});

test("a full disk is named; what was stored before stays, and what comes after room is made is stored", async () => {
  const folder = mkdtempSync(join(tmpdir(), "claude-orch-full-"));
  try {
    const script = await bundleScript(new URL("./store-child.ts", import.meta.url), folder);
    // The limit (blocks of 512 or 1024 bytes) ends writes with EFBIG, as a quota does; the signal would end the process.
    const argv = ["-c", `trap '' XFSZ; ulimit -f 2048; exec "$0" "$@"`, process.execPath, script, opened.home, "fill"];
    const result = spawnSync("/bin/sh", argv, { encoding: "utf8", timeout: 20_000 });

    const lines = result.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.pop()).toMatchObject({ code: "STORE_FULL" });
    expect(lines.length).toBeGreaterThan(0);
    expect((await opened.store.messages.list("agt_1")).map(({ seq }) => seq)).toEqual(lines);
    expect((await opened.store.messages.insert(makeMessage())).seq).toBe(lines.length + 1);
    expect((await opened.store.health()).problems).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a home where nothing can be created is named", async () => {
  await expect(opened.openAgain({ home: join(opened.file, "below") })).rejects.toMatchObject({
    code: "HOME_NOT_WRITABLE",
  });
  expect(statSync(opened.file).isFile()).toBe(true);
});

test("a link that leads nowhere, in the place of the store, is named", async () => {
  const home = join(opened.home, "linked");
  mkdirSync(home, { mode: 0o700 });
  symlinkSync(join(opened.home, "not-mounted", "store.db"), join(home, "store.db"));

  await expect(opened.openAgain({ home })).rejects.toMatchObject({ code: "HOME_NOT_WRITABLE" });
});

test("SQLite before the repair of its WAL race is not trusted with a WAL", () => {
  expect(["3.45.1", "3.51.2", "3.7.0", "2.9.9"].map(hasSafeWal)).toEqual([false, false, false, false]);
  expect(["3.51.3", "3.53.0", "4.0.0"].map(hasSafeWal)).toEqual([true, true, true]);
});
