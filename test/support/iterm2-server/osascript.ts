import type { RunOptions, RunResult } from "../../../src/core/ports/process-runner.ts";
import type { CookieJar } from "./cookie-jar.ts";
import type { ServerClock } from "./server-clock.ts";
import type { Violations } from "./violations.ts";

/**
 * What AppleScript does when a cookie is asked for. `never`: the Automation prompt is open, and nobody answers it.
 * `too-old`: this iTerm2 does not know the verb.
 */
export type OsascriptMode = "ok" | "not-permitted" | "api-disabled" | "denied" | "too-old" | "garbage" | "never";

const FAILURES: Readonly<Record<string, string>> = {
  "not-permitted": "execution error: Not authorized to send Apple events to iTerm2. (-1743)",
  "api-disabled": "execution error: iTerm2 got an error: The Python API is not enabled. (1)",
  denied: "execution error: iTerm2 got an error: Permission denied. (2)",
  "too-old": "syntax error: Expected end of line but found identifier. (-2741)",
};

/** `/usr/bin/osascript` as far as iTerm2 is concerned: give its `run` to the client in place of a process runner's. */
export class FakeOsascript {
  mode: OsascriptMode = "ok";
  /** Every script that was run. */
  readonly scripts: string[] = [];
  /** The names that asked for a cookie. */
  readonly appNames: string[] = [];
  readonly #cookies: CookieJar;
  readonly #violations: Violations;
  readonly #clock: ServerClock;
  readonly #isRunning: () => boolean;

  constructor(options: { cookies: CookieJar; violations: Violations; clock: ServerClock; isRunning: () => boolean }) {
    this.#cookies = options.cookies;
    this.#violations = options.violations;
    this.#clock = options.clock;
    this.#isRunning = options.isRunning;
  }

  /** Same contract as `ProcessRunner.run`; the script comes on stdin or as `-e` arguments. */
  readonly run = async (file: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> => {
    if (file !== "/usr/bin/osascript") return result({ reason: "not-found", exitCode: null });
    const lines = args.flatMap((argument, index) => (args[index - 1] === "-e" ? [argument] : []));
    const script = lines.length > 0 ? lines.join("\n") : (options.input ?? "").toString();
    this.scripts.push(script);
    if (this.mode === "never") return this.#never(options);
    const hasGuard = script.includes('application "iTerm2" is running');
    if (!script.includes("request cookie")) {
      return hasGuard ? result({ stdout: `${this.#isRunning()}\n` }) : failed("syntax error (-2741)");
    }
    if (!this.#isRunning()) {
      if (!hasGuard) this.#violations.record("A cookie was asked for without looking whether iTerm2 runs: it starts");
      // What a guarded script says in its other branch.
      const [, otherwise = ""] = /\belse\b[\s\S]*?\breturn "([^"]*)"/.exec(script) ?? [];
      return result({ stdout: `${otherwise}\n` });
    }
    return this.#cookie(script);
  };

  #cookie(script: string): RunResult {
    const failure = FAILURES[this.mode];
    if (failure !== undefined) return failed(failure);
    if (this.mode === "garbage") return result({ stdout: "missing value\n" });
    const [, both, name] = /request cookie( and key)? for app named "((?:[^"\\]|\\.)*)"/.exec(script) ?? [];
    if (name === undefined) return failed("syntax error (-2741)");
    this.appNames.push(name.replace(/\\(.)/g, "$1"));
    const { cookie, key } = this.#cookies.issue();
    return result({ stdout: both === undefined ? `${cookie}\n` : `${cookie} ${key}\n` });
  }

  #never({ timeoutMs = 10_000, signal }: RunOptions): Promise<RunResult> {
    return new Promise((resolve) => {
      this.#clock.after(timeoutMs, () => resolve(result({ reason: "timed-out", exitCode: null })));
      const cancel = () => resolve(result({ reason: "cancelled", exitCode: null }));
      if (signal?.aborted) cancel();
      else signal?.addEventListener("abort", cancel, { once: true });
    });
  }
}

function failed(stderr: string): RunResult {
  return result({ exitCode: 1, stderr: `0:0: ${stderr}\n` });
}

function result(part: Partial<RunResult>): RunResult {
  return { reason: "exited", exitCode: 0, signal: null, stdout: "", stderr: "", durationMs: 1, ...part };
}
