import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ProcessIdentity } from "../../src/core/ports/process-runner.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import { SystemProcesses } from "../../src/platform/system-processes.ts";
import { runCheck } from "../../src/scheduler/run-check.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { waitFor } from "../support/wait-for.ts";

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
const processes = new SystemProcesses();
beforeEach(async () => {
  folder = await temporaryDirectory();
});
afterEach(() => folder.remove());

const check = (
  command: readonly string[],
  {
    env = {},
    report = "",
    timeoutMs = 10_000,
    signal = new AbortController().signal,
    onStart = (_checker: ProcessIdentity): Promise<void> => Promise.resolve(),
  } = {},
) => {
  const caller = { principal: { kind: "operator" as const }, cwd: "/", env: { PATH: process.env.PATH ?? "", ...env } };
  return runCheck({ processes, clock: new SystemClock(), caller }, command, {
    cwd: folder.path,
    report,
    timeoutMs,
    signal,
    onStart,
  });
};
const sh = (script: string) => ["sh", "-c", script];

it("tells exit code and both outputs of a program in the task's folder, without a shell", async () => {
  const failed = await check(sh("pwd; echo oops >&2; exit 4"));

  expect(failed).toMatchObject({ exitCode: 4, output: `${folder.path}\n\noops\n` });
  expect(failed.endedAt).toBeGreaterThanOrEqual(failed.startedAt);
  expect(await check(["echo", "$HOME", "a b; exit 3"])).toMatchObject({ exitCode: 0, output: "$HOME a b; exit 3\n" });
  expect(await check(["no-such-program"])).toMatchObject({
    exitCode: null,
    output: expect.stringContaining("there is no program no-such-program"),
  });
});

it("B6: gets what the agent reported on standard input, whether it reads that or not", async () => {
  const report = `${"x".repeat(300_000)}\nVERDICT: GOOD\n`;

  expect(await check(["grep", "VERDICT: GOOD"], { report })).toMatchObject({ exitCode: 0, output: "VERDICT: GOOD\n" });
  expect(await check(["grep", "VERDICT: BAD"], { report })).toMatchObject({ exitCode: 1 });
  expect(await check(["true"], { report })).toMatchObject({ exitCode: 0 });
});

it("keeps the end of a long output only", async () => {
  const { output, exitCode } = await check([
    process.execPath,
    "-e",
    "process.stdout.write('x'.repeat(3e6) + 'the end')",
  ]);

  expect(exitCode).toBe(0);
  expect(output.length).toBe(16_000);
  expect(output.endsWith("xthe end")).toBe(true);
});

it("R3-29: is stopped with all its children when its time is over, or its task was ended", async () => {
  const script = sh("sleep 60 & echo $! > child; wait");
  const pidOfChild = async () => Number(await readFile(join(folder.path, "child"), "utf8"));
  const isGone = async () => (processes.identify(await pidOfChild()) === undefined ? true : undefined);

  expect(await check(script, { timeoutMs: 300 })).toMatchObject({
    exitCode: null,
    output: expect.stringContaining("stopped after"),
  });
  await waitFor("the end of the child", isGone, { timeoutMs: 3_000 });

  const stop = new AbortController();
  const running = check(script, { signal: stop.signal });
  await waitFor("the second child", async () => ((await isGone().catch(() => true)) ? undefined : true), {
    timeoutMs: 3_000,
  });
  stop.abort();
  expect(await running).toMatchObject({ exitCode: null });
  await waitFor("the end of the second child", isGone, { timeoutMs: 3_000 });
});

it("gets the agents' environment without what is secret", async () => {
  const env = {
    KEPT: "yes",
    ANTHROPIC_API_KEY: "secret-1",
    CLAUDE_CODE_OAUTH_TOKEN: "secret-2",
    GITHUB_TOKEN: "secret-3",
    DB_PASSWORD: "secret-4",
    TOKENIZER: "kept-too",
  };

  const { output } = await check([process.execPath, "-p", "JSON.stringify(process.env)"], { env });

  expect(JSON.parse(output)).toMatchObject({ KEPT: "yes", TOKENIZER: "kept-too" });
  expect(output).not.toContain("secret-");
});

it("tells who it is before it begins, and never begins where that fails", async () => {
  const told: (ProcessIdentity | undefined)[] = [];
  const hasBegun = () => readFile(join(folder.path, "begun"), "utf8").catch(() => undefined);
  const onStart = async (checker: ProcessIdentity) => {
    told.push(checker, processes.identify(checker.pid));
    // Others that start later are over before it begins.
    for (let others = 0; others < 3; others += 1) await processes.run("sh", ["-c", "exit 0"]);
    expect(await hasBegun()).toBeUndefined();
  };

  expect(await check(sh("echo $$ > begun"), { onStart })).toMatchObject({ exitCode: 0 });
  expect(told[0]).toEqual(told[1]);
  expect(Number(await hasBegun())).toBe(told[0]?.pid);

  const refused = await check(sh("echo 2 > begun"), { onStart: () => Promise.reject(new Error("no")) });
  expect(refused).toMatchObject({ exitCode: null, output: "(cut off)" });
  expect(Number(await hasBegun())).toBe(told[0]?.pid);
});
