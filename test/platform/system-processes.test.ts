import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { identifyProcess, parentOfProcess, parseProcStat, parsePs } from "../../src/platform/process-identity.ts";
import { SystemProcesses } from "../../src/platform/system-processes.ts";

const processes = new SystemProcesses();
const folder = mkdtempSync(join(tmpdir(), "claude-orch-processes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = process.execPath;

test("returns output, error output and exit code of a child", async () => {
  const result = await processes.run(node, ["-e", "console.log('out'); console.error('err'); process.exitCode = 3"]);

  expect(result).toMatchObject({ reason: "exited", exitCode: 3, signal: null, stdout: "out\n", stderr: "err\n" });
});

test("passes input, working directory and exactly the given environment", async () => {
  const script = "process.stdout.write(process.cwd() + JSON.stringify(process.env) + require('fs').readFileSync(0))";

  const result = await processes.run(node, ["-e", script], { cwd: folder, env: { ONLY: "this" }, input: "héllo" });

  expect(result.stdout).toBe(`${folder}{"ONLY":"this"}héllo`);
});

test("arguments reach the child as they are, whatever they contain", async () => {
  const args = ["", "a b", "$(id)", "'\"`;|&", "line\nbreak", "--", "-x"];

  const result = await processes.run(node, ["-e", "console.log(JSON.stringify(process.argv.slice(1)))", "--", ...args]);

  expect(JSON.parse(result.stdout)).toEqual(args);
});

test("a child that does not read its input is no failure", async () => {
  const result = await processes.run(node, ["-e", "process.exit(0)"], { input: Buffer.alloc(4 << 20) });

  expect(result).toMatchObject({ reason: "exited", exitCode: 0 });
});

test("says why a child could not be started", async () => {
  const isData = join(folder, "data.txt");
  writeFileSync(isData, "");
  chmodSync(isData, 0o600);

  expect((await processes.run(join(folder, "missing"), [])).reason).toBe("not-found");
  expect((await processes.run(isData, [])).reason).toBe("not-startable");
  expect((await processes.run(node, ["-v"], { cwd: join(folder, "missing") })).reason).toBe("not-startable");
  expect((await processes.run(node, ["a\0b"])).reason).toBe("not-startable");
  expect((await processes.run(node, ["x".repeat(10_000_000)])).reason).toBe("not-startable");
});

test("a child killed by a signal is reported with the signal", async () => {
  const result = await processes.run(node, ["-e", "process.kill(process.pid, 'SIGKILL')"]);

  expect(result).toMatchObject({ reason: "signalled", signal: "SIGKILL", exitCode: null });
});

test("a bound ends the child and its own children, also when they ignore the polite signal", async () => {
  const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);";
  const grandchild = `${stubborn} console.log(process.pid)`;
  const script = `${stubborn} require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' })`;

  const result = await processes.run(node, ["-e", script], { timeoutMs: 1500 });

  expect(result.reason).toBe("timed-out");
  const pid = Number(result.stdout.trim());
  expect(pid).toBeGreaterThan(1);
  await expect.poll(() => processes.identify(pid)).toBeUndefined();
});

test("a bound also ends what a child leaves behind that went politely itself", async () => {
  const grandchild = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log(process.pid)";
  const script = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' })`;

  const result = await processes.run(node, ["-e", script], { timeoutMs: 1500 });

  expect(result.reason).toBe("timed-out");
  const pid = Number(result.stdout.trim());
  expect(pid).toBeGreaterThan(1);
  await expect.poll(() => processes.identify(pid)).toBeUndefined();
});

test("many children at once, under one signal, leave nothing behind and warn of nothing", async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on("warning", onWarning);
  const listeners = process.listenerCount("exit");
  const { signal } = new AbortController();

  const results = await Promise.all(Array.from({ length: 14 }, () => processes.run("/bin/echo", ["x"], { signal })));

  expect(results.map(({ stdout }) => stdout)).toEqual(Array(14).fill("x\n"));
  expect(process.listenerCount("exit")).toBe(listeners);
  process.removeListener("warning", onWarning);
  expect(warnings).toEqual([]);
});

test("an abort ends the child", async () => {
  const controller = new AbortController();
  const running = processes.run(node, ["-e", "setInterval(() => {}, 1000)"], { signal: controller.signal });

  controller.abort();

  expect((await running).reason).toBe("cancelled");
  expect((await processes.run(node, ["-v"], { signal: controller.signal })).reason).toBe("cancelled");
});

test("does not wait for a daemon that keeps the child's output open", async () => {
  const script =
    "const d = require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20000)'], { detached: true, stdio: 'inherit' }); console.log(d.pid); d.unref(); process.exit()";

  const result = await processes.run(node, ["-e", script]);

  expect(result.reason).toBe("exited");
  expect(result.durationMs).toBeLessThan(8000);
  expect(processes.kill(Number(result.stdout), "SIGKILL")).toBe(true);
});

test("a child does not outlive the process that waits for it", async () => {
  const pidFile = join(folder, "pid");
  const module = new URL("../../src/platform/system-processes.ts", import.meta.url).pathname;
  const child = `require('fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); console.log(1); setInterval(() => {}, 1000)`;
  const script = join(folder, "parent.test-parent.ts");
  writeFileSync(
    script,
    `import { SystemProcesses } from ${JSON.stringify(module)};
     import { watchFile, existsSync, readFileSync } from "node:fs";
     void new SystemProcesses().run(process.execPath, ["-e", ${JSON.stringify(child)}], { timeoutMs: 30000 });
     setInterval(() => existsSync(${JSON.stringify(pidFile)}) && readFileSync(${JSON.stringify(pidFile)}, "utf8") && process.exit(0), 5);`,
  );
  const built = join(folder, "parent.mjs");
  const { build } = await import("esbuild");
  await build({
    entryPoints: [script],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: built,
    logLevel: "error",
  });

  await processes.run(node, [built]);

  const pid = Number(readFileSync(pidFile, "utf8"));
  await expect.poll(() => processes.identify(pid)).toBeUndefined();
});

test("knows its own identity, and a process with another start time is another process", () => {
  const self = processes.self();

  expect(self.pid).toBe(process.pid);
  expect(processes.isAlive(self)).toBe(true);
  expect(processes.isAlive({ pid: self.pid, startedAt: "" })).toBe(true);
  expect(processes.isAlive({ pid: self.pid, startedAt: "1" })).toBe(false);
  expect(processes.identify(0)).toBeUndefined();
  expect(processes.identify(-1)).toBeUndefined();
});

test("a zombie is not alive", async () => {
  // The shell turns into `sleep` and never waits for its background child, which so stays a zombie.
  const parent = spawn("/bin/sh", ["-c", "sh -c 'echo $$' & exec sleep 30"], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const zombie = await new Promise<number>((resolve) =>
      parent.stdout.once("data", (chunk: Buffer) => resolve(Number(chunk.toString()))),
    );

    await expect.poll(() => processes.isAlive({ pid: zombie, startedAt: "" })).toBe(false);
    // It is still there for the system: only looking at the state tells.
    expect(() => process.kill(zombie, 0)).not.toThrow();
  } finally {
    parent.kill("SIGKILL");
  }
});

test("reads /proc and ps lines", () => {
  const stat = `12 (a) b) S 1 ${"0 ".repeat(17)}4711 0`;

  expect(parseProcStat(stat)).toBe("4711");
  expect(parseProcStat(stat.replace(" S ", " Z "))).toBeUndefined();
  expect(parsePs("Sat Nov 21 11:46:48 2026     Ss+\n")).toBe("Sat Nov 21 11:46:48 2026");
  expect(parsePs("Sat Nov 21 11:46:48 2026     Z\n")).toBeUndefined();
  expect(parsePs("")).toBeUndefined();
  expect(identifyProcess(process.pid)?.startedAt).toMatch(/^\d+$|^\w{3} /);
});

test("kill reaches a process group, and says when there is nothing to reach", async () => {
  const child = spawn(node, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
  const pid = child.pid ?? 0;
  const ended = new Promise((resolve) => child.once("exit", resolve));

  expect(processes.kill(pid, "SIGTERM", { group: true })).toBe(true);
  await ended;

  expect(processes.kill(pid, "SIGTERM")).toBe(false);
  expect(processes.kill(0, "SIGTERM")).toBe(false);
});

test("finds executables on a PATH, never through a relative entry", async () => {
  const tool = join(folder, "my-tool");
  writeFileSync(tool, "#!/bin/sh\n", { mode: 0o700 });
  writeFileSync(join(folder, "not-executable"), "", { mode: 0o600 });

  expect(await processes.which("my-tool", `/nonexistent:${folder}`)).toBe(tool);
  expect(await processes.which(tool, "")).toBe(tool);
  expect(await processes.which("not-executable", folder)).toBeUndefined();
  expect(await processes.which("my-tool", ".:relative")).toBeUndefined();
  expect(await processes.which("", folder)).toBeUndefined();
});

test("the parent of a process is known while it lives", async () => {
  const result = await processes.run(node, ["-e", "console.log(process.pid)"]);

  expect(processes.parentOf(process.pid)).toBe(process.ppid);
  expect(parentOfProcess(Number(result.stdout))).toBeUndefined();
  expect([0, -1, Number.NaN].map(parentOfProcess)).toEqual([undefined, undefined, undefined]);
});
