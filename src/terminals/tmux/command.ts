import { AppError } from "../../core/errors.ts";
import type { RunResult } from "../../core/ports/process-runner.ts";
import { serverEnvironment, type TmuxOptions } from "./options.ts";

export type TmuxArgs = readonly string[];

export interface CallOptions {
  input?: string;
  cwd?: string;
  signal?: AbortSignal | undefined;
}

/** One tmux process per call; several commands in a call run as one list, in order, until the first that fails. */
export class TmuxCommand {
  readonly #options: TmuxOptions;
  readonly #env: Record<string, string>;
  readonly #prefix: readonly string[];

  /** `server` are the words that name it: `-L <name>`, or `-S <path>`; by default our own. */
  constructor(options: TmuxOptions, server: readonly string[] = ["-L", options.socket]) {
    this.#options = options;
    this.#env = serverEnvironment(options.env);
    // -u: without it a client in a non-UTF-8 locale gets every non-ASCII character of names and titles as "_".
    this.#prefix = ["-u", ...server, "-f", options.configFile ?? "/dev/null"];
  }

  /** Standard output of the command list. @throws CANCELLED, BACKEND_UNAVAILABLE, BACKEND_COMMAND_FAILED */
  async run(commands: readonly TmuxArgs[], call: CallOptions = {}): Promise<string> {
    const result = await this.attempt(commands, call);
    if (result.exitCode === 0) return result.stdout;
    throw commandFailed(commands, result);
  }

  /** The result as it is, except that an abort and a missing tmux are thrown, and so is every unknown outcome. */
  async attempt(commands: readonly TmuxArgs[], call: CallOptions = {}): Promise<RunResult> {
    const args = [...this.#prefix, ...joined(commands)];
    const result = await this.raw(args, call);
    if (result.reason === "exited") return result;
    if (result.reason === "cancelled") throw new AppError("CANCELLED", "Cancelled", { cause: call.signal?.reason });
    if (result.reason === "not-found") {
      throw new AppError("BACKEND_UNAVAILABLE", "tmux could not be started", {
        hint: "Install tmux 3.2 or newer, or use another --backend.",
        details: { cwd: call.cwd ?? null, stderr: result.stderr.slice(-400) },
      });
    }
    throw commandFailed(commands, result);
  }

  /** tmux with exactly these arguments, e.g. `-V`. Never throws for a failing tmux. */
  raw(args: readonly string[], call: CallOptions = {}): Promise<RunResult> {
    return this.#options.processes.run("tmux", args, {
      env: this.#env,
      timeoutMs: this.#options.timeoutMs,
      ...(call.cwd === undefined ? {} : { cwd: call.cwd }),
      ...(call.input === undefined ? {} : { input: call.input }),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
  }
}

/**
 * There is no server on the socket, it went away during the call, or it is about to: for some milliseconds after its last
 * pane it has no session left ("no current target", seen in 3.3a). tmux has one exit code for everything, so its words
 * decide; they are not translated.
 */
export function isServerAbsent(result: RunResult): boolean {
  return (
    result.exitCode !== 0 &&
    /no server running on|no current target|server exited|lost server|error connecting to .*\((?:No such file or directory|Connection refused)\)/.test(
      result.stderr,
    )
  );
}

export function commandFailed(commands: readonly TmuxArgs[], result: RunResult): AppError {
  const names = commands.map((command) => command[0]).join("; ");
  const why = result.reason === "timed-out" ? "did not answer in time" : firstLine(result.stderr) || result.reason;
  return new AppError("BACKEND_COMMAND_FAILED", `tmux ${names}: ${why}`, {
    details: {
      reason: result.reason,
      exitCode: result.exitCode,
      stderr: result.stderr.slice(-400),
      durationMs: Math.round(result.durationMs),
    },
  });
}

function joined(commands: readonly TmuxArgs[]): string[] {
  return commands.flatMap((command, index) => [...(index === 0 ? [] : [";"]), ...command.map(escapeSemicolon)]);
}

/** tmux takes a `;` at the end of any argument for the end of the command. */
function escapeSemicolon(argument: string): string {
  return argument.endsWith(";") ? `${argument.slice(0, -1)}\\;` : argument;
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}
