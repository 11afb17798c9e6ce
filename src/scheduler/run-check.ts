import type { RunResult } from "../core/ports/process-runner.ts";
import type { CheckResult } from "../core/task.ts";
import type { Context } from "../operations/context.ts";
import type { CheckBounds } from "./crew.ts";

/** What is kept of a check's output. */
const TAIL_BYTES = 16_000;

/** Names of variables that carry what a check has no need of: keys and tokens, Claude Code's and ours first of all. */
const SECRETS =
  /^(?:ANTHROPIC_|CLAUDE_|ITERM2_)|(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_KEY|CREDENTIALS?)$/i;

/** Runs a check command, without a shell, in a process group of its own that ends with it. Never throws for a failing one. */
export async function runCheck(
  { processes, clock, caller }: Pick<Context, "processes" | "clock" | "caller">,
  command: readonly string[],
  { cwd, report, ...bounds }: CheckBounds & { cwd: string },
): Promise<CheckResult> {
  const startedAt = clock.now();
  const [file = "", ...args] = command;
  const env = Object.fromEntries(Object.entries(caller.env).filter(([name]) => !SECRETS.test(name)));
  const result = await processes.run(file, args, { cwd, env, input: report, ...bounds, tailBytes: TAIL_BYTES });
  const output = [result.stdout, result.stderr, remark(result, file, bounds.timeoutMs)]
    .filter((text) => text !== "")
    .join("\n");
  const exitCode = result.reason === "exited" ? result.exitCode : null;
  return { exitCode, output: output.slice(-TAIL_BYTES), startedAt, endedAt: clock.now() };
}

/** Why there is no exit code. */
function remark({ reason, signal }: RunResult, file: string, timeoutMs: number): string {
  switch (reason) {
    case "exited":
      return "";
    case "signalled":
      return `(ended by ${signal})`;
    case "timed-out":
      return `(stopped after ${Math.round(timeoutMs / 1000)} s)`;
    case "cancelled":
      return "(cut off)";
    case "not-found":
      return `(there is no program ${file})`;
    case "not-startable":
      return `(${file} could not be started)`;
  }
}
