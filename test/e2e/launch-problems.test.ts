import { chmod, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import { claudeVersions, processesOf } from "../support/claude-sandbox.ts";
import { waitFor } from "../support/wait-for.ts";
import { type CliResult, openWorld, type World } from "./support/world.ts";

interface Failure {
  error: { code: string; message: string; hint: string; details: { state?: string; screen?: string[] } };
}

const [anyClaude] = claudeVersions();
if (!anyClaude) throw new Error("there is no Claude Code to test with");

describe("programs that are not a working Claude Code", () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld(anyClaude);
    await world.cli(["session", "create", "--name", "shop", "--trust", "--backend", "tmux"]);
  }, 60_000);
  afterAll(() => world?.dispose(), 30_000);

  /** An executable that answers `--version` like Claude Code and does something else when it is started. */
  async function program(name: string, version: string, body: string): Promise<string> {
    const file = path.join(world.sandbox.root, name);
    const versionLine = version === "" ? "exit 9" : `echo "${version} (Claude Code)"; exit 0`;
    await writeFile(file, `#!/bin/sh\nif [ "$1" = --version ]; then ${versionLine}; fi\n${body}\n`);
    await chmod(file, 0o755);
    return file;
  }

  const spawn = (name: string, bin: string, ...more: string[]): Promise<CliResult> =>
    world.cli(["agent", "spawn", name, ...more, "--json"], { env: { CLAUDE_ORCH_CLAUDE_BIN: bin } });
  const agents = async () => (await world.cli(["agent", "list", "--json"])).json<{ agents: AgentView[] }>().agents;

  it("refuses at once what is not installed, too old, or cannot say its version, and leaves no agent behind", async () => {
    const missing = await spawn("a", path.join(world.sandbox.root, "no-such-claude"));
    expect([missing.exitCode, missing.json<Failure>().error.code]).toEqual([5, "CLAUDE_NOT_INSTALLED"]);
    expect(missing.json<Failure>().error.hint).toContain("npm install -g @anthropic-ai/claude-code");

    const old = await spawn("a", await program("old-claude", "1.0.0", ""));
    expect([old.exitCode, old.json<Failure>().error.code]).toEqual([5, "CLAUDE_TOO_OLD"]);
    expect(old.json<Failure>().error).toMatchObject({
      message: "Claude Code 1.0.0 is older than 2.1.197",
      hint: "Update it with claude update.",
    });

    const mute = await spawn("a", await program("mute-claude", "", ""));
    expect([mute.exitCode, mute.json<Failure>().error.code]).toEqual([5, "CLAUDE_LAUNCH_FAILED"]);
    expect(mute.json<Failure>().error.message).toMatch(/--version failed: .*exit code 9/);

    expect(await agents()).toEqual([]);
  });

  it("a program that ends at its start is CLAUDE_LAUNCH_FAILED with its last words, in text too; --env and what stands behind -- reached it (⊕A14)", async () => {
    const body =
      'for last in "$@"; do :; done; echo "$GIVEN, $TAKEN, $last"; echo "Error: cannot load the moon"; exit 3';
    const bin = await program("crashing-claude", "2.1.330", body);

    const crashed = await world.cli(
      ["agent", "spawn", "crasher", "--env", "GIVEN=a=b c", "--env", "TAKEN", "--json", "--", "--add-dir", "two words"],
      { env: { CLAUDE_ORCH_CLAUDE_BIN: bin, TAKEN: "from the caller" } },
    );

    const { error } = crashed.json<Failure>();
    expect([crashed.exitCode, error.code]).toEqual([5, "CLAUDE_LAUNCH_FAILED"]);
    expect(error.message).toContain("cannot load the moon");
    expect(error.details.screen?.join("\n")).toContain(
      "a=b c, from the caller, two words\nError: cannot load the moon",
    );
    expect(await agents()).toMatchObject([
      { name: "crasher", state: "errored", error: { kind: "launch" }, because: expect.stringContaining("exit code 3") },
    ]);

    const restarted = await world.cli(["agent", "start", "crasher"], { env: { CLAUDE_ORCH_CLAUDE_BIN: bin } });
    expect(restarted.exitCode).toBe(5);
    expect(restarted.stderr).toMatch(
      /^Error: .*cannot load the moon\nCode: CLAUDE_LAUNCH_FAILED\nTry this: .*agent screen/,
    );
    const tooOld = await world.cli(["agent", "start", "crasher", "--json"], {
      env: { CLAUDE_ORCH_CLAUDE_BIN: await program("old-claude", "1.0.0", "") },
    });
    expect(tooOld.json<Failure>().error.code).toBe("CLAUDE_TOO_OLD");
  });

  it("R2-25: a program that hangs at its start is READY_TIMEOUT after --timeout; deleting it lets it end by itself, and forces it after a bound", async () => {
    const folder = world.sandbox.root;
    const says = (name: string) => path.join(folder, `${name} ended`);
    const loop = "while :; do sleep 0.1; done";
    const bodies = {
      hanger: `trap 'echo bye >"${says("hanger")}"; exit 0' TERM; ${loop}`,
      stubborn: `trap 'echo no >"${says("stubborn")}"' TERM; ${loop}`,
    };
    const hung = await Promise.all(
      Object.entries(bodies).map(async ([name, body]) =>
        spawn(name, await program(`${name}-claude`, "2.1.330", body), "--timeout", "1s"),
      ),
    );

    for (const result of hung) {
      const { error } = result.json<Failure>();
      expect([result.exitCode, error.code, error.details.state]).toEqual([6, "READY_TIMEOUT", "starting"]);
    }
    const deleted = await Promise.all(
      Object.keys(bodies).map((name) => world.cli(["agent", "delete", name, "--yes", "--json"])),
    );
    expect(deleted.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(await readFile(says("hanger"), "utf8")).toBe("bye\n");
    expect(await readFile(says("stubborn"), "utf8")).toContain("no\n");
    expect((await processesOf(folder)).filter(({ command }) => command.includes("-claude"))).toEqual([]);
    expect((await agents()).map(({ name }) => name)).toEqual(["crasher"]);
  });
});

describe.each(claudeVersions("newest"))("questions and failures at the start of Claude Code $version", (claude) => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld(claude);
    const created = await world.cli(["session", "create", "--name", "shop", "--backend", "tmux", "--json"]);
    expect(created.exitCode, created.stdout).toBe(0);
  }, 60_000);
  afterAll(() => world?.dispose(), 30_000);

  const shown = async (name: string) =>
    (await world.cli(["agent", "show", name, "--json"])).json<{ agent: AgentView; screen: string[] }>();

  async function configure(change: (config: Record<string, unknown>) => Record<string, unknown>): Promise<void> {
    const file = path.join(world.sandbox.configDir, ".claude.json");
    await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, "utf8")))));
  }

  /** What a person does in the tab: moves to the answer (its place differs between versions) and presses Enter. */
  async function answerInTab(name: string, wanted: RegExp): Promise<void> {
    const { agent } = await shown(name);
    const target = agent.terminal ?? "";
    await waitFor(
      "the question to be answered",
      async () => {
        const screen = await world.tmux("capture-pane", "-p", "-t", target);
        if (!wanted.test(screen)) return true;
        const isSelected = screen.split("\n").some((line) => line.includes("❯") && wanted.test(line));
        await world.tmux("send-keys", "-t", target, isSelected ? "Enter" : "Down");
        return undefined;
      },
      { everyMs: 200 },
    );
  }

  it("R2-05: an untrusted folder shows as `waiting` with the question; nothing is typed into it, and what was sent follows its answer", async () => {
    await configure((config) => ({ ...config, projects: {} }));
    const spawned = await world.cli(["agent", "spawn", "asker", "--json"]);
    expect(spawned.exitCode, spawned.stdout).toBe(0);
    expect(spawned.json<{ agent: AgentView }>().agent).toMatchObject({
      state: "waiting",
      waitingFor: { kind: "dialog", summary: "Do you trust the files in this folder?" },
    });
    const before = await shown("asker");

    const sent = await world.cli(["agent", "send", "asker", "hello", "--timeout", "1s", "--json"]);

    expect([sent.exitCode, sent.json<Failure>().error]).toMatchObject([
      6,
      { code: "WAIT_TIMEOUT", details: { state: "queued" } },
    ]);
    const after = await shown("asker");
    expect(after.screen).toEqual(before.screen);
    expect(after.agent).toMatchObject({ state: "waiting", pid: before.agent.pid });
    const status = await world.cli(["status"]);
    expect(status.stdout).toMatch(/^1 agent needs you\n {2}shop\/asker waiting: Do you trust the files/);

    await answerInTab("asker", /Yes, I trust this folder/);
    const waited = await world.cli(["agent", "wait", "asker", "--timeout", "20s", "--json"]);
    expect(waited.json(), waited.stdout).toMatchObject({ timedOut: false, agents: [{ state: "idle" }] });
    const read = await world.cli(["agent", "read", "asker", "--json"]);
    expect(read.json<{ answer: { text: string } }>().answer.text).toBe("echo: hello");
  }, 60_000);

  it("a key that was never approved shows as `waiting` with that question", async () => {
    await configure((config) => ({ ...config, projects: { [world.sandbox.root]: { hasTrustDialogAccepted: true } } }));
    // A key of its own: an agent that ends at this moment may write back that the usual one is approved.
    const env = { ANTHROPIC_API_KEY: "sk-ant-never-approved-by-anybody-0987654321" };

    const spawned = await world.cli(["agent", "spawn", "keyed", "--json"], { env });

    const { agent } = spawned.json<{ agent: AgentView }>();
    expect(agent, spawned.stdout).toMatchObject({ state: "waiting", waitingFor: { kind: "dialog" } });
    expect(agent.waitingFor?.summary).toMatch(/API key/i);
    expect(agent.waitingFor?.options).toHaveLength(2);
    const deleted = await world.cli(["agent", "delete", "keyed", "--yes", "--force"]);
    expect(deleted.exitCode, deleted.stderr).toBe(0);
  }, 60_000);

  it("without any login the agent starts, and its first answer fails as an `auth` error with exit 7", async () => {
    const env = { ANTHROPIC_API_KEY: "" };
    const spawned = await world.cli(["agent", "spawn", "stranger", "--json"], { env });
    expect(spawned.json<{ agent: AgentView }>().agent, spawned.stdout).toMatchObject({ state: "idle" });

    const sent = await world.cli(["agent", "send", "stranger", "hello", "--wait", "--timeout", "30s", "--json"], {
      env,
    });

    expect(sent.exitCode, sent.stdout).toBe(7);
    expect(sent.json<Failure>().error.message).toMatch(/login/i);
    expect((await shown("stranger")).agent).toMatchObject({ state: "errored", error: { kind: "auth" } });
  }, 60_000);

  it("an argument that Claude Code does not know is CLAUDE_LAUNCH_FAILED with what it said", async () => {
    const refused = await world.cli(["agent", "spawn", "odd", "--json", "--", "--no-such-flag"]);

    const { error } = refused.json<Failure>();
    expect([refused.exitCode, error.code]).toEqual([5, "CLAUDE_LAUNCH_FAILED"]);
    expect(error.message).toContain("--no-such-flag");
    expect(error.details.screen?.join("\n")).toContain("--no-such-flag");
  }, 30_000);
});
