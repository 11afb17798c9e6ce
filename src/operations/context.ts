import type { AgentProgram } from "../core/ports/agent-program.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Doorbell } from "../core/ports/doorbell.ts";
import type { Ids } from "../core/ports/ids.ts";
import type { Logger, LogReader } from "../core/ports/logger.ts";
import type { Machine } from "../core/ports/machine.ts";
import type { MarkdownSource } from "../core/ports/markdown-source.ts";
import type { Notifier } from "../core/ports/notifier.ts";
import type { ProcessRunner } from "../core/ports/process-runner.ts";
import type { SettingsSource } from "../core/ports/settings-source.ts";
import type { Store } from "../core/ports/store.ts";
import type { TerminalBackend } from "../core/ports/terminal-backend.ts";
import type { WorkTrees } from "../core/ports/work-trees.ts";
import type { WorkflowSource } from "../core/ports/workflow-source.ts";
import type { Principal } from "../core/principal.ts";
import type { BackendName } from "../core/session.ts";
import type { Settings } from "../core/settings.ts";
import type { InterruptedTurns } from "./agent/delivery/interrupted-turns.ts";
import type { QueueLeaders } from "./agent/delivery/queue-leaders.ts";
import type { Startups } from "./agent/lifecycle/startups.ts";

export interface Caller {
  principal: Principal;
  /** Absolute path the call is made from. */
  cwd: string;
  /** The caller's environment, as a child process would inherit it. */
  env: Record<string, string>;
}

export interface Progress {
  /** What is being waited for, in a few words. */
  message: string;
  /** Done and total, where there is such a thing. */
  done?: number;
  total?: number;
}

/** Everything an operation may touch. Built once by the composition root; `signal` and `progress` per call. */
export interface Context {
  store: Store;
  /** The program with its knowledge of this backend's agents; `fake` agents have a fake program. */
  program(backend: BackendName): Promise<AgentProgram>;
  backend(name: BackendName): Promise<TerminalBackend>;
  settings: Settings;
  settingsSource: SettingsSource;
  /** Absolute path of our own home folder. */
  home: string;
  /** Our own version. */
  version: string;
  /** Version of the Node.js that runs us. */
  nodeVersion: string;
  /** Argv that starts our MCP server for a worker. */
  mcpCommand: readonly string[];
  clock: Clock;
  ids: Ids;
  processes: ProcessRunner;
  machine: Machine;
  doorbell: Doorbell;
  notifier: Notifier;
  queueLeaders: QueueLeaders;
  interruptedTurns: InterruptedTurns;
  startups: Startups;
  logger: Logger;
  /** What was logged before, by any process. */
  log: LogReader;
  files: Files;
  /** Git worktrees; loaded when first asked for. */
  workTrees(): Promise<WorkTrees>;
  roles: MarkdownSource;
  /** Working protocols: Markdown files, as roles are. */
  protocols: MarkdownSource;
  workflows: WorkflowSource;
  caller: Caller;
  signal: AbortSignal;
  progress(progress: Progress): void;
}

/** The few questions operations ask of the file system. */
export interface Files {
  /** Real path of an existing directory. @throws SESSION_ROOT_MISSING, SESSION_ROOT_NOT_A_DIRECTORY */
  realDirectory(path: string): Promise<string>;
  /** Text of a UTF-8 file. @throws FILE_NOT_FOUND, TEXT_NOT_UTF8 */
  readText(path: string): Promise<string>;
  /**
   * A regular file of a few megabytes at most; undefined where there is none that can be read. Not `isWhole`: not UTF-8.
   * `isLinked`: it, or a folder above it, is a link.
   */
  readIfThere(
    path: string,
  ): Promise<{ text: string; modifiedAt: number; isWhole: boolean; isLinked: boolean } | undefined>;
  /**
   * Puts a text in the place of a file, atomically, unless it is not `expected` any more (undefined: no file). `refused`: a
   * link, something else, or what cannot be read stands there, which is left alone.
   */
  replace(path: string, text: string, expected: string | undefined): Promise<"written" | "changed" | "refused">;
}
