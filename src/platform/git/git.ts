import { AppError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { ProcessRunner, RunResult } from "../../core/ports/process-runner.ts";

export interface GitOptions {
  cwd: string;
  /** On top of git's environment. */
  env?: Record<string, string>;
  input?: string | Buffer;
  /** Default 30 000: a question. What reads or writes a whole tree gets more. */
  timeoutMs?: number;
  /** Names of files as git has them, one character a byte: they need not be UTF-8. */
  isBytes?: boolean;
  /** The user's own hooks run, where git does for them what their own command would. */
  withHooks?: boolean;
  signal?: AbortSignal | undefined;
}

const QUESTION_MS = 30_000;
/** Checking out or hashing a big repository on a slow disk. */
export const WHOLE_TREE_MS = 600_000;

/**
 * Never a prompt, a pager, a hook or a program of the user's, and no housekeeping in the middle of ours. Objects are on disk
 * when git ends (by itself it leaves loose ones to the system): a snapshot is often the only copy of what is then deleted.
 */
const ALWAYS = [
  ...["-c", "core.fsmonitor=false"],
  ...["-c", "core.quotePath=false"],
  ...["-c", "advice.detachedHead=false"],
  ...["-c", "core.fsync=committed,loose-object"],
  ...["-c", "core.fsyncMethod=batch"],
  ...["-c", "gc.auto=0"],
  ...["-c", "maintenance.auto=false"],
  ...["-c", "submodule.recurse=false"],
];
const WITHOUT_HOOKS = ["-c", "core.hooksPath=/dev/null"];

/** Of the caller's GIT_ variables only those that say where configuration lies: others would point git somewhere else. */
const KEPT_VARIABLES = /^GIT_CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)$/;

/** Runs git: argv only, words in English, nobody's identity but ours on what we commit. */
export class Git {
  readonly #processes: ProcessRunner;
  readonly #env: Record<string, string>;
  readonly #path: string;
  readonly #clock: Clock;
  #file: string | undefined;

  constructor({
    processes,
    env,
    clock,
  }: {
    processes: ProcessRunner;
    env: Readonly<Record<string, string>>;
    clock: Clock;
  }) {
    this.#processes = processes;
    this.#clock = clock;
    this.#path = env.PATH ?? "";
    const inherited = Object.entries(env).filter(([name]) => !name.startsWith("GIT_") || KEPT_VARIABLES.test(name));
    this.#env = {
      ...Object.fromEntries(inherited),
      LC_ALL: "C",
      GIT_TERMINAL_PROMPT: "0",
      GIT_PAGER: "cat",
      GIT_EDITOR: "false",
      // Questions must not write the index that an agent is using.
      GIT_OPTIONAL_LOCKS: "0",
      GIT_AUTHOR_NAME: "claude-orch",
      GIT_AUTHOR_EMAIL: "claude-orch@localhost",
      GIT_COMMITTER_NAME: "claude-orch",
      GIT_COMMITTER_EMAIL: "claude-orch@localhost",
    };
  }

  /** Its output. @throws GIT_COMMAND_FAILED with git's words, GIT_NOT_INSTALLED, CANCELLED */
  async run(args: readonly string[], options: GitOptions): Promise<string> {
    const result = await this.ask(args, options);
    if (result.exitCode === 0) return result.stdout;
    throw gitFailure(args, result);
  }

  /** The result, whatever git answered. @throws GIT_COMMAND_FAILED when it did not end by itself, GIT_NOT_INSTALLED, CANCELLED */
  async ask(args: readonly string[], options: GitOptions): Promise<RunResult> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await this.#once(args, options);
      const mayRepeat = attempt < ATTEMPTS && !args.includes("add") && result.exitCode !== 0;
      if (!mayRepeat || !HALF_MADE.test(result.stderr)) return result;
      await this.pause(attempt, options.signal);
    }
  }

  /** A moment for another process to finish what is in the way. */
  pause(attempt: number, signal?: AbortSignal): Promise<void> {
    return this.#clock.sleep(20 * attempt, signal);
  }

  async #once(args: readonly string[], { isBytes, withHooks, env, ...options }: GitOptions): Promise<RunResult> {
    const result = await this.#processes.run(
      await this.#find(),
      [...ALWAYS, ...(withHooks ? [] : WITHOUT_HOOKS), ...args],
      {
        cwd: options.cwd,
        env: { ...this.#env, ...env },
        timeoutMs: options.timeoutMs ?? QUESTION_MS,
        encoding: isBytes ? "latin1" : "utf8",
        ...(options.input === undefined ? {} : { input: options.input }),
        ...(options.signal ? { signal: options.signal } : {}),
      },
    );
    if (result.reason === "exited") return result;
    if (result.reason === "cancelled") throw new AppError("CANCELLED", "Cancelled");
    throw gitFailure(args, result);
  }

  async #find(): Promise<string> {
    this.#file ??= await this.#processes.which("git", this.#path);
    if (this.#file === undefined) throw new AppError("GIT_NOT_INSTALLED", "There is no git on PATH");
    return this.#file;
  }
}

/**
 * Git reads the entries of all worktrees, and gives up on one that another git is just making (seen in 2.39: `failed to read
 * .git/worktrees/w_3/commondir: Success`).
 */
const HALF_MADE = /failed to read .*worktrees\//;
export const ATTEMPTS = 12;

/** Did the command fail only because another worktree was being made at that moment? */
export function isInPassing(error: unknown): boolean {
  return (
    error instanceof AppError && error.code === "GIT_COMMAND_FAILED" && HALF_MADE.test(String(error.details.stderr))
  );
}

/** What git said last, without its own word for an error. */
export function gitFailure(args: readonly string[], result: RunResult): AppError {
  const lines = result.stderr.split("\n").filter((line) => line.trim() !== "" && !/^hint:|^warning:/.test(line));
  const [last = ""] = lines.filter((line) => /^(fatal|error):/.test(line)).slice(-1);
  const said = (last || lines.at(-1) || "").replace(/^(fatal|error): /, "");
  const verb = args.find((argument, index) => !argument.startsWith("-") && args[index - 1] !== "-c") ?? "";
  const why =
    result.reason === "exited" ? said || `exit code ${result.exitCode}` : `${result.reason}${said && `: ${said}`}`;
  return new AppError("GIT_COMMAND_FAILED", `git ${verb} failed: ${why}`, {
    details: { command: verb, exitCode: result.exitCode, reason: result.reason, stderr: result.stderr.slice(-2_000) },
  });
}

/** Bytes as `isBytes` gives them → for git's standard input. */
export function toBytes(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

/** Bytes as `isBytes` gives them → readable text; what is not UTF-8 becomes `�`. */
export function readable(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** A readable text as git has it. */
export function asBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Entries of a `-z` output. */
export function entriesOf(output: string): string[] {
  return output.split("\0").filter((entry) => entry !== "");
}
