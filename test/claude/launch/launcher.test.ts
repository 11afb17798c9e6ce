import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agentFiles } from "../../../src/claude/launch/agent-files.ts";
import { prepareLaunch, removeAgentFiles } from "../../../src/claude/launch/prepare-launch.ts";
import type { LaunchRequest } from "../../../src/core/ports/agent-program.ts";
import type { SecurityLevel } from "../../../src/core/session.ts";
import { toolName } from "../../../src/mcp/argument-names.ts";
import { operations } from "../../../src/operations/index.ts";
import { claudeVersions } from "../../support/claude-sandbox.ts";
import { launchRequest } from "../../support/launched-claude.ts";

const run = promisify(execFile);
const SHELLS = ["/bin/sh", "/bin/dash", "/bin/bash", "/bin/zsh"];

let root: string;
let home: string;
let request: LaunchRequest;

/** Stands where Claude Code would: writes down what it was started with. */
const RECORDER = `#!/usr/bin/env node
const { readFileSync, writeFileSync } = require("node:fs");
let stat = null;
try { stat = readFileSync("/proc/self/stat", "latin1"); } catch {}
writeFileSync(process.env.RECORD, JSON.stringify({ argv: process.argv.slice(2), env: process.env, cwd: process.cwd(), pid: process.pid, stat }));
`;

beforeEach(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'launch it\'s "ü" $(x) ')));
  home = path.join(root, "home");
  const project = path.join(root, "project");
  const bin = path.join(root, "claude");
  await Promise.all([mkdir(home), mkdir(project), writeFile(bin, RECORDER, { mode: 0o755 })]);
  const [claude] = claudeVersions();
  if (claude === undefined) throw new Error("no version to test");
  const env = { PATH: process.env.PATH ?? "", HOME: root, RECORD: path.join(root, "record.json") };
  const sandbox = { claude, root, home: root, configDir: root, project, env, dispose: async () => undefined };
  request = launchRequest(sandbox, { claudeBin: bin, name: "Agent_1", claudeArgs: ["--add-dir", "a b'c"] });
});
afterEach(() => rm(root, { recursive: true, force: true }));

interface Recorded {
  argv: string[];
  env: Record<string, string>;
  cwd: string;
  pid: number;
  stat: string | null;
}

async function launch(env: Record<string, string> = {}, file?: string): Promise<Recorded> {
  const { launcher } = await prepareLaunch(request, { home });
  await (file === undefined ? run(launcher, { env }) : run(file, [launcher], { env }));
  return JSON.parse(await readFile(path.join(root, "record.json"), "utf8")) as Recorded;
}

describe("the launcher", () => {
  it.each(SHELLS)("becomes Claude Code in the agent's folder, with its arguments, under %s", async (shell) => {
    if (!(await stat(shell).catch(() => undefined))) return;
    const recorded = await launch({}, shell);

    const files = agentFiles(home, request.agent.id);
    expect(recorded.cwd).toBe(request.agent.cwd);
    expect(recorded.argv).toEqual([
      ...["--session-id", request.conversation.id, "--name", "Agent_1"],
      ...["--mcp-config", files.mcpConfig, "--settings", files.settings],
      ...["--append-system-prompt-file", files.systemPrompt, "--permission-mode", "default"],
      ...["--add-dir", "a b'c"],
    ]);
    expect(Number(await readFile(files.pid, "utf8"))).toBe(recorded.pid);
    // Field 22, the start of the process, survives exec; only Linux has it.
    const told = await readFile(files.process, "utf8").catch(() => null);
    expect(told?.split(") ").at(-1)?.split(" ")[19]).toBe(recorded.stat?.split(") ").at(-1)?.split(" ")[19]);
  });

  it("hands over every value to the letter", async () => {
    const values = {
      LINES_: "a\nb\n",
      QUOTES: `'"\`\\`,
      DOLLAR: "$HOME $(touch pwned) ${x}",
      UMLAUT: "äß日本",
      EMPTY: "",
      BLANKS: "  ",
    };
    Object.assign(request.env, values);
    expect((await launch()).env).toMatchObject(values);
    expect(await readdir(request.agent.cwd)).toEqual([]);
  });

  it("takes nothing from the terminal's server but what describes the terminal", async () => {
    const { env } = await launch({
      TERM: "xterm",
      TMUX_PANE: "%7",
      LEAKED: "secret of another caller",
      CLAUDECODE: "1",
    });
    expect(env).toMatchObject({ TERM: "xterm", TMUX_PANE: "%7" });
    expect(env).not.toHaveProperty("LEAKED");
    expect(env).not.toHaveProperty("CLAUDECODE");
    expect(env).not.toHaveProperty("agent_environment");
  });

  it("keeps from the agent what belongs to its caller alone", async () => {
    const own = ["CLAUDECODE", "CLAUDE_CODE_SESSION_ID", "CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_SANDBOXED", "AI_AGENT"];
    const secrets = [
      "CLAUDE_ORCH_TOKEN_FILE",
      "CLAUDE_ORCH_KEY_FILE",
      "ITERM2_COOKIE",
      "ITERM2_KEY",
      "TMUX",
      "TERM",
      "COLUMNS",
    ];
    for (const name of [...own, ...secrets, "BASH_FUNC_f%%", "UID", "SHELLOPTS"]) request.env[name] = "1";
    request.session.isTrusted = false;
    const { env } = await launch();
    for (const name of [...own, ...secrets, "BASH_FUNC_f%%"]) expect(env).not.toHaveProperty(name);
    expect(env.CLAUDE_ORCH_AGENT_ID).toBe(request.agent.id);
  });

  it("says that the folder is trusted only when its owner did", async () => {
    expect((await launch()).env.CLAUDE_CODE_SANDBOXED).toBe("1");
    request.session.isTrusted = false;
    expect((await launch()).env).not.toHaveProperty("CLAUDE_CODE_SANDBOXED");
  });

  it("remembers the person's editor, also when an agent spawns an agent", async () => {
    Object.assign(request.env, { VISUAL: "code --wait", EDITOR: "vim" });
    const first = (await launch()).env;
    expect(first).toMatchObject({ VISUAL: "claude-orch-editor", CLAUDE_ORCH_REAL_VISUAL: "code --wait" });
    expect(first.PATH?.split(":").at(-1)).toBe(agentFiles(home, request.agent.id).folder);
    request = { ...request, env: { ...first, RECORD: path.join(root, "record.json") } };
    expect((await launch()).env).toMatchObject({
      CLAUDE_ORCH_REAL_VISUAL: "code --wait",
      CLAUDE_ORCH_REAL_EDITOR: "vim",
    });
  });

  it("leaves no environment on disk and runs once only", async () => {
    await launch();
    const { launcher } = { launcher: path.join(agentFiles(home, request.agent.id).folder, `launch-${request.tag}`) };
    await expect(run(launcher)).rejects.toThrow("this launcher was used already");
    expect(
      (await readdir(agentFiles(home, request.agent.id).folder)).filter((name) => name.startsWith("env-")),
    ).toEqual([]);
  });

  it("says so when the working directory is gone", async () => {
    const { launcher } = await prepareLaunch(request, { home });
    await rm(request.agent.cwd, { recursive: true });
    await expect(run(launcher)).rejects.toThrow("the working directory is gone");
  });
});

describe("an agent's folder", () => {
  it("is for its owner's eyes only, whatever the umask", async () => {
    const { folder } = agentFiles(home, request.agent.id);
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);
    await prepareLaunch(request, { home });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(folder)) {
      const isScript = name.startsWith("launch-") || name === "claude-orch-editor";
      const isFolder = name === "input" || name === "requests";
      const mode = isScript || isFolder ? 0o700 : 0o600;
      expect([name, (await stat(path.join(folder, name))).mode & 0o777]).toEqual([name, mode]);
    }
  });

  it("keeps the spool and drops what an earlier launch left", async () => {
    const files = agentFiles(home, request.agent.id);
    await prepareLaunch({ ...request, tag: "old" }, { home });
    await writeFile(files.spool, "{}\n");
    await writeFile(path.join(files.input, "1-x.text"), "stale");
    await writeFile(path.join(files.requests, "1-1.json"), "stale");
    await writeFile(files.connected, "");
    await prepareLaunch(request, { home });
    expect(await readFile(files.spool, "utf8")).toBe("{}\n");
    expect(await readdir(files.input)).toEqual([]);
    expect(await readdir(files.requests)).toEqual([]);
    expect(await readdir(files.folder)).not.toContain("connected");
    expect((await readdir(files.folder)).filter((name) => /^(launch|env)-/.test(name))).toHaveLength(2);
  });

  it("holds the worker's MCP entry with its token in a file, not on a command line", async () => {
    const { launcher } = await prepareLaunch(request, { home });
    const files = agentFiles(home, request.agent.id);
    expect(JSON.parse(await readFile(files.mcpConfig, "utf8"))).toEqual({
      mcpServers: {
        "claude-orch": {
          type: "stdio",
          command: request.mcpCommand[0],
          args: request.mcpCommand.slice(1),
          env: {
            CLAUDE_ORCH_HOME: home,
            CLAUDE_ORCH_TOKEN_FILE: files.token,
            CLAUDE_ORCH_CONNECTED_FILE: files.connected,
          },
        },
      },
    });
    expect(await readFile(launcher, "utf8")).not.toContain(request.workerToken);
  });

  it("⊕A6: allows an agent its own session's tools by name, and at level high only those of low risk: to look, and to report on its own task", async () => {
    const ofWorkers = operations.filter(({ exposure }) => exposure.worker === true);
    const ofSpawners = operations.filter(({ exposure }) => exposure.worker !== false);
    const rules = (list: typeof ofWorkers) => list.map(({ name }) => `mcp__claude-orch__${toolName(name)}`).sort();
    const allowed = async (level: SecurityLevel) => {
      request.session.securityLevel = level;
      await prepareLaunch(request, { home });
      const settings = await readFile(agentFiles(home, request.agent.id).settings, "utf8");
      return (JSON.parse(settings) as { permissions: { allow: string[] } }).permissions.allow.sort();
    };

    expect(await allowed("medium")).toEqual(rules(ofWorkers));
    expect(await allowed("low")).toEqual(rules(ofWorkers));
    expect(await allowed("high")).toEqual(rules(ofWorkers.filter(({ risk }) => risk === "low")));
    request.role.spawn = true;
    expect(await allowed("medium")).toEqual(rules(ofSpawners));
    expect(await allowed("high")).toEqual(rules(ofWorkers.filter(({ risk }) => risk === "low")));
  });

  it("refuses extra arguments that would take the agent out of our hands", async () => {
    for (const flag of ["--resume", "--settings=x", "-p", "--session-id"]) {
      request.agent.claudeArgs = [flag];
      await expect(prepareLaunch(request, { home })).rejects.toMatchObject({
        code: "INVALID_INPUT",
        details: { flag: flag.split("=")[0] },
      });
    }
  });

  it("is removed as a whole, and again", async () => {
    await prepareLaunch(request, { home });
    await removeAgentFiles(home, request.agent.id);
    await removeAgentFiles(home, request.agent.id);
    expect(await readdir(path.join(home, "agents"))).toEqual([]);
  });
});
