import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isRecordedAlive, readAgentPid } from "../../../src/claude/session-file/agent-pid.ts";
import { runningPrograms } from "../../../src/claude/session-file/running.ts";
import {
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

test("R1-05: running programs are the living interactive ones, oldest first", async () => {
  const kept = { startedAt: 2000, cwd: "/home/dev/app", version: "2.1.330", status: "idle", name: "one" };
  await write(7, "a", { ...kept, kind: "interactive", entrypoint: "cli" });
  await write(8, "dead", { startedAt: 3000 });
  await write(9, "given-again", { procStart: "5" });
  await write(10, "background", { kind: "background" });
  await write(11, "driven", { kind: "interactive", entrypoint: "sdk-cli" });
  await write(12, "b", { startedAt: 1000 });

  const living = processes({ 7: "100", 9: "100", 10: "100", 11: "100", 12: "100" });
  expect(await runningPrograms(config, living)).toEqual([
    expect.objectContaining({ pid: 12, conversationId: "b", name: null, version: "unknown" }),
    {
      ...{ pid: 7, startedAt: "100", conversationId: "a", launchedAt: 2000 },
      ...{ cwd: "/home/dev/app", version: "2.1.330", status: "idle", name: "one" },
    },
  ]);
});

test("a recorded pid counts only for the process that recorded it, told by ticks or by the time of day", async () => {
  const recorded = { pid: 7, recordedAt: Date.UTC(2026, 10, 21, 12, 0, 0) };
  const isAlive = (living: Record<number, string>) => isRecordedAlive(recorded, config, processes(living));

  expect(isAlive({ 7: "101" })).toBe(true);
  expect(isAlive({ 7: "Sat Nov 21 12:00:00 2026" })).toBe(true);
  expect(isAlive({ 7: "Sat Nov 21 12:30:00 2026" })).toBe(false);

  await writeFile(join(config, "process"), `7 (a) b) S ${"0 ".repeat(18)}100 0\n`);
  expect(isAlive({ 7: "100" })).toBe(true);
  expect(isAlive({ 7: "101" })).toBe(false);
  expect(isAlive({})).toBe(false);
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
