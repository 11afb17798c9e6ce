import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import type { TaskView } from "../../src/core/task.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { waitFor } from "../support/wait-for.ts";
import { collect, openWorld, type World } from "./support/world.ts";

describe.each(claudeVersions("newest"))("the whole story on Claude Code $version", (claude) => {
  let world: World;
  /** Until its process is killed, the first agent's model never gets to an end. */
  let isStuck = true;

  beforeAll(async () => {
    world = await openWorld(claude, {
      reply: ({ prompt }) => {
        const [, text] = /^(The (?:API|page)) is wanted/.exec(prompt) ?? [];
        if (text === undefined) return undefined;
        if (text === "The API" && isStuck) return [{ kind: "sleep", ms: 3_600_000 }];
        const input = { kind: "result", text: `${text} is there.` };
        return [
          { kind: "tool", name: "mcp__claude-orch__task_report", input },
          { kind: "text", text: "Done." },
        ];
      },
    });
  }, 30_000);
  afterAll(() => world?.dispose(), 30_000);

  async function cli<T>(...args: string[]): Promise<T> {
    const result = await world.cli([...args, "--json"], { env: { CLAUDE_ORCH_TASK_FILES: "true" } });
    expect(result.exitCode, `${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(0);
    return result.json() as T;
  }
  const show = async (task: TaskView) => (await cli<{ task: TaskView }>("task", "show", task.id)).task;
  const file = (...names: string[]) => readFile(path.join(world.sandbox.project, ".claude-orch", ...names), "utf8");

  it("R1-54: session, specialised agents with prompts of their own, tasks with their files, monitoring, kill -9 and restore: the work is done", async () => {
    await cli("session", "create", "--name", "shop", "--trust");
    const [api, page] = await Promise.all(
      [
        ["api", "--role", "backend"],
        ["page", "--role", "frontend"],
      ].map(async (args) => (await cli<{ agent: AgentView }>("agent", "spawn", ...args)).agent),
    );
    const submit = async (...args: string[]) => (await cli<{ task: TaskView }>("task", "submit", ...args)).task;
    const first = await submit("The API is wanted.", "--title", "API", "--role", "backend", "--retries", "1");
    const second = await submit("The page is wanted.", "--title", "Page", "--role", "frontend", "--needs", "API");
    const waiting = collect(
      world.start(["task", "wait", first.id, second.id, "--timeout", "100s", "--json"], {
        env: { CLAUDE_ORCH_TASK_FILES: "true" },
      }),
    );

    // Monitoring: who works on what, in one look, in the files, and by agent.
    const agents = await waitFor(
      "the API's agent to work",
      async () => {
        const now = await cli<{ agents: AgentView[] }>("status", "shop");
        return now.agents.some(({ state }) => state === "working") ? now.agents : undefined;
      },
      { timeoutMs: 30_000, everyMs: 200 },
    );
    expect(agents.map(({ name, role, state }) => [name, role, state]).sort()).toEqual([
      ["api", "backend", "working"],
      ["page", "frontend", "idle"],
    ]);
    const { tasks } = await cli<{ tasks: TaskView[] }>("task", "list");
    expect(tasks.map(({ title, state }) => `${title} ${state}`).sort()).toEqual(["API running", "Page blocked"]);
    expect(await file("TODO.md")).toMatch(/\[ \].*API[\s\S]*\[ \].*Page/);
    expect(await file("tasks", "TASK_1.md")).toContain("The API is wanted.");

    // Recovery: its process dies in the middle of the work; the session comes back, and the work is done all the same.
    process.kill((await cli<{ agent: AgentView }>("agent", "show", "api")).agent.pid ?? Number.NaN, "SIGKILL");
    isStuck = false;
    await waitFor("the try to be lost", async () => (await show(first)).attempts[0]?.outcome ?? undefined, {
      timeoutMs: 15_000,
      everyMs: 200,
    });
    const restored = await cli<{ agents: { name: string; outcome: string }[] }>("session", "restore", "shop");
    expect(restored.agents.map(({ name, outcome }) => `${name} ${outcome}`).sort()).toEqual([
      "api resumed",
      "page alive",
    ]);

    const { exitCode, stdout, stderr } = await waiting;
    expect([exitCode, stderr], stdout).toEqual([0, ""]);
    const [done, built] = [await show(first), await show(second)];
    expect(done).toMatchObject({ state: "done", result: "The API is there.", agent: { id: api?.id } });
    expect(done.attempts.map(({ outcome }) => outcome)).toEqual(["lost", "done"]);
    expect(built).toMatchObject({ state: "done", result: "The page is there.", agent: { id: page?.id } });
    expect(await file("TODO.md")).toMatch(/\[x\].*API[\s\S]*\[x\].*Page/);
    // What really reached the models: each role's own prompt, and the result of what was needed.
    const heard = (start: string) => world.model.requests.findLast(({ prompt }) => prompt.startsWith(start));
    expect(heard("The API")?.system).toContain("You build what stands behind the interface");
    expect(heard("The page")?.system).toContain("You build what people see and touch");
    expect(heard("The page")?.prompt).toContain("What TASK_1 (API) came to:\n\nThe API is there.");
  }, 150_000);
});
