import { access, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DecisionView } from "../../src/core/decision.ts";
import type { MessageView } from "../../src/core/message.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { openWorld, type World } from "./support/world.ts";

interface Policy {
  rules: { effect: string; rule: string; role: string | null }[];
  pending: { name: string }[];
}

describe.each(claudeVersions("newest"))("the policy of a session on Claude Code $version", (claude) => {
  let world: World;
  const file = (name: string) => path.join(world.sandbox.project, name);
  const exists = async (name: string) =>
    access(file(name))
      .then(() => true)
      .catch(() => false);

  beforeAll(async () => {
    world = await openWorld(claude);
    await mkdir(file("secrets"));
    await writeFile(file("secrets/key"), "the secret");
    for (const name of ["build", "publish"]) await writeFile(file(`${name}.sh`), `touch ${name}-$1\n`);
    await run("session", "create", "--name", "shop", "--trust", "--allow", "Bash(sh build.sh:*)");
    await run("policy", "deny", "Bash(sh publish.sh:*)", "Read(./secrets/**)");
    await run("agent", "spawn", "api");
  }, 60_000);

  afterAll(() => world?.dispose(), 30_000);

  async function run<T = Record<string, unknown>>(...args: string[]): Promise<T> {
    const result = await world.cli([...args, "--json"]);
    expect(result.exitCode, `${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(0);
    return result.json<T>();
  }

  /** One turn to its end; with a dialog in between there would be none. */
  async function turn(text: string): Promise<MessageView> {
    return (await run<{ message: MessageView }>("agent", "send", "api", text, "--wait", "--timeout", "30s")).message;
  }

  const bash = (command: string) => `[[tool Bash {"command":${JSON.stringify(command)}}]]`;

  it("B10: an allowed tool runs without a dialog, a denied one is refused and the turn goes on", async () => {
    const read = `[[tool Read {"file_path":${JSON.stringify(file("secrets/key"))}}]]`;
    const { answer } = await turn(
      `${bash("sh build.sh 1")}${bash("sh publish.sh 1")}${read}${bash("ls")}[[reply over]]`,
    );

    expect(answer?.text).toBe("over");
    expect(answer?.toolUses.map(({ isError }) => isError)).toEqual([false, true, true, false]);
    expect([await exists("build-1"), await exists("publish-1")]).toEqual([true, false]);
  }, 60_000);

  it("R1-35: the log names the rule behind each decision, and when it was made", async () => {
    const { decisions } = await run<{ decisions: DecisionView[] }>("policy", "log", "api");

    expect(decisions.map(({ tool, decision, by, rule }) => [tool, decision, by, rule])).toEqual([
      ["Bash", "allowed", "rule", "Bash(sh build.sh:*)"],
      ["Bash", "denied", "rule", "Bash(sh publish.sh:*)"],
      ["Read", "denied", "rule", "Read(./secrets/**)"],
      ["Bash", "allowed", "claude-code", null],
    ]);
    expect(decisions.every(({ at }) => at !== null)).toBe(true);
    const text = await world.cli(["policy", "log"]);
    expect(text.stdout).toMatch(/denied +Bash sh publish\.sh 1 +the rule Bash\(sh publish\.sh:\*\) denies it/);
  });

  it("R1-35: the log says who answered what was asked", async () => {
    await run("agent", "send", "api", `${bash("touch asked")}[[reply over]]`);
    await run("agent", "wait", "api", "--state", "waiting", "--timeout", "20s");
    const open = await run<{ decisions: DecisionView[] }>("policy", "log", "api", "--last", "1");
    expect(open.decisions).toMatchObject([{ subject: "touch asked", decision: "asked", by: "nobody" }]);

    await run("agent", "respond", "api", "--allow");
    await run("agent", "wait", "api", "--timeout", "20s");

    const { decisions } = await run<{ decisions: DecisionView[] }>("policy", "log", "api", "--last", "1");
    expect(decisions).toMatchObject([{ subject: "touch asked", decision: "allowed", by: "operator" }]);
  }, 60_000);

  it("a rule holds for agents that are started afterwards; one that runs keeps its own, and is named", async () => {
    const changed = await run<Policy>("policy", "deny", "Bash(sh build.sh:*)");
    expect(changed.pending.map(({ name }) => name)).toEqual(["api"]);
    await turn(`${bash("sh build.sh 2")}[[reply over]]`);
    expect(await exists("build-2"), "Claude Code reads its rules once").toBe(true);

    await run("agent", "clear", "api");
    await run("agent", "start", "api");
    await turn(`${bash("sh build.sh 3")}[[reply over]]`);

    expect(await exists("build-3"), "deny wins over allow").toBe(false);
    const policy = await run<Policy>("policy");
    expect(policy.pending).toEqual([]);
    expect(policy.rules).toHaveLength(4);
  }, 60_000);

  it("every rule that is accepted is one that Claude Code takes without a warning at its start", async () => {
    const rules = [
      ...["Bash", "Bash(npm test:*)", "Bash(git * main)", "Bash(echo (x))", "Bash(echo \\))", "Read(//etc/hosts)"],
      ...[
        "Read(~/.ssh/**)",
        "Edit(src/**)",
        "WebFetch(domain:*.example.com)",
        "WebSearch",
        "Agent(Explore)",
        "Skill(x)",
      ],
      ...["mcp__server", "mcp__my_server__some_tool", "mcp__server__*", "SomeNewTool(x)"],
    ];
    for (const effect of ["allow", "ask", "deny"]) await run("policy", effect, ...rules, "--role", "tester");
    await run("policy", "deny", "*", "--role", "tester");

    const { agent } = await run<{ agent: { state: string; because: string } }>(
      "agent",
      "spawn",
      "t",
      "--role",
      "tester",
    );

    expect(agent.state, agent.because).toBe("idle");
    const refused = await world.cli(["policy", "allow", "Bash(npm test", "--json"]);
    expect([refused.exitCode, refused.json<{ error: { code: string } }>().error.code]).toEqual([
      2,
      "POLICY_RULE_INVALID",
    ]);
  }, 60_000);
});
