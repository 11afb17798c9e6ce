import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import type { TaskView } from "../../src/core/task.ts";
import type { LogEntry } from "../../src/operations/task/read-log.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { openWorld, type World } from "./support/world.ts";

/** A directive: the scripted model calls this tool. */
function call(tool: string, input: Record<string, unknown>): string {
  return `[[tool ${tool} ${JSON.stringify(input)}]]`;
}
const report = (kind: string, text: string) => call("mcp__claude-orch__task_report", { kind, text });

describe.each(claudeVersions("newest"))("tasks on Claude Code $version", (claude) => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld(claude);
    await cli("session", "create", "--name", "shop", "--trust");
    await cli("policy", "allow", "Bash(touch:*)");
    // The check's own output tells the agent, whose model only does what it reads, how to repair it.
    const repair = `${call("Bash", { command: "touch repaired", description: "Repair" })}[[reply repaired]]`;
    await writeFile(path.join(world.sandbox.project, "hint"), `missing: repaired\n${repair}\n`);
    await writeFile(path.join(world.sandbox.project, "check"), "test -f repaired || { cat hint; exit 1; }\n");
  }, 60_000);
  afterAll(() => world?.dispose(), 30_000);

  async function cli<T>(...args: string[]): Promise<T> {
    const result = await world.cli([...args, "--json"]);
    expect(result.exitCode, `${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(0);
    return result.json() as T;
  }
  const submit = async (text: string, ...more: string[]) =>
    (await cli<{ task: TaskView }>("task", "submit", text, ...more)).task;
  const show = async (task: TaskView) => (await cli<{ task: TaskView }>("task", "show", task.id)).task;

  it("R1-03 R3-24 R3-27: a failing check is repaired on the second try; results go on to who needs them; a failed need blocks with its reason", async () => {
    const made = await submit(
      `Make it. ${report("progress", "begun")}${report("result", "It is made.")}[[reply made]]`,
      ...["--title", "Make", "--check", "sh check"],
    );
    const used = await submit(
      `Use it. ${report("result", "It is used.")}[[reply used]]`,
      "--title",
      "Use",
      "--needs",
      "Make",
    );
    const broken = await submit(
      `Break it. ${report("failed", "There is no such module.")}[[reply no]]`,
      "--title",
      "Break",
    );
    const blocked = await submit("Never begun.", "--title", "Blocked", "--needs", "Break");

    const waited = await world.cli([
      "task",
      "wait",
      ...[made, used, broken, blocked].map(({ id }) => id),
      "--timeout",
      "100s",
      "--json",
    ]);

    expect(
      waited.json<{ tasks: TaskView[] }>().tasks.map(({ title, state }) => `${title} ${state}`),
      waited.stdout,
    ).toEqual(["Make done", "Use done", "Break failed", "Blocked blocked"]);
    expect(waited.exitCode).toBe(7);

    const maker = await show(made);
    expect(maker).toMatchObject({ result: "It is made.", because: "its agent reported, and its check passed" });
    expect(maker.attempts).toHaveLength(1);
    expect(maker.attempts[0]?.checks.map(({ exitCode }) => exitCode)).toEqual([1, 0]);
    expect(maker.reports.map(({ kind }) => kind)).toEqual(["progress", "result"]);
    expect((await show(blocked)).because).toMatch(
      /^it needs TASK_3 \(Break\), which failed: .*There is no such module\./,
    );

    // What really reached the model of the second agent.
    const asked = world.model.requests.find(({ prompt }) => prompt?.startsWith("Use it."));
    expect(asked?.prompt).toContain("What TASK_1 (Make) came to:\n\nIt is made.");

    const { entries } = await cli<{ entries: LogEntry[] }>("task", "logs", "Make", "--include", "tools");
    const kinds = entries.map(({ kind, tool }) => (kind === "tool_use" ? `uses ${tool?.name}` : kind));
    expect(kinds.filter((kind) => kind !== "tool_result" && !kind.includes("ToolSearch"))).toEqual([
      "prompt",
      "uses mcp__claude-orch__task_report",
      "report",
      "uses mcp__claude-orch__task_report",
      "report",
      "text",
      "check",
      "prompt",
      "uses Bash",
      "text",
      "check",
    ]);
    expect(entries.find(({ kind }) => kind === "check")?.text).toContain("missing: repaired");
  }, 150_000);

  it("R3-07 R3-38: a running task tells its agent's process and how long it runs; cancelled, its turn is interrupted, and its agent idle", async () => {
    const task = await submit("Hold on. [[stream 600 x 100ms]]", "--title", "Long");
    const waiting = world.cli(["task", "wait", task.id, "--timeout", "60s", "--json"]);
    await expect
      .poll(async () => (await show(task)).attempts[0]?.messageIds.length ?? 0, { timeout: 40_000, interval: 250 })
      .toBe(1);
    const { agent } = await show(task);
    await expect
      .poll(async () => (await cli<{ agent: { state: string } }>("agent", "show", agent?.id ?? "")).agent.state, {
        timeout: 20_000,
        interval: 250,
      })
      .toBe("working");

    const { agents } = await cli<{ agents: AgentView[] }>("agent", "list");
    const worker = agents.find(({ id }) => id === agent?.id);
    const { stdout } = await promisify(execFile)("ps", ["-o", "args=", "-p", String(worker?.pid)]);
    expect(stdout).toContain(`${claude.bin} --session-id ${worker?.conversationId}`);
    expect(Date.parse(worker?.since ?? "")).toBeLessThanOrEqual(Date.now());
    const { durationMs, startedAt } = await show(task);
    expect(Math.abs(Date.now() - Date.parse(startedAt ?? "") - (durationMs ?? 0))).toBeLessThan(5_000);

    const cancelled = (await cli<{ task: TaskView }>("task", "cancel", task.id)).task;

    expect(cancelled).toMatchObject({ state: "cancelled", attempts: [{ outcome: "cancelled" }] });
    expect((await cli<{ agent: { state: string } }>("agent", "show", agent?.id ?? "")).agent.state).toBe("idle");
    expect((await waiting).exitCode).toBe(7);
  }, 120_000);
});
