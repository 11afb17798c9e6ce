import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readAgentPid } from "../../../src/claude/session-file/agent-pid.ts";
import {
  findSessionFile,
  isSessionAlive,
  listSessionFiles,
  parseSessionFile,
  readSessionFile,
} from "../../../src/claude/session-file/session-file.ts";
import { fixture, VERSIONS } from "../fixtures.ts";

let config: string;
beforeEach(async () => {
  config = await mkdtemp(join(tmpdir(), "claude-orch-config-"));
  await mkdir(join(config, "sessions"));
});
afterEach(() => rm(config, { recursive: true }));

/** Processes that live, by pid, with their start time. */
function processes(living: Record<number, string>) {
  return {
    identify: (pid: number) => (living[pid] === undefined ? undefined : { pid, startedAt: living[pid] ?? "" }),
    isAlive: ({ pid, startedAt }: { pid: number; startedAt: string }) =>
      living[pid] !== undefined && (startedAt === "" || living[pid] === startedAt),
  };
}

async function write(pid: number, sessionId: string, more: Record<string, unknown> = {}): Promise<void> {
  await writeFile(
    join(config, "sessions", `${pid}.json`),
    JSON.stringify({ pid, sessionId, procStart: "100", ...more }),
  );
}

describe.each(VERSIONS)("%s", (version) => {
  test.each([
    ["idle", "idle", null],
    ["busy", "busy", null],
    ["permission", "waiting", "permission prompt"],
    ["question", "waiting", version === "2.1.197" ? "permission prompt" : "input needed"],
  ])("reads the recorded session file %s", (name, status, waitingFor) => {
    expect(parseSessionFile(fixture(version, `session-file-${name}.json`))).toMatchObject({
      status,
      waitingFor,
      version,
      name: "worker-1",
      cwd: "/home/dev/app",
      procStart: expect.stringMatching(/^\d+$/),
      statusAt: expect.any(Number),
    });
  });
});

test("a half-written, foreign or missing session file is none", async () => {
  expect(parseSessionFile('{"pid":1,"sessionId":"a","sta')).toBeUndefined();
  expect(parseSessionFile('{"pid":"1","sessionId":"a"}')).toBeUndefined();
  expect(parseSessionFile("[]")).toBeUndefined();
  expect(await readSessionFile(config, 5)).toBeUndefined();
  await writeFile(join(config, "sessions", "5.json"), '{"pid":6,"sessionId":"a"}');
  expect(await readSessionFile(config, 5)).toBeUndefined();
});

test("only session files are opened, not the tokens beside them", async () => {
  await write(7, "a");
  await writeFile(join(config, "sessions", "7.abc.key"), JSON.stringify({ pid: 8, sessionId: "secret" }));

  expect(await listSessionFiles(config)).toMatchObject([{ pid: 7, sessionId: "a" }]);
  expect(await listSessionFiles(join(config, "nowhere"))).toEqual([]);
});

test("of several files of one conversation, the living process's is found", async () => {
  await write(7, "a");
  await write(9, "a");

  expect(await findSessionFile(config, "a", processes({ 9: "100" }))).toMatchObject({ pid: 9 });
  expect(await findSessionFile(config, "a", processes({}))).toMatchObject({ sessionId: "a" });
  expect(await findSessionFile(config, "b", processes({}))).toBeUndefined();
});

test("a pid that was given again is not the process that wrote the file", () => {
  const file = { pid: 7, procStart: "100" };

  expect(isSessionAlive(file, processes({ 7: "100" }))).toBe(true);
  expect(isSessionAlive(file, processes({ 7: "999" }))).toBe(false);
  expect(isSessionAlive(file, processes({}))).toBe(false);
  expect(isSessionAlive({ pid: 7, procStart: "" }, processes({ 7: "999" }))).toBe(true);
  expect(isSessionAlive({ pid: 7, procStart: "100" }, processes({ 7: "Sat Nov 21 11:45:00 2026" }))).toBe(true);
});

test("the recorded pid is read with its time; an empty file is none yet", async () => {
  expect(await readAgentPid(config)).toBeUndefined();
  await writeFile(join(config, "pid"), "");
  expect(await readAgentPid(config)).toBeUndefined();
  await writeFile(join(config, "pid"), "4711\n");
  await utimes(join(config, "pid"), 1000, 1000);
  expect(await readAgentPid(config)).toEqual({ pid: 4711, recordedAt: 1_000_000 });
});
