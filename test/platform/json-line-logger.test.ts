import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { JsonLineLogger } from "../../src/platform/json-line-logger.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "claude-orch-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (iso: string) => ({ now: () => Date.parse(iso) });
const lines = (file: string) =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("writes one JSON object a line into today's file, readable by its owner alone", () => {
  const directory = join(folder, "logs");
  const logger = new JsonLineLogger({ directory, level: "info", clock: at("2026-11-21T10:00:00Z") });

  logger.info("agent-opened", { agent: "agt_1", ms: 12 });
  logger.debug("too fine");

  const file = join(directory, "claude-orch-2026-11-21.log");
  expect(lines(file)).toEqual([
    {
      time: "2026-11-21T10:00:00.000Z",
      level: "info",
      pid: process.pid,
      event: "agent-opened",
      agent: "agt_1",
      ms: 12,
    },
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("touches nothing before the first line", () => {
  const logger = new JsonLineLogger({
    directory: join(folder, "logs"),
    level: "error",
    clock: at("2026-11-21T10:00:00Z"),
  });

  logger.info("below the level");

  expect(readdirSync(folder)).toEqual([]);
});

test("a new day is a new file", () => {
  let now = Date.parse("2026-11-21T23:59:59Z");
  const logger = new JsonLineLogger({ directory: folder, level: "info", clock: { now: () => now } });

  logger.info("before");
  now += 2000;
  logger.info("after");

  expect(readdirSync(folder).sort()).toEqual(["claude-orch-2026-11-21.log", "claude-orch-2026-11-22.log"]);
});

test("takes out secrets, by the key's name and by their look, and leaves counts", () => {
  const logger = new JsonLineLogger({ directory: folder, level: "info", clock: at("2026-11-21T10:00:00Z") });

  logger.info("x", {
    workerToken: "t0ps3cret",
    env: { ANTHROPIC_API_KEY: "t0ps3cret", PATH: "/bin" },
    nested: [{ password: "t0ps3cret" }],
    note: "with sk-ant-api03-t0ps3cret-xyz inside",
    header: "Bearer t0ps3cret.abc",
    inputTokens: 12,
  });

  const text = readFileSync(logger.path, "utf8");
  expect(text).not.toContain("t0ps3cret");
  expect(lines(logger.path)[0]).toMatchObject({ inputTokens: 12, env: { PATH: "/bin" } });
});

test("an error is written with its causes, and a cycle does not stop it", () => {
  const logger = new JsonLineLogger({ directory: folder, level: "info", clock: at("2026-11-21T10:00:00Z") });
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;

  logger.error("failed", { error: new Error("outer", { cause: new Error("inner") }), cycle, big: 10n });

  expect(lines(logger.path)[0]).toMatchObject({
    error: { message: "outer", cause: { message: "inner" } },
    cycle: { self: "[cycle]" },
    big: "10",
  });
});

test("R2-32: each line goes to whoever else listens, without its secrets", () => {
  const heard: string[] = [];
  const echo = (line: string) => void heard.push(line);
  const logger = new JsonLineLogger({ directory: folder, level: "info", clock: at("2026-11-21T10:00:00Z"), echo });

  logger.info("asked", { token: "t0ps3cret" });
  logger.debug("too fine");

  expect(heard.map((line) => JSON.parse(line))).toEqual(lines(logger.path));
  expect(heard.join()).not.toContain("t0ps3cret");
});

test("R1-46: never throws into its caller, but says that nothing can be written when it is asked", () => {
  writeFileSync(join(folder, "file"), "");
  const logger = new JsonLineLogger({
    directory: join(folder, "file"),
    level: "info",
    clock: at("2026-11-21T10:00:00Z"),
  });

  expect(() => logger.info("nowhere to go")).not.toThrow();
  expect(() => logger.assertWritable()).toThrow(expect.objectContaining({ code: "LOG_DIR_NOT_WRITABLE" }));
});

test("a new day's file takes the place of days that are wholly older than the bound; nothing else is touched", () => {
  const names = ["claude-orch-2026-10-21.log", "claude-orch-2026-10-22.log", "claude-orch-2025-01-01.log"];
  for (const name of [...names, "notes.log", "claude-orch-2025-01-01.log.gz"]) writeFileSync(join(folder, name), "x\n");
  mkdirSync(join(folder, "claude-orch-2025-01-02.log"));
  const open = () =>
    new JsonLineLogger({
      directory: folder,
      level: "info",
      clock: at("2026-11-21T10:00:00Z"),
      keepMs: () => 30 * 86_400_000,
    });

  open().info("first of the day");
  const kept = [
    "claude-orch-2025-01-01.log.gz",
    "claude-orch-2025-01-02.log",
    "claude-orch-2026-10-22.log",
    "claude-orch-2026-11-21.log",
    "notes.log",
  ];
  expect(readdirSync(folder).sort()).toEqual(kept);

  // Once a day is enough: another process that logs today does not look again.
  writeFileSync(join(folder, "claude-orch-2025-01-01.log"), "x\n");
  open().info("second");
  expect(readdirSync(folder)).toContain("claude-orch-2025-01-01.log");
  expect(lines(join(folder, "claude-orch-2026-11-21.log")).map(({ event }) => event)).toEqual([
    "first of the day",
    "second",
  ]);
});

test("a bound that cannot be read loses no line", () => {
  const keepMs = () => {
    throw new Error("bad setting");
  };
  new JsonLineLogger({ directory: folder, level: "info", clock: at("2026-11-21T10:00:00Z"), keepMs }).info("here");

  expect(lines(join(folder, "claude-orch-2026-11-21.log"))).toHaveLength(1);
});
