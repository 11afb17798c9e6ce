import { readFileSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseDuration } from "./core/duration.ts";
import type { AgentProgram } from "./core/ports/agent-program.ts";
import type { SettingsSource } from "./core/ports/settings-source.ts";
import type { TerminalBackend } from "./core/ports/terminal-backend.ts";
import type { WorkTrees } from "./core/ports/work-trees.ts";
import type { Principal } from "./core/principal.ts";
import type { BackendName } from "./core/session.ts";
import { InterruptedTurns } from "./operations/agent/delivery/interrupted-turns.ts";
import { QueueLeaders } from "./operations/agent/delivery/queue-leaders.ts";
import { Startups } from "./operations/agent/lifecycle/startups.ts";
import type { Context, Progress } from "./operations/context.ts";
import { DesktopNotifier } from "./platform/desktop-notifier.ts";
import { readEnvironment } from "./platform/environment.ts";
import { FileDoorbell } from "./platform/file-doorbell.ts";
import { JsonLineLogReader } from "./platform/json-line-log-reader.ts";
import { JsonLineLogger } from "./platform/json-line-logger.ts";
import { LocalFiles } from "./platform/local-files.ts";
import { MarkdownFiles } from "./platform/markdown-files.ts";
import { homePath, openHome } from "./platform/paths.ts";
import { SettingsFile } from "./platform/settings-file.ts";
import { SystemClock } from "./platform/system-clock.ts";
import { SystemIds } from "./platform/system-ids.ts";
import { SystemKeychain } from "./platform/system-keychain.ts";
import { SystemMachine } from "./platform/system-machine.ts";
import { SystemProcesses } from "./platform/system-processes.ts";
import { WorkflowFiles } from "./platform/workflow-files.ts";
import { openStore } from "./store/open-store.ts";
import { ProcessesWithFakes } from "./terminals/fake/processes.ts";

export interface ComposeOptions {
  signal: AbortSignal;
  progress?: (progress: Progress) => void;
  principal?: Principal;
  /** Settings given as flags. */
  flags?: Readonly<Record<string, unknown>>;
  /** Gets each line of the log at level debug: somebody is looking for what goes wrong. */
  debug?: (line: string) => void;
  /** Default: the process's own. */
  env?: Record<string, string>;
  /** Default: the process's current directory. */
  cwd?: string;
}

/** A worker's server runs thirty times on one machine: its heap stays small. */
const WORKER_NODE_FLAGS = ["--max-old-space-size=96", "--max-semi-space-size=1"];

/**
 * The composition root: configuration → adapters → context. Backends and the Claude adapter are loaded when a call first
 * needs them, so that a command pays only for what it uses.
 * @throws HOME_NOT_OURS, HOME_NOT_WRITABLE, CONFIG_VALUE_INVALID, LOG_DIR_NOT_WRITABLE for a flag, and the store's errors
 */
export async function compose(options: ComposeOptions): Promise<Context> {
  const { ITERM2_COOKIE: cookie, ITERM2_KEY: key, ...env } = options.env ?? readEnvironment();
  const cwd = options.cwd ?? process.cwd();
  const clock = new SystemClock();
  const ids = new SystemIds(clock);
  const home = openHome(homePath(env));
  const processes = new ProcessesWithFakes(new SystemProcesses(), home);
  const settingsSource = new SettingsFile({ home, cwd, environment: env, flags: options.flags ?? {} });
  const settings = settingsSource.current();
  const directory = settings.logDir === null ? join(home, "logs") : resolve(cwd, settings.logDir);
  const logger = new JsonLineLogger({
    directory,
    level: settings.logLevel,
    clock,
    keepMs: () => parseDuration(settingsSource.current().keepHistory) ?? Number.POSITIVE_INFINITY,
    echo: settings.logLevel === "debug" ? options.debug : undefined,
  });
  // A log is silent where it cannot be written; who asks for a folder on the command line is told.
  if (options.flags?.logDir !== undefined) logger.assertWritable();
  const doorbell = new FileDoorbell(home);
  const keychain = new SystemKeychain({ processes, environment: env });
  const store = await openStore({ home, environment: env, clock, ids, keychain, logger, doorbell });

  const backends = new Map<BackendName, Promise<TerminalBackend>>();
  const programs = new Map<BackendName, Promise<AgentProgram>>();
  const workTrees = new Map<"git", Promise<WorkTrees>>();
  const timeoutMs = parseDuration(settings.backendTimeout) ?? 10_000;

  async function loadBackend(name: BackendName): Promise<TerminalBackend> {
    switch (name) {
      case "tmux": {
        const { TmuxBackend } = await import("./terminals/tmux/backend.ts");
        return new TmuxBackend({ processes, clock, ids, env, socket: settings.tmuxSocket, timeoutMs });
      }
      case "fake": {
        const { FakeBackend } = await import("./terminals/fake/backend.ts");
        return new FakeBackend({ home, clock, ids, processes, timeoutMs });
      }
      case "headless": {
        const { HeadlessBackend } = await import("./terminals/headless/backend.ts");
        const { platform } = process;
        return new HeadlessBackend({ home, clock, ids, processes, timeoutMs, platform, searchPath: env.PATH ?? "" });
      }
      case "iterm2": {
        const { Iterm2Backend } = await import("./terminals/iterm2/backend.ts");
        const { defaultSocketPath } = await import("./terminals/iterm2/client/options.ts");
        const { platform } = process;
        const socketPath = defaultSocketPath(env.HOME ?? "", env.IT2_SUITE || undefined);
        const credentials = cookie ? { cookie, key } : undefined;
        const applications = ["/Applications", join(env.HOME ?? "", "Applications")];
        const parts = { home, clock, ids, processes, logger, platform, timeoutMs };
        return new Iterm2Backend({ ...parts, socketPath, credentials, applications });
      }
    }
  }

  async function loadProgram(name: BackendName): Promise<AgentProgram> {
    const parts = { home, clock, ids, processes };
    if (name === "fake") return new (await import("./claude/fake-program.ts")).FakeProgram(parts);
    if (name === "headless") {
      const { headlessFiles } = await import("./terminals/headless/files.ts");
      const { HeadlessProgram } = await import("./claude/headless-program.ts");
      return new HeadlessProgram({ ...parts, outputFiles: (tag) => headlessFiles(home, tag) });
    }
    return new (await import("./claude/claude-program.ts")).ClaudeProgram(parts);
  }

  async function loadWorkTrees(): Promise<WorkTrees> {
    const { GitWorkTrees } = await import("./platform/git/git-work-trees.ts");
    return new GitWorkTrees({ processes, env, home, clock });
  }

  return {
    store,
    backend: (name) => once(backends, name, loadBackend),
    program: (name) => once(programs, name, loadProgram),
    settings,
    settingsSource,
    home,
    version: ownVersion(),
    nodeVersion: process.version,
    mcpCommand: [process.execPath, ...WORKER_NODE_FLAGS, packageFile("bin/run.js"), "mcp"],
    clock,
    ids,
    processes,
    machine: new SystemMachine({ clock, processes }),
    doorbell,
    notifier: new DesktopNotifier({ processes, environment: env }),
    queueLeaders: new QueueLeaders(),
    interruptedTurns: new InterruptedTurns(),
    startups: new Startups(),
    logger,
    log: new JsonLineLogReader(directory),
    files: new LocalFiles(),
    workTrees: () => once(workTrees, "git", loadWorkTrees),
    roles: new MarkdownFiles(join(ownRoom(), "roles")),
    protocols: new MarkdownFiles(join(ownRoom(), "protocols")),
    workflows: new WorkflowFiles(join(ownRoom(), "workflows")),
    caller: { principal: options.principal ?? { kind: "operator" }, cwd: realCwd(cwd), env },
    signal: options.signal,
    progress: options.progress ?? (() => undefined),
  };
}

/** The settings alone, for correcting those that keep the rest from being opened. @throws HOME_NOT_OURS, HOME_NOT_WRITABLE */
export function composeSettings(): SettingsSource {
  const environment = readEnvironment();
  return new SettingsFile({ home: openHome(homePath(environment)), cwd: process.cwd(), environment });
}

function once<K, V>(loaded: Map<K, Promise<V>>, key: K, load: (key: K) => Promise<V>): Promise<V> {
  const known = loaded.get(key);
  if (known) return known;
  const loading = load(key);
  loaded.set(key, loading);
  return loading;
}

/** Sessions are found by real paths; a current directory that was removed keeps its name. */
function realCwd(cwd: string): string {
  try {
    return realpathSync(cwd);
  } catch {
    return cwd;
  }
}

/** A file of our own package, from the sources as well as from any depth of the bundle. */
function packageFile(name: string): string {
  return join(packageRoot(), name);
}

function packageRoot(): string {
  return join(ownRoom(), "..");
}

/** `dist` of the package, or `src` when the sources run. */
export function ownRoom(): string {
  const here = fileURLToPath(import.meta.url);
  const [room] = here.match(/^.*[\\/](?:dist|src)(?=[\\/])/) ?? [here];
  return room;
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string };
  return version;
}
