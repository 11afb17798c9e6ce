import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { SystemProcesses } from "../../src/platform/system-processes.ts";
import { bundleScript } from "../support/bundle-script.ts";
import { waitFor } from "../support/wait-for.ts";

const processes = new SystemProcesses();
const folder = mkdtempSync(join(tmpdir(), "claude-orch-held-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const onStart = () => Promise.resolve();

test("a child that waited to begin is the program itself, with its arguments, folder, environment and no file of ours", async () => {
  const script = "console.log(JSON.stringify([process.argv.slice(1), process.cwd(), process.env.ONLY, process.ppid]))";
  const args = ["-e", script, "--", "", "a b", "$(id)", "'\"`;|&", "-x"];

  const result = await processes.run(process.execPath, args, { cwd: folder, env: { ONLY: "this" }, onStart });

  expect(JSON.parse(result.stdout)).toEqual([args.slice(3), folder, "this", process.pid]);
  const gate = await processes.run("sh", ["-c", "true <&3"], { onStart });
  expect([gate.exitCode === 0, gate.reason]).toEqual([false, "exited"]);
  const input = await processes.run("cat", [], { input: "héllo", onStart });
  expect(input).toMatchObject({ reason: "exited", exitCode: 0, stdout: "héllo" });
});

test("what cannot be started says why, as without waiting", async () => {
  expect((await processes.run("no-such-program", [], { onStart })).reason).toBe("not-found");
  expect((await processes.run(folder, [], { onStart })).reason).toBe("not-startable");
  expect((await processes.run("sh", [], { cwd: join(folder, "missing"), onStart })).reason).toBe("not-startable");
});

test("one whose start time nobody can tell begins all the same, and is told without it", async () => {
  const told: unknown[] = [];
  // As where `ps` does not answer in time.
  const blind = new SystemProcesses();
  blind.identify = () => undefined;

  const result = await blind.run("/bin/sh", ["-c", "echo begun"], {
    onStart: async (child) => void told.push(child),
    timeoutMs: 3_000,
  });

  expect(result).toMatchObject({ reason: "exited", stdout: "begun\n" });
  expect(told).toEqual([{ pid: expect.any(Number), startedAt: "" }]);
});

test("it never begins when the process that holds it is killed", async () => {
  const program = await bundleScript(new URL("./held-child.ts", import.meta.url), folder);
  const begun = join(folder, "begun");
  const holder = spawn(process.execPath, [program, begun], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(holder.stdout, "data")) as [Buffer];
  const held = processes.identify(Number(line.toString()));
  expect(held).toBeDefined();

  holder.kill("SIGKILL");

  await waitFor("the end of the child", () => (held && processes.isAlive(held) ? undefined : true));
  expect(existsSync(begun)).toBe(false);
});
