import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { MIGRATIONS } from "../../src/store/migrations/migrate.ts";
import { bundleScript } from "../support/bundle-script.ts";
import { openTestStore, type TestStore, temporaryHome } from "../support/open-test-store.ts";
import { makeAgent, makeSession } from "../support/store-records.ts";

let folder: string;
let script: string;
let opened: TestStore | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "claude-orch-many-"));
  script = await bundleScript(new URL("./store-child.ts", import.meta.url), folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  await opened?.remove();
  opened = undefined;
});

interface Child {
  process: ChildProcess;
  lines: unknown[];
  ended: Promise<unknown[]>;
  firstLine: Promise<void>;
}

function startChild(home: string, ...args: string[]): Child {
  const child = spawn(process.execPath, [script, home, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: unknown[] = [];
  let rest = "";
  let announce = () => {};
  const firstLine = new Promise<void>((resolve) => {
    announce = resolve;
  });
  child.stdout.on("data", (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts.map((line) => JSON.parse(line)));
    if (lines.length > 0) announce();
  });
  const ended = new Promise<unknown[]>((resolve) => child.on("close", () => resolve(lines)));
  return { process: child, lines, ended, firstLine };
}

async function filledStore(): Promise<TestStore> {
  const made = await openTestStore();
  await made.store.sessions.insert(makeSession());
  await made.store.agents.insert(makeAgent());
  return made;
}

test("eight processes that take numbers at the same time lose none and take none twice", async () => {
  opened = await filledStore();
  const { home, store } = opened;

  const taken = await Promise.all(Array.from({ length: 8 }, () => startChild(home, "number", "60").ended));

  const numbers = taken
    .flat()
    .map(Number)
    .sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 480 }, (_, index) => index + 1));
  expect((await store.sessions.get("ses_1"))?.nextAgentNumber).toBe(481);
}, 60_000);

test("four processes that queue messages at the same time share one strictly increasing order", async () => {
  opened = await filledStore();
  const { home, store } = opened;

  const sent = await Promise.all(Array.from({ length: 4 }, () => startChild(home, "send", "40").ended));

  for (const own of sent) expect(own).toEqual([...own].map(Number).sort((a, b) => a - b));
  expect((await store.messages.list("agt_1")).map(({ seq }) => seq)).toEqual(
    Array.from({ length: 160 }, (_, index) => index + 1),
  );
}, 60_000);

test("processes that open a new home at the same time end with one key and one schema", async () => {
  for (let round = 0; round < 4; round++) {
    const home = temporaryHome();
    try {
      const results = await Promise.all(Array.from({ length: 4 }, () => startChild(home, "open").ended));

      for (const lines of results)
        expect(lines).toEqual([expect.objectContaining({ schemaVersion: MIGRATIONS.length, problems: [] })]);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
}, 60_000);

test("writers that are killed lose nothing that they were told is stored, and hurt nobody else", async () => {
  opened = await filledStore();
  const { home, store } = opened;
  const told: unknown[] = [];
  for (let round = 0; round < 4; round++) {
    const writers = [1, 2, 3].map(() => startChild(home, "send", "100000"));
    await Promise.all(writers.map((writer) => writer.firstLine));
    for (const writer of writers) writer.process.kill("SIGKILL");
    told.push(...(await Promise.all(writers.map((writer) => writer.ended))).flat());
  }

  const stored = (await store.messages.list("agt_1")).map(({ seq }) => seq);

  expect(told.length).toBeGreaterThanOrEqual(12);
  expect(new Set(told).size).toBe(told.length);
  expect(stored).toEqual(expect.arrayContaining(told));
  expect(stored).toEqual(Array.from({ length: stored.length }, (_, index) => index + 1));
  expect((await store.health()).problems).toEqual([]);
}, 60_000);

test("the lock of a killed process is free at once", async () => {
  opened = await filledStore();
  const holder = startChild(opened.home, "hold");
  await holder.firstLine;
  const impatient = await opened.openAgain({ lockTimeoutMs: 50 });
  await expect(impatient.sessions.takeAgentNumber("ses_1")).rejects.toMatchObject({ code: "STORE_LOCKED" });

  holder.process.kill("SIGKILL");
  await holder.ended;

  expect(await impatient.sessions.takeAgentNumber("ses_1")).toBe(1);
}, 60_000);
