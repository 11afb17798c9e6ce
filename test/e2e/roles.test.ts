import { access, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import type { MessageView } from "../../src/core/message.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { openWorld, type World } from "./support/world.ts";

describe.each(claudeVersions("newest"))("roles on Claude Code $version", (claude) => {
  let world: World;
  const file = (name: string) => path.join(world.sandbox.project, name);
  const exists = async (name: string) =>
    access(file(name))
      .then(() => true)
      .catch(() => false);

  beforeAll(async () => {
    world = await openWorld(claude);
    await mkdir(file(".claude/agents"), { recursive: true });
    await writeFile(
      file(".claude/agents/scout.md"),
      "---\nname: scout\ndescription: Use it when: nobody knows the way\ntools: Read, Bash\nmodel: inherit\ncolor: cyan\n---\n\nLook around before you walk.\n",
    );
    await run("session", "create", "--name", "shop", "--trust");
  }, 60_000);

  afterAll(() => world?.dispose(), 30_000);

  async function run<T = Record<string, unknown>>(...args: string[]): Promise<T> {
    const result = await world.cli([...args, "--json"]);
    expect(result.exitCode, `${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(0);
    return result.json<T>();
  }

  const spawn = async (...args: string[]) => (await run<{ agent: AgentView }>("agent", "spawn", ...args)).agent;
  const use = (tool: string, input: object) => `[[tool ${tool} ${JSON.stringify(input)}]]`;
  const bash = (command: string) => use("Bash", { command });
  const write = (name: string) => use("Write", { file_path: file(name), content: "x" });

  /** One turn to its end, with what the model was sent for it. A dialog in between would leave it without an answer. */
  async function turn(agent: string, script: string) {
    const text = `${script}[[reply over]]`;
    const { message } = await run<{ message: MessageView }>("agent", "send", agent, text, "--wait", "--timeout", "40s");
    expect(message.answer?.text).toBe("over");
    const request = world.model.requests.findLast(({ kind, prompt }) => kind === "turn" && prompt.includes(script));
    if (!request) throw new Error("the model was not asked");
    return { ...request, failed: message.answer?.toolUses.map(({ isError }) => isError) };
  }

  it("R3-02, B10: a reviewer is told its role, reads and asks the team, and changes nothing, without a dialog", async () => {
    expect(await spawn("rev", "--role", "code_reviewer")).toMatchObject({
      role: "reviewer",
      permissionMode: "dontAsk",
    });

    const done = await turn(
      "rev",
      `${bash("ls")}${use("mcp__claude-orch__status", {})}${bash("touch made")}${bash("echo x > redirected")}${write("code.ts")}`,
    );

    expect(done.system).toContain("Your role is reviewer.");
    expect(done.system).toContain("You read changes with the eyes of those who will have to live with them.");
    expect(done.toolNames).not.toEqual(expect.arrayContaining(["Edit"]));
    expect(done.toolNames).not.toEqual(expect.arrayContaining(["Agent"]));
    expect(done.failed).toEqual([false, false, true, true, true]);
    expect([await exists("made"), await exists("redirected"), await exists("code.ts")]).toEqual([false, false, false]);
  }, 90_000);

  it("B10: a looser permission mode does not give a role the tools that it does not have", async () => {
    await spawn("loose", "--role", "reviewer", "--permission-mode", "acceptEdits");
    const { failed } = await turn(
      "loose",
      `${bash("ls")}${write("code.ts")}${bash("echo x > redirected")}${bash("touch made")}`,
    );
    expect(failed).toEqual([false, true, true, true]);
    expect([await exists("code.ts"), await exists("redirected"), await exists("made")]).toEqual([false, false, false]);

    const explained = await world.cli(["role", "explain", "reviewer", "--permission-mode", "acceptEdits"]);
    expect(explained.stdout).toMatch(/permission mode +acceptEdits \(flag\)[\s\S]*deny +Edit +role/);
    const list = await world.cli(["role", "list"]);
    expect(list.stdout).toMatch(/^scout +- +project-agents +Use it when: nobody knows the way$/m);
  }, 90_000);

  it("B10, R4-22: an architect writes documents and nothing else", async () => {
    await spawn("arch", "--role", "architect");
    const { failed } = await turn(
      "arch",
      `${write("docs/design.md")}${write("code.ts")}${write(".claude/agents/me.md")}`,
    );
    expect(failed).toEqual([false, true, true]);
    expect([await exists("docs/design.md"), await exists("code.ts")]).toEqual([true, false]);
  }, 90_000);

  it("R3-40: the next turn after assign-role carries the new role's prompt and rights, in the same conversation", async () => {
    const before = await spawn("api");
    expect((await turn("api", "first")).system).toContain("Your role is general.");

    const assigned = await run<{ agent: AgentView; applied: string }>("agent", "assign-role", "api", "Scout");
    expect(assigned).toMatchObject({ applied: "now", agent: { role: "scout", state: "idle" } });
    const next = await turn("api", "second");
    expect(next.system).toContain("Look around before you walk.");
    expect(next.system).not.toContain("Your role is general.");
    expect(next.toolNames).toEqual(expect.arrayContaining(["Bash", "Read"]));
    expect(next.toolNames).not.toEqual(expect.arrayContaining(["Write"]));

    // And again: what an earlier role was is not remembered anywhere.
    await run("agent", "assign-role", "api", "reviewer");
    const last = await turn("api", bash("touch made"));
    expect(last.system).toContain("Your role is reviewer.");
    expect(last.failed).toEqual([true]);
    const { agent } = await run<{ agent: AgentView }>("agent", "show", "api");
    expect(agent.conversationId).toBe(before.conversationId);
  }, 120_000);
});
