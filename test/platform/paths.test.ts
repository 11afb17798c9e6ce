import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { homePath, openHome } from "../../src/platform/paths.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "claude-orch-paths-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mode = (path: string) => statSync(path).mode & 0o777;

test("home is where CLAUDE_ORCH_HOME says, else the platform's place for state", () => {
  const on = (platform: NodeJS.Platform) => ({ platform, userHome: "/home/ann" });

  expect(homePath({ CLAUDE_ORCH_HOME: "/x/y" }, on("linux"))).toBe("/x/y");
  expect(homePath({}, on("linux"))).toBe("/home/ann/.local/state/claude-orch");
  expect(homePath({ XDG_STATE_HOME: "/state" }, on("linux"))).toBe("/state/claude-orch");
  expect(homePath({ XDG_STATE_HOME: "state" }, on("linux"))).toBe("/home/ann/.local/state/claude-orch");
  expect(homePath({}, on("darwin"))).toBe("/home/ann/Library/Application Support/claude-orch");
  expect(homePath({ LOCALAPPDATA: "/local" }, on("win32"))).toBe("/local/claude-orch");
});

test("creates a home that only its owner can enter", () => {
  const home = openHome(join(folder, "a", "b"));

  expect(home).toBe(join(folder, "a", "b"));
  expect(mode(home)).toBe(0o700);
});

test("closes a home of ours that is open to others", () => {
  writeFileSync(join(folder, "store.db"), "");
  chmodSync(folder, 0o755);

  openHome(folder);

  expect(mode(folder)).toBe(0o700);
});

test("refuses an open folder that serves something else, and leaves its mode alone", () => {
  writeFileSync(join(folder, "index.html"), "");
  chmodSync(folder, 0o755);

  expect(() => openHome(folder)).toThrow(expect.objectContaining({ code: "HOME_NOT_OURS" }));
  expect(mode(folder)).toBe(0o755);
});

test.runIf(process.getuid?.() === 0)("refuses the folder of another user, also behind a symbolic link", () => {
  const foreign = join(folder, "foreign");
  mkdirSync(foreign);
  chownSync(foreign, 12345, 12345);
  symlinkSync(foreign, join(folder, "link"));

  expect(() => openHome(foreign)).toThrow(expect.objectContaining({ code: "HOME_NOT_OURS" }));
  expect(() => openHome(join(folder, "link"))).toThrow(expect.objectContaining({ code: "HOME_NOT_OURS" }));
});

test("a file in the way and a place where nothing can be made are named as such", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");

  expect(() => openHome(file)).toThrow(expect.objectContaining({ code: "HOME_NOT_WRITABLE" }));
  expect(() => openHome(join(file, "below"))).toThrow(expect.objectContaining({ code: "HOME_NOT_WRITABLE" }));
  expect(() => openHome("/proc/claude-orch")).toThrow(expect.objectContaining({ code: "HOME_NOT_WRITABLE" }));
});

test("an empty HOME does not put our state into the current directory", () => {
  vi.stubEnv("HOME", "");
  try {
    expect(isAbsolute(homePath({}))).toBe(true);
  } finally {
    vi.unstubAllEnvs();
  }
});
