import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { permissionCommand } from "../../../src/claude/launch/hook-commands.ts";
import { handOver, isWaiting, releaseWaiters } from "../../../src/claude/requests/waiters.ts";
import { readSpool } from "../../../src/claude/spool/spool.ts";
import { openFile } from "../../../src/claude/transcript/byte-source.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { SystemIds } from "../../../src/platform/system-ids.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { waitFor } from "../../support/wait-for.ts";

const ids = new SystemIds(new SystemClock());
const LONG_AFTER = 1e15;
let root: Awaited<ReturnType<typeof temporaryDirectory>>;
let spool: string;
let folder: string;
let children: ChildProcess[];

beforeEach(async () => {
  root = await temporaryDirectory('it\'s "waiting"');
  spool = join(root.path, "events.jsonl");
  folder = join(root.path, "requests");
  await mkdir(folder, { mode: 0o700 });
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await root.remove();
});

/** Starts the hook as Claude Code does, with an event of this size; its output arrives when it ends. */
async function hook(bytes = 10): Promise<{ waiter: string; output: Promise<string>; child: ChildProcess }> {
  const from = (await readSpool(openFile, spool, 0)).offset;
  const child = spawn("/bin/sh", ["-c", permissionCommand(spool, folder)], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  children.push(child);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const output = once(child, "close").then(([code]) => {
    expect(code ?? 0).toBe(0);
    return Buffer.concat(chunks).toString();
  });
  const event = { session_id: "s", hook_event_name: "PermissionRequest", tool_name: "Bash" };
  child.stdin.end(`${JSON.stringify({ ...event, tool_input: { command: "x".repeat(bytes) } })}\n`);
  const waiter = await waitFor("its event", async () => (await readSpool(openFile, spool, from)).events[0]?.waiter);
  return { waiter, output, child };
}

test("the hook waits from the moment its event is seen, and prints the answer whatever its size", async () => {
  const { waiter, output } = await hook(300_000);
  expect(isWaiting(folder, waiter)).toBe(true);
  const answer = JSON.stringify({ text: "é".repeat(500_000) });

  expect(await handOver(folder, waiter, answer, ids)).toBe("taken");
  expect(await output).toBe(answer);
  expect(isWaiting(folder, waiter)).toBe(false);
  expect(await handOver(folder, waiter, answer, ids)).toBe("gone");
  expect(await readdir(folder)).toEqual([]);
});

test("of many answers at once exactly one is handed over", async () => {
  const { waiter, output } = await hook();
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) => handOver(folder, waiter, `answer ${index}`, ids)),
  );

  expect(results.filter((result) => result === "taken")).toHaveLength(1);
  expect(await output).toBe(`answer ${results.indexOf("taken")}`);
});

test("an answer whose giver died before ringing is handed over by the next one, which is told", async () => {
  const { waiter, output } = await hook();
  await writeFile(join(folder, `${waiter}.json`), "the first");

  expect(await handOver(folder, waiter, "the second", ids)).toBe("beaten");
  expect(await output).toBe("the first");
});

test("a hook that is not asked any more ends without a word; one that is asked waits on", async () => {
  const asked = await hook();
  const done = await hook();
  await releaseWaiters(folder, (waiter) => waiter === asked.waiter, LONG_AFTER);

  expect(await done.output).toBe("");
  expect(isWaiting(folder, asked.waiter)).toBe(true);
  await releaseWaiters(folder, () => false, Date.now());
  expect(isWaiting(folder, asked.waiter)).toBe(true);
});

test("what a killed hook left is nobody who waits, and is removed", async () => {
  const { waiter, child } = await hook();
  child.kill("SIGKILL");
  await waitFor("its end", () => (isWaiting(folder, waiter) ? undefined : true));

  expect(await handOver(folder, waiter, "answer", ids)).toBe("gone");
  await releaseWaiters(folder, () => false, LONG_AFTER);
  expect(await readdir(folder)).toEqual([]);
});

test("the hook ends when Claude Code's end of its output is closed, as by a SIGKILL", async () => {
  const { waiter, child } = await hook();
  child.stdout?.destroy();

  await waitFor("its end", () => (isWaiting(folder, waiter) ? undefined : true));
});

test("without its folder it reports the event like any other hook", async () => {
  await root.remove();
  await mkdir(root.path);
  const child = spawn("/bin/sh", ["-c", permissionCommand(spool, folder)], { stdio: ["pipe", "pipe", "ignore"] });
  children.push(child);
  child.stdin.end('{"session_id":"s","hook_event_name":"PermissionRequest"}\n');

  expect((await once(child, "close"))[0]).toBe(0);
  expect(await readFile(spool, "utf8")).toContain("PermissionRequest");
});
