import { mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configDir } from "../../../src/claude/launch/config-dir.ts";
import { probeClaude } from "../../../src/claude/launch/probe-claude.ts";
import { SystemProcesses } from "../../../src/platform/system-processes.ts";
import { claudeVersions } from "../../support/claude-sandbox.ts";

const processes = new SystemProcesses();
let folder: string;
let bin: string;
let cacheFile: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "probe-"));
  bin = path.join(folder, "claude");
  cacheFile = path.join(folder, "cache", "versions.json");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function install(version: string): Promise<void> {
  const count = path.join(folder, "runs");
  await writeFile(bin, `#!/bin/sh\necho run >>'${count}'\necho '${version} (Claude Code)'\n`, { mode: 0o755 });
}

const probe = (env: Record<string, string> = { PATH: `${folder}:/usr/bin:/bin` }) =>
  probeClaude(env, { processes, cacheFile });
const runs = async () => (await readFile(path.join(folder, "runs"), "utf8")).split("\n").length - 1;

describe("probing Claude Code", () => {
  it.each(claudeVersions())("knows the version of the real $version", async ({ bin: real, version }) => {
    const env = { PATH: "/usr/bin:/bin", HOME: folder, CLAUDE_CONFIG_DIR: folder, DISABLE_AUTOUPDATER: "1" };
    expect(await probeClaude(env, { processes, cacheFile, bin: real })).toEqual({
      isInstalled: true,
      path: real,
      version,
    });
  });

  it("asks once, and again when the file behind the path has changed", async () => {
    await install("2.1.330");
    expect(await probe()).toEqual({ isInstalled: true, path: bin, version: "2.1.330" });
    await probe();
    expect(await runs()).toBe(1);

    await install("2.2.0");
    await utimes(bin, 1, 1);
    expect((await probe()).version).toBe("2.2.0");
    expect(await runs()).toBe(2);
  });

  it("finds what its installer put in the home folder when PATH is minimal", async () => {
    bin = path.join(folder, ".local/bin/claude");
    await import("node:fs/promises").then((fs) => fs.mkdir(path.dirname(bin), { recursive: true }));
    await install("2.1.330");
    expect((await probe({ PATH: "/usr/bin:/bin", HOME: folder })).path).toBe(bin);
  });

  it("says what is wrong with one that is too old, broken or missing", async () => {
    await install("2.1.96");
    expect(await probe()).toMatchObject({ isInstalled: true, problem: "Claude Code 2.1.96 is older than 2.1.197" });

    await writeFile(bin, "#!/bin/sh\necho no library >&2\nexit 3\n");
    await utimes(bin, 1, 1);
    expect((await probe()).problem).toContain("exit code 3, no library");

    const missing = await probeClaude({ PATH: folder }, { processes, cacheFile, bin: path.join(folder, "none") });
    expect(missing).toMatchObject({
      isInstalled: false,
      problem: `There is no executable ${path.join(folder, "none")}`,
    });
  });

  it.each(["2.1.197", "2.1.1000", "2.10.0", "3.0.0"])("takes %s for new enough", async (version) => {
    await install(version);
    expect(await probe()).toEqual({ isInstalled: true, path: bin, version });
  });

  it("survives a cache that is rubbish", async () => {
    await install("2.1.330");
    await probe();
    await writeFile(cacheFile, "{broken");
    expect((await probe()).version).toBe("2.1.330");
  });
});

describe("Claude Code's folder", () => {
  it("is CLAUDE_CONFIG_DIR, else .claude in HOME", () => {
    expect(configDir({ HOME: "/h", CLAUDE_CONFIG_DIR: "/c/d/" })).toBe("/c/d");
    expect(configDir({ HOME: "/h" })).toBe("/h/.claude");
    expect(() => configDir({})).toThrow("Neither HOME nor CLAUDE_CONFIG_DIR is set");
  });
});
