import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoResult } from "../../src/demo/run-demo.ts";
import { claudeVersions, processesOf } from "../support/claude-sandbox.ts";
import { waitFor } from "../support/wait-for.ts";
import { collect, openWorld, type World } from "./support/world.ts";

const APP = new URL("../../src/demo/app/", import.meta.url).pathname;
const MAX_SECONDS = 60;

describe.each(claudeVersions("newest"))("demo on Claude Code $version", (claude) => {
  let world: World;
  /** Everything that a demo makes lies in there. */
  let temporary: string;

  beforeAll(async () => {
    world = await openWorld(claude);
    temporary = path.join(world.sandbox.root, "t");
    await mkdir(temporary, { mode: 0o700 });
  }, 30_000);
  afterAll(() => world?.dispose(), 30_000);

  const env = (more: Record<string, string> = {}) => ({ TMPDIR: temporary, TMUX_TMPDIR: temporary, ...more });
  const played = () => env({ CLAUDE_ORCH_CLAUDE_BIN: path.join(world.sandbox.root, "no-claude") });

  /** No process, no folder, no socket: only tmux's own empty folder for sockets. */
  async function expectNothingLeft(): Promise<void> {
    await waitFor("its processes to end", async () => (await processesOf(temporary)).length === 0 || undefined, {
      timeoutMs: 5_000,
      describe: async () => JSON.stringify(await processesOf(temporary)),
    });
    const left = await readdir(temporary, { recursive: true });
    expect(left.filter((name) => !/^tmux-\d+$/.test(name))).toEqual([]);
  }

  it(`R4-59 R1-54: three agents build an app whose tests pass, one of them after its check has failed, in less than ${MAX_SECONDS} s`, async () => {
    const keep = path.join(world.sandbox.root, "kept", "task-list");

    const { exitCode, stderr, ...result } = await world.cli(["demo", "--keep", keep, "--json"], { env: env() });

    expect([exitCode, stderr], stderr).toEqual([0, expect.stringContaining("Cleaned up.")]);
    const demo = result.json() as unknown as DemoResult;
    expect(demo).toMatchObject({ backend: "tmux", note: null, kept: keep, tests: { passed: 6, failed: 0 } });
    expect(demo.seconds).toBeLessThan(MAX_SECONDS);
    expect(demo.tasks).toEqual([
      { number: 1, title: "Back end", role: "backend", agent: "backend", state: "done", checks: [0] },
      { number: 2, title: "Front end", role: "frontend", agent: "frontend", state: "done", checks: [0] },
      { number: 3, title: "Tests", role: "tester", agent: "tester", state: "done", checks: [1, 0] },
    ]);
    expect(demo.recovery).toEqual({ agent: "backend", outcome: "resumed", isSameConversation: true });
    expect(demo.answers.map(({ deliveredVia }) => deliveredVia)).not.toContain(null);

    // What a person saw, in order.
    const story = [
      "TASK_3 Tests (tester), after TASK_1 and TASK_2; check: node --test",
      "TASK_1 reached backend (proved by transcript)",
      "TASK_1 backend reports: GET /tasks lists",
      "TASK_1 done: its agent reported, and its check passed",
      "TASK_2 reached frontend with the results of TASK_1 (",
      "TASK_3 reached tester with the results of TASK_1, TASK_2 (",
      "TASK_3 check FAILED (exit 1): node --test\n       ✖ a ticked task is still ticked after a restart\n",
      "TASK_3 tester is told what the check says",
      "tester asks to edit src/tasks.js: allowed\n       +    await this.#save();\n",
      "TASK_3 check passed: node --test",
      "kill -9 to backend, then session restore: resumed, with its conversation",
    ];
    expect(story.map((line) => stderr.indexOf(line)).sort((a, b) => a - b)).toEqual(
      story.map((line) => stderr.indexOf(line)),
    );
    expect(story.filter((line) => !stderr.includes(line))).toEqual([]);
    expect(stderr.split("\n").filter((line) => line.length > 80)).toEqual([]);

    // The agents' files, repaired, are the finished app to the byte, and it runs.
    expect(demo.files).toEqual(await filesOf(APP));
    expect(await filesOf(keep)).toEqual(demo.files);
    for (const file of demo.files) {
      expect(await readFile(path.join(keep, file), "utf8"), file).toBe(await readFile(path.join(APP, file), "utf8"));
    }
    await expectNothingLeft();
    expect(await listed(keep)).toEqual([]);
  }, 90_000);

  /** Runs the app that was kept, and asks it for its tasks. */
  async function listed(folder: string): Promise<unknown> {
    const app = spawn(process.execPath, ["src/main.js"], { cwd: folder, env: { PORT: "0" } });
    try {
      const [said] = (await once(app.stdout, "data")) as [Buffer];
      return await (await fetch(`${/http:\S+/.exec(said.toString())?.[0]}/tasks`)).json();
    } finally {
      app.kill();
    }
  }

  it("R4-59: Ctrl-C leaves nothing behind: while agents start, work, ask", async () => {
    for (const moment of ["Starting", "TASK_1 reached", "TASK_3 tester is told"]) {
      const child = world.start(["demo"], { env: env() });
      const output = collect(child);
      let seen = "";
      child.stderr?.on("data", (chunk: Buffer) => {
        const isNew = !seen.includes(moment);
        seen += chunk;
        if (isNew && seen.includes(moment)) child.kill("SIGINT");
      });

      const { exitCode, stderr, stdout } = await output;

      expect([exitCode, stdout], `${moment}: ${stderr}`).toEqual([130, ""]);
      await expectNothingLeft();
    }
  }, 90_000);

  it("R4-59: a folder that is not empty is refused before anything starts", async () => {
    const keep = path.join(world.sandbox.root, "full");
    await mkdir(keep);
    await writeFile(path.join(keep, "mine"), "");

    const refused = await world.cli(["demo", "--keep", keep, "--json"], { env: env() });
    const file = await world.cli(["demo", "--keep", path.join(keep, "mine"), "--json"], { env: env() });

    expect([refused.exitCode, refused.stderr]).toEqual([2, ""]);
    expect(refused.json()).toMatchObject({ error: { code: "INVALID_INPUT", message: `${keep} is not empty` } });
    expect([file.exitCode, file.stderr]).toEqual([2, ""]);
    expect(await readdir(keep)).toEqual(["mine"]);
    await expectNothingLeft();
  });

  it("R4-59: without Claude Code agents are played, which it says: the queue is real, no app is claimed", async () => {
    const told = await world.cli(["demo"], { env: played() });
    const keep = path.join(world.sandbox.root, "never");
    const kept = await world.cli(["demo", "--keep", keep, "--json"], { env: played() });

    expect(told.exitCode, told.stderr).toBe(0);
    expect(told.stderr).toContain("agents are played: queue, needs and checks are real, but no app is built");
    expect(told.stderr).toContain("This check fails once, on purpose.");
    expect(told.stderr).toMatch(/TASK_2 reached frontend with the results of TASK_1[\s\S]*TASK_2 frontend reports: /);
    expect(told.stdout).toMatch(/^tester: I only play a part and wrote nothing; /m);
    expect(told.stdout).toMatch(/^3 of 3 tasks done in .* no app was built\.$/m);
    expect([kept.exitCode, kept.json()]).toEqual([
      5,
      { error: expect.objectContaining({ code: "BACKEND_UNAVAILABLE" }) },
    ]);
    await expect(readdir(keep)).rejects.toMatchObject({ code: "ENOENT" });
    await expectNothingLeft();
  }, 30_000);
});

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}
