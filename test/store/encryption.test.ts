import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadSqlite } from "../../src/store/sqlite-library.ts";
import { openTestStore, type TestStore } from "../support/open-test-store.ts";
import { makeAgent, makeConversation, makeMessage, makeSession } from "../support/store-records.ts";

let opened: TestStore;
beforeEach(async () => {
  opened = await openTestStore();
});
afterEach(() => opened.remove());

const MARK = "ZEBRA-7f3a";

async function writeScenario(): Promise<void> {
  const { store } = opened;
  await store.sessions.insert(makeSession({ name: `${MARK}-session`, root: `/${MARK}/root` }));
  await store.agents.insert(
    makeAgent({
      name: `${MARK}-agent`,
      role: `${MARK}-role`,
      model: `${MARK}-model`,
      cwd: `/${MARK}/cwd`,
      systemPrompt: `${MARK} prompt`,
      claudeArgs: [`--${MARK}`],
      envNames: [`${MARK}_ENV`],
      configDir: `/${MARK}/config`,
      claudeBin: `/${MARK}/claude`,
      terminal: { backend: "tmux", tag: `${MARK}-tag`, id: "%1" },
    }),
  );
  await store.conversations.upsert(makeConversation({ transcriptPath: `/${MARK}/t.jsonl` }));
  await store.messages.insert(
    makeMessage({
      text: `${MARK} text`,
      sentText: `${MARK} sent`,
      normalised: [`${MARK} normalised`],
      idempotencyKey: `${MARK}-key`,
      reason: `${MARK} reason`,
      answer: {
        text: `${MARK} answer`,
        toolUses: [{ id: "t", name: "Bash", input: { command: MARK } }],
        stopReason: null,
        interrupted: false,
        isError: false,
        durationMs: null,
        usage: null,
      },
    }),
  );
  await store.messages.update("msg_1", { state: "failed", reason: `${MARK} other reason` });
  await store.sessions.update("ses_1", { name: `${MARK}-renamed` });
}

test("R1-33: nothing that a user wrote is found in any file of the store, nor in a copy of it", async () => {
  await writeScenario();
  const database = (await loadSqlite()).open(opened.file);
  database.exec(`VACUUM INTO '${join(opened.home, "backup.db")}'`);
  database.close();

  const files = readdirSync(opened.home);
  expect(files).toEqual(expect.arrayContaining(["store.db", "store.db-wal", "backup.db"]));
  for (const name of files) {
    const bytes = readFileSync(join(opened.home, name));
    for (const form of [MARK, Buffer.from(MARK).toString("base64").slice(0, -2), Buffer.from(MARK).toString("hex")]) {
      expect(bytes.includes(form), `${form} in ${name}`).toBe(false);
    }
    // The search itself can find something.
    if (name === "backup.db") expect(bytes.includes("agt_1")).toBe(true);
  }
  expect((await opened.store.messages.get("msg_1"))?.text).toBe(`${MARK} text`);
});

test("all files of the store are readable by their owner alone", async () => {
  await writeScenario();

  for (const name of readdirSync(opened.home)) {
    expect(statSync(join(opened.home, name)).mode & 0o077, name).toBe(0);
  }
});

test("equal texts do not look equal", async () => {
  const { store } = opened;
  await store.sessions.insert(makeSession());
  await store.agents.insert(makeAgent());
  await store.messages.insert(makeMessage({ id: "msg_1" }));
  await store.messages.insert(makeMessage({ id: "msg_2" }));

  const database = (await loadSqlite()).open(opened.file);
  const rows = database.prepare("SELECT text FROM messages").all() as { text: Uint8Array }[];
  database.close();

  const [first, second] = rows.map((row) => Buffer.from(row.text).toString("hex"));
  expect(first).toBeDefined();
  expect(first).not.toBe(second);
});

test("a value that was moved to another row or altered is found out", async () => {
  await writeScenario();
  await opened.store.messages.insert(makeMessage({ id: "msg_2", text: "other" }));
  const database = (await loadSqlite()).open(opened.file);
  database.exec("UPDATE messages SET text = (SELECT text FROM messages WHERE id = 'msg_2') WHERE id = 'msg_1'");

  await expect(opened.store.messages.get("msg_1")).rejects.toMatchObject({ code: "STORE_CORRUPT" });
  expect((await opened.store.messages.get("msg_2"))?.text).toBe("other");

  const { text } = database.prepare("SELECT text FROM messages WHERE id = 'msg_2'").get() as { text: Uint8Array };
  const altered = Uint8Array.from(text, (byte, index) => (index === text.length - 1 ? byte ^ 1 : byte));
  database.prepare("UPDATE messages SET text = ? WHERE id = 'msg_2'").run(altered);
  database.close();
  await expect(opened.store.messages.get("msg_2")).rejects.toMatchObject({ code: "STORE_CORRUPT" });
});
