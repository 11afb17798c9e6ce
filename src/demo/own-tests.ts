import type { Context } from "../operations/context.ts";

const TIMEOUT_MS = 20_000;

export interface TestCount {
  passed: number;
  failed: number;
}

/** Runs the app's own tests as anybody would; null when they could not be run to their end. */
export async function runOwnTests({ processes, caller, signal }: Context, project: string): Promise<TestCount | null> {
  const { reason, exitCode, stdout } = await processes.run("node", ["--test", "--test-reporter=tap"], {
    cwd: project,
    env: caller.env,
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  signal.throwIfAborted();
  const count = (word: string) => new RegExp(`^# ${word} (\\d+)$`, "m").exec(stdout)?.[1];
  const [passed, failed] = [count("pass"), count("fail")];
  if (reason !== "exited" || passed === undefined || failed === undefined) return null;
  // What breaks outside a test is no test that failed.
  return { passed: Number(passed), failed: exitCode === 0 ? Number(failed) : Math.max(1, Number(failed)) };
}
