import { chmod, chown, cp, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeWorld, openFakeWorld } from "./fake-world.ts";

const isRoot = process.getuid?.() === 0;
/** A user without rights on this machine. */
const NOBODY = 65_534;
let world: FakeWorld;

beforeAll(async () => {
  world = await openFakeWorld();
  const created = await world.cli(["session", "create", "--name", "shop", "--json"]);
  expect(created.exitCode, created.stdout).toBe(0);
}, 30_000);
afterAll(() => world?.dispose());

/** A home folder of its own in a state that `prepare` makes. */
async function homeWith(name: string, prepare: (home: string) => Promise<unknown>): Promise<string> {
  const home = path.join(world.root, name);
  await prepare(home);
  return home;
}

/** The same in text, in JSON, and as a finding of doctor; help works all the same. */
async function unavailable(home: string, code: string, message: RegExp, user: { uid?: number } = {}) {
  const args = ["status"];
  const options = { env: { CLAUDE_ORCH_HOME: home }, ...user };
  const [text, json, doctor, help] = await Promise.all([
    world.cli(args, options),
    world.cli([...args, "--json"], options),
    world.cli(["doctor", "--json"], options),
    world.cli([...args, "--help"], options),
  ]);
  const { error } = json.json<{ error: { code: string; message: string; hint: string } }>();
  expect([json.exitCode, error.code]).toEqual([5, code]);
  expect(error.message).toMatch(message);
  expect(error.message).toContain(home);
  expect([text.exitCode, text.stdout]).toEqual([5, ""]);
  expect(text.stderr).toBe(`Error: ${error.message}\nCode: ${code}\nTry this: ${error.hint}\n`);
  expect(doctor.exitCode).toBe(5);
  expect(doctor.json()).toMatchObject({
    ok: false,
    backend: null,
    findings: [
      { check: code.split("_")[0]?.toLowerCase(), status: "problem", message: error.message, fix: error.hint },
    ],
  });
  expect(help.exitCode).toBe(0);
  return error;
}

function givenTo(uid: number, mode: number) {
  return async (folder: string) => {
    await mkdir(folder, { mode });
    await chown(folder, uid, uid);
  };
}

describe("a home folder that cannot be used", () => {
  it("is a file", async () => {
    const home = await homeWith("a-file", (file) => writeFile(file, "text"));
    const { hint } = await unavailable(home, "HOME_NOT_WRITABLE", /is not a folder/);
    expect(hint).toContain("CLAUDE_ORCH_HOME");
    await unavailable(path.join(home, "below"), "HOME_NOT_WRITABLE", /is not a folder/);
  });

  it("is open to other users and holds other things", async () => {
    const home = await homeWith("shared", async (folder) => {
      await mkdir(folder);
      await chmod(folder, 0o755);
      await writeFile(path.join(folder, "thesis.txt"), "text");
    });
    await unavailable(home, "HOME_NOT_OURS", /holds other things/);
  });

  it("belongs to another user", async () => {
    // Only root can give a folder away; for all others, root's own is one.
    const home = isRoot ? await homeWith("of-another", givenTo(12_345, 0o700)) : "/";
    await unavailable(home, "HOME_NOT_OURS", /belongs to another user/);
  });

  it("is read-only", async () => {
    // Root may write everywhere: then somebody else looks.
    const home = await homeWith(
      "read-only",
      isRoot ? givenTo(NOBODY, 0o500) : (folder) => mkdir(folder, { mode: 0o500 }),
    );
    if (isRoot) await chmod(world.root, 0o711);
    await unavailable(home, "HOME_NOT_WRITABLE", /not writable/, isRoot ? { uid: NOBODY } : {});
  });
});

describe("a store that cannot be opened", () => {
  const copy = (name: string, change: (home: string) => Promise<unknown>) =>
    homeWith(name, async (home) => {
      await cp(world.home, home, { recursive: true });
      await change(home);
    });
  const key = (home: string) => path.join(home, "key");

  it("has another key", async () => {
    const home = await copy("wrong-key", (folder) => writeFile(key(folder), `${"0".repeat(64)}\n`));
    await unavailable(home, "STORE_KEY_WRONG", /does not fit/);
  });

  it("has lost its key", async () => {
    const home = await copy("no-key", (folder) => rm(key(folder)));
    await unavailable(home, "STORE_KEY_MISSING", /not there any more/);
  });

  it("has a key that is none", async () => {
    const home = await copy("short-key", (folder) => writeFile(key(folder), "short"));
    await unavailable(home, "STORE_KEY_WRONG", /does not hold a key/);
  });

  it("has a key that others can read", async () => {
    const home = await copy("open-key", (folder) => chmod(key(folder), 0o644));
    await unavailable(home, "STORE_KEY_UNSAFE", /can be read by other users/);
  });

  it("is damaged, and stays as it is", async () => {
    const home = await copy("damaged", async (folder) => {
      await Promise.all(["-wal", "-shm"].map((end) => rm(path.join(folder, `store.db${end}`), { force: true })));
      await writeFile(path.join(folder, "store.db"), "not a database, but somebody's text ".repeat(40));
    });
    const { hint } = await unavailable(home, "STORE_CORRUPT", /is damaged/);
    expect(hint).toMatch(/left? as it is/);
  });

  it("is locked by another writer: reading goes on, writing is STORE_LOCKED", async () => {
    const home = await copy("locked", async () => undefined);
    const database = new DatabaseSync(path.join(home, "store.db"));
    database.exec("BEGIN IMMEDIATE");
    const env = { CLAUDE_ORCH_HOME: home };

    const [read, write] = await Promise.all([
      world.cli(["session", "list", "--json"], { env }),
      world.cli(["session", "create", "--name", "other", "--json"], { env }),
    ]);
    database.exec("ROLLBACK");
    database.close();

    expect(read.json()).toMatchObject({ sessions: [{ name: "shop" }] });
    expect([write.exitCode, write.json()]).toMatchObject([5, { error: { code: "STORE_LOCKED" } }]);
    const again = await world.cli(["session", "create", "--name", "other", "--json"], { env });
    expect(again.exitCode, again.stdout).toBe(0);
  }, 40_000);
});

it("doctor on a machine without Claude Code and tmux names both with their fixes and exits 5", async () => {
  // Claude Code is also looked for where its installers put it, whatever PATH says: here it must not be found there.
  const env = { CLAUDE_ORCH_BACKEND: "", CLAUDE_ORCH_CLAUDE_BIN: path.join(world.root, "no-claude") };

  const [json, text] = await Promise.all([world.cli(["doctor", "--json"], { env }), world.cli(["doctor"], { env })]);

  expect([json.exitCode, text.exitCode]).toEqual([5, 5]);
  expect(json.json()).toMatchObject({
    ok: false,
    backend: null,
    findings: expect.arrayContaining([
      expect.objectContaining({ check: "claude", status: "problem", fix: expect.stringContaining("npm install -g") }),
      expect.objectContaining({ check: "backend tmux", status: "warning", fix: expect.stringContaining("tmux 3.2") }),
      expect.objectContaining({ check: "default backend", status: "problem" }),
      expect.objectContaining({ check: "store", status: "ok" }),
    ]),
  });
  expect(text.stdout).toMatch(/problem claude: .*\n +Try this: Install it with npm install -g/);
  expect(text.stdout).toMatch(/Agents cannot be run yet/);
});
