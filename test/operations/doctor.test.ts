import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunResult } from "../../src/core/ports/process-runner.ts";
import type { Context } from "../../src/operations/context.ts";
import { doctor } from "../../src/operations/doctor.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { type ScriptedWorld, scriptedWorld } from "../terminals/iterm2/scripted-world.ts";

let machine: FakeWorld;
let iterm2: ScriptedWorld;

beforeEach(async () => {
  machine = await openFakeWorld();
  iterm2 = await scriptedWorld();
});
afterEach(async () => {
  await iterm2.dispose();
  await machine.dispose();
});

/** A Mac with this iTerm2, and where the fake backend stands for tmux. */
async function diagnosis({ backend = iterm2.another() } = {}) {
  const { context } = machine;
  const as: Partial<Context> = {
    settings: { ...context.settings, backend: null },
    backend: (name) =>
      name === "iterm2" ? Promise.resolve(backend) : context.backend(name === "tmux" ? "fake" : name),
  };
  const { findings, ...report } = await machine.call(doctor, {}, as);
  const of = (check: string) => findings.find((finding) => finding.check === check);
  return { ...report, iterm2: of("backend iterm2"), choice: of("default backend") };
}

/** What Spotlight says of iTerm2. */
function spotlight(stdout: string) {
  const { processes } = iterm2.options;
  const answer: RunResult = { reason: "exited", exitCode: 0, signal: null, stdout, stderr: "", durationMs: 1 };
  const run: typeof processes.run = async (file, args, options) =>
    file === "/usr/bin/mdfind" ? answer : processes.run(file, args, options);
  return iterm2.another({ processes: { ...processes, run } });
}

it("R3-51: says that Node.js or Claude Code is missing or too old, with the fix", async () => {
  const { context } = machine;
  const findings = async (change: Partial<Context>) => {
    const { findings: all, ok } = await machine.call(doctor, {}, change);
    return { ok, of: (check: string) => all.find((finding) => finding.check === check) };
  };
  const without = await findings({ settings: { ...context.settings, claudeBin: join(machine.root, "no-claude") } });
  const [old, oldest] = [await findings({ nodeVersion: "v20.18.9" }), await findings({ nodeVersion: "v18.20.4" })];
  const [new20, new22] = [await findings({ nodeVersion: "v20.19.0" }), await findings({ nodeVersion: "v22.1.0" })];

  expect(without.ok).toBe(false);
  expect(without.of("claude")).toMatchObject({ status: "problem", fix: expect.stringContaining("npm install -g") });
  for (const { ok, of } of [old, oldest]) {
    expect(ok).toBe(false);
    expect(of("node")).toMatchObject({ status: "problem", fix: "Install Node.js 20.19 or newer." });
  }
  for (const { of } of [new20, new22]) expect(of("node")).toMatchObject({ status: "ok" });
});

describe("doctor finds what is wrong with iTerm2, and says what to do", () => {
  it("R2-33: it is not installed", async () => {
    await iterm2.server.stop();

    const found = await diagnosis({ backend: spotlight("\n") });

    expect(found.iterm2).toMatchObject({
      status: "warning",
      message: "iTerm2 was not found on this Mac",
      fix: expect.stringMatching(/Install iTerm2.*--backend tmux/),
    });
  });

  it("R2-33: it does not run, wherever it is installed", async () => {
    await iterm2.server.stop();
    const applications = [join(iterm2.home, "Applications")];
    await mkdir(join(iterm2.home, "Applications", "iTerm.app"), { recursive: true });

    for (const backend of [iterm2.another({ applications }), spotlight("/Volumes/tools/iTerm.app\n"), undefined]) {
      const found = await diagnosis(backend ? { backend } : {});
      expect(found.iterm2).toMatchObject({
        status: "warning",
        message: "iTerm2 is not running",
        fix: expect.stringMatching(/^Start iTerm2.*--backend tmux/),
      });
    }
  });

  it("R2-07: its Python API is off", async () => {
    iterm2.server.osascript.mode = "api-disabled";

    expect((await diagnosis()).iterm2).toMatchObject({
      status: "warning",
      message: "iTerm2's Python API is off",
      fix: expect.stringMatching(/^Switch on iTerm2 > Settings > General > Magic > Enable Python API/),
    });
  });

  it("macOS does not permit it, also over ssh and from launchd", async () => {
    iterm2.server.osascript.mode = "not-permitted";

    expect((await diagnosis()).iterm2).toMatchObject({
      status: "warning",
      message: "macOS does not let this program control iTerm2",
      fix: expect.stringMatching(
        /Privacy & Security > Automation\. Over ssh \(sshd-keygen-wrapper\), from launchd.*--backend tmux/,
      ),
    });
  });

  it("both: macOS does not permit it, and nobody would answer", async () => {
    iterm2.server.osascript.mode = "not-permitted";
    await rm(iterm2.server.socketPath);

    expect((await diagnosis()).iterm2).toMatchObject({
      message: "iTerm2's Python API is off, and macOS does not let this program control iTerm2",
      fix: expect.stringMatching(/Enable Python API.*Privacy & Security > Automation/),
    });
  });

  it("macOS asks, and nobody answers", async () => {
    iterm2.server.osascript.mode = "never";

    expect((await diagnosis()).iterm2).toMatchObject({
      status: "warning",
      message: expect.stringContaining("in time"),
      fix: expect.stringMatching(/permission prompt/),
    });
  });

  it("a dialog blocks its API, whether it is open before or after the handshake; looked at once for all findings", async () => {
    const go = iterm2.server.inject.stall();
    const { accepted } = iterm2.server;
    expect((await diagnosis()).iterm2).toMatchObject({
      status: "warning",
      message: expect.stringContaining("busy (dialog open?)"),
      fix: expect.stringContaining("dialog"),
    });
    expect(iterm2.server.accepted).toBe(accepted + 1);
    go();

    iterm2.server.inject.handshakes("hang");
    expect((await diagnosis()).iterm2).toMatchObject({
      message: "iTerm2 is busy (dialog open?)",
      fix: expect.stringContaining("dialog"),
    });
  });

  it("nothing is, and it is the default, with the reason", async () => {
    const found = await diagnosis();

    expect(found.iterm2).toEqual({ check: "backend iterm2", status: "ok", message: "API 1.17" });
    expect([found.backend, found.choice]).toEqual([
      "iterm2",
      { check: "default backend", status: "ok", message: "New sessions use iterm2: the best one that is usable" },
    ]);
  });

  it("and the default is another one, because of that", async () => {
    iterm2.server.osascript.mode = "api-disabled";

    const { choice, backend } = await diagnosis();

    expect(backend).toBe("tmux");
    expect(choice).toMatchObject({
      status: "ok",
      message: "New sessions use tmux: iterm2: iTerm2's Python API is off",
    });
  });
});

describe("doctor looks at git, which only worktrees need", () => {
  const SAYS: Record<string, string | undefined> = {
    none: undefined,
    old: "git version 2.20.1",
    new: "git version 2.50.1 (Apple Git-155)",
    strange: "something else",
  };

  it.each([
    ["none", { status: "warning", message: "There is no git on PATH", fix: expect.stringContaining("git 2.36") }],
    ["old", { status: "warning", message: "git 2.20.1 is too old", fix: expect.stringContaining("git 2.36") }],
    ["new", { status: "ok", message: "git 2.50.1" }],
    ["strange", { status: "warning", message: "git of an unknown version is too old" }],
  ])("%s: %j, and the main job does not depend on it", async (which, expected) => {
    const folder = join(machine.root, "bin");
    await mkdir(folder);
    const said = SAYS[which];
    if (said !== undefined) await writeFile(join(folder, "git"), `#!/bin/sh\necho '${said}'\n`, { mode: 0o755 });
    const world = await openFakeWorld({ PATH: folder });
    try {
      const { findings } = await world.call(doctor, {});
      expect(findings.find(({ check }) => check === "git")).toMatchObject(expected);
      expect(findings.filter(({ status }) => status === "problem").map(({ check }) => check)).not.toContain("git");
    } finally {
      await world.dispose();
    }
  });
});
