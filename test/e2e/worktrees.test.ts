import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import type { MessageView } from "../../src/core/message.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { git, gitProject } from "../support/git-project.ts";
import { openWorld, type World } from "./support/world.ts";

describe.each(claudeVersions("newest"))("worktrees with Claude Code $version", (claude) => {
  let world: World;
  let root: string;

  beforeAll(async () => {
    world = await openWorld(claude);
    root = await gitProject(world.sandbox.project, { "shop.txt": "one\n" });
    await run("session", "create", "--name", "shop", "--trust");
  }, 60_000);

  afterAll(() => world?.dispose(), 30_000);

  async function run<T = Record<string, unknown>>(...args: string[]): Promise<T> {
    const result = await world.cli([...args, "--json"]);
    expect(result.exitCode, `${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(0);
    return result.json<T>();
  }

  const write = (file: string, content: string) =>
    `[[tool Write ${JSON.stringify({ file_path: file, content })}]][[reply over]]`;

  it("R1-57 R4-09 R4-60: roles edit one file on branches of their own; what lies outside needs permission; nothing is lost at the end", async () => {
    const modes = ["--worktree", "--permission-mode", "acceptEdits"];
    const spawned = ["implementer", "tester"].map((role) =>
      run<{ agent: AgentView }>("agent", "spawn", role, "--role", role, ...modes),
    );
    const agents = (await Promise.all(spawned)).map(({ agent }) => agent);
    const [first, second] = agents;
    if (!first || !second) return expect.unreachable();

    await Promise.all(
      agents.map(async ({ name, cwd }) => {
        const text = write(path.join(cwd, "shop new.txt"), `by ${name}`);
        const { message } = await run<{ message: MessageView }>(
          "agent",
          "send",
          name,
          text,
          "--wait",
          "--timeout",
          "40s",
        );
        expect(message.answer?.toolUses).toMatchObject([{ isError: false }]);
      }),
    );
    expect(await readFile(path.join(first.cwd, "shop new.txt"), "utf8")).toBe("by implementer");
    expect(await readFile(path.join(second.cwd, "shop new.txt"), "utf8")).toBe("by tester");
    expect(await git(root, "status", "--porcelain")).toBe("");

    // The other one's tree, and the main one, are not theirs.
    await run("agent", "send", "tester", write(path.join(first.cwd, "clash.txt"), "x"));
    await run("agent", "send", "implementer", write(path.join(root, "clash.txt"), "x"));
    await run("agent", "wait", "tester", "implementer", "--state", "waiting", "--timeout", "40s");
    for (const name of ["tester", "implementer"]) await run("agent", "respond", name, "--deny");
    await run("agent", "wait", "tester", "implementer", "--timeout", "40s");
    for (const folder of [first.cwd, root]) expect(existsSync(path.join(folder, "clash.txt"))).toBe(false);

    await git(second.cwd, "add", "--all");
    await git(second.cwd, "commit", "--quiet", "--message", "tested");
    await git(root, "merge", "--quiet", second.worktree?.branch ?? "");
    const merged = await run<{ kept: string[] }>("agent", "delete", "tester", "--yes");
    const forced = await run<{ kept: string[] }>("agent", "delete", "implementer", "--yes", "--force");
    expect(merged.kept).toEqual([expect.stringMatching(/\.jsonl$/)]);
    const ref = forced.kept.find((kept) => kept.startsWith("refs/claude-orch/backup/implementer/"));
    expect(await git(root, "show", `${ref}:shop new.txt`)).toBe("by implementer");
    expect((await git(root, "worktree", "list")).trim().split("\n")).toHaveLength(1);
  }, 120_000);
});
