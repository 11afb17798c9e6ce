import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

export interface ClaudeVersion {
  name: "newest" | "pinned";
  /** Absolute path of the executable. */
  bin: string;
  version: string;
}

export interface ClaudeSandbox {
  claude: ClaudeVersion;
  /** Holds everything below; removed by `dispose`. */
  root: string;
  home: string;
  configDir: string;
  /** Trusted empty project folder (real path). */
  project: string;
  /** Whole environment for a Claude Code that sees neither the developer's account nor the network. */
  env: Record<string, string>;
  /**
   * Removes the sandbox and fails if a Claude Code that was started in it is still running; that one is ended first,
   * so that a failing test leaves nothing behind either.
   */
  dispose(): Promise<void>;
}

const API_KEY = "sk-ant-made-up-key-for-tests-0123456789";
const PACKAGES = { newest: "@anthropic-ai/claude-code", pinned: "claude-code-pinned" } as const;

/** The versions to test, by CLAUDE_ORCH_TEST_CLAUDE = newest | pinned | both; what long suites save by default. */
export function claudeVersions(byDefault: "newest" | "both" = "both"): ClaudeVersion[] {
  const wish = process.env.CLAUDE_ORCH_TEST_CLAUDE ?? byDefault;
  const names = (["newest", "pinned"] as const).filter((name) => wish === "both" || wish === name);
  if (names.length === 0) throw new Error(`CLAUDE_ORCH_TEST_CLAUDE must be newest, pinned or both, not ${wish}`);
  return names.map(locate);
}

function locate(name: "newest" | "pinned"): ClaudeVersion {
  const manifest = createRequire(import.meta.url).resolve(`${PACKAGES[name]}/package.json`);
  const { version } = createRequire(import.meta.url)(manifest) as { version: string };
  return { name, bin: path.join(path.dirname(manifest), "bin", "claude.exe"), version };
}

/** A throw-away HOME and configuration in which Claude Code starts without any dialog and talks to `apiUrl` only. */
export async function claudeSandbox(claude: ClaudeVersion, apiUrl: string): Promise<ClaudeSandbox> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), "claude-sandbox-")));
  const home = path.join(root, "home");
  const configDir = path.join(root, "config");
  const project = path.join(root, "project");
  await Promise.all([home, configDir, project].map((folder) => mkdir(folder, { mode: 0o700 })));
  await writeFile(
    path.join(configDir, ".claude.json"),
    JSON.stringify({
      hasCompletedOnboarding: true,
      theme: "dark",
      customApiKeyResponses: { approved: [API_KEY.slice(-20)], rejected: [] },
      projects: { [root]: { hasTrustDialogAccepted: true } },
    }),
    { mode: 0o600 },
  );
  const env = {
    HOME: home,
    CLAUDE_CONFIG_DIR: configDir,
    ANTHROPIC_BASE_URL: apiUrl,
    ANTHROPIC_API_KEY: API_KEY,
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    SHELL: "/bin/sh",
    LANG: "C.UTF-8",
    TERM: "xterm-256color",
    TMPDIR: path.join(root, "tmp"),
    DISABLE_AUTOUPDATER: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    // Its JavaScript engine optimises for hours; an agent of these tests lives for seconds and never earns back what
    // that costs, a third of all its processor time.
    BUN_JSC_useDFGJIT: "0",
    BUN_JSC_useConcurrentJIT: "0",
  };
  await mkdir(env.TMPDIR, { mode: 0o700 });
  return {
    claude,
    root,
    home,
    configDir,
    project,
    env,
    async dispose() {
      const left = await remainingProcesses(root);
      for (const { pid } of left) tryKill(pid);
      await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      if (left.length > 0) throw new Error(`Processes left behind: ${left.map((one) => one.command).join("; ")}`);
    },
  };
}

/** A process that was told to end may take a moment; what is still there after five seconds was forgotten. */
async function remainingProcesses(root: string): Promise<{ pid: number; command: string }[]> {
  const end = performance.now() + 5000;
  for (;;) {
    const left = await processesOf(root);
    if (left.length === 0 || performance.now() > end) return left;
    await delay(20);
  }
}

/** Processes whose environment or command line names the sandbox: the whole tree, reparented ones included. */
export async function processesOf(root: string): Promise<{ pid: number; command: string }[]> {
  const found = process.platform === "linux" ? await linuxProcesses(root) : await psProcesses(root);
  return found.filter((one) => one.pid !== process.pid);
}

async function linuxProcesses(root: string): Promise<{ pid: number; command: string }[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(
    pids.map(async (pid) => {
      const [environ, cmdline] = await Promise.all(
        ["environ", "cmdline"].map((file) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "")),
      );
      const isOurs = `${environ}\n${cmdline}`.includes(root);
      return isOurs && cmdline !== ""
        ? [{ pid, command: `${pid} ${cmdline?.replaceAll("\0", " ").slice(0, 200)}` }]
        : [];
    }),
  );
  return all.flat();
}

async function psProcesses(root: string): Promise<{ pid: number; command: string }[]> {
  const { stdout } = await promisify(execFile)("ps", ["-Eaxww", "-o", "pid=,command="], { maxBuffer: 1 << 26 });
  return stdout
    .split("\n")
    .filter((line) => line.includes(root))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().slice(0, 200) }));
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
}
