import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import type { MessageView } from "../../src/core/message.ts";
import type { InboxItem } from "../../src/operations/attention/inbox-item.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { waitFor } from "../support/wait-for.ts";
import { recordedPrompts } from "./support/recorded-prompts.ts";
import { openWorld, type World } from "./support/world.ts";

interface Candidate {
  pid: number;
  conversationId: string;
  name: string | null;
  status: string | null;
  terminal?: { backend: string; id: string };
  session?: { name: string };
  adoptable: boolean;
  loss: string[];
}

/** Gives a program a terminal that no tmux holds. */
const SCRIPT = "/usr/bin/script";

describe.each(claudeVersions("newest"))("agent adopt on Claude Code $version", (claude) => {
  let world: World;
  let socket: string;
  let outside: ChildProcess | undefined;

  beforeAll(async () => {
    world = await openWorld(claude);
    // A person sits in a tmux of their own, and calls claude-orch from there.
    socket = path.join(world.sandbox.root, "person.sock");
    world.env.TMUX = `${socket},1,0`;
    await world.cli(["session", "create", "--name", "shop", "--trust"]);
    await person("new-session", "-d", "-x", "120", "-y", "40", "-c", world.sandbox.project, "/bin/sh");
  }, 120_000);
  afterAll(async () => {
    outside?.kill("SIGKILL");
    await person("kill-server").catch(() => undefined);
    await world?.dispose();
  }, 30_000);

  const person = async (...args: string[]) =>
    (await promisify(execFile)("tmux", ["-S", socket, "-f", "/dev/null", ...args], { env: world.sandbox.env })).stdout;
  const typeLine = (line: string) => person("send-keys", "-t", "%0", "-l", `${line}\n`);
  const screen = () => person("capture-pane", "-p", "-t", "%0");
  const orch = (...args: string[]) => world.cli([...args, "--json"]);
  const candidates = async () => (await orch("agent", "adopt")).json<{ candidates: Candidate[] }>().candidates;
  const show = async (name: string) =>
    (await orch("agent", "show", name)).json<{ agent: AgentView; loss?: string[]; messages: MessageView[] }>();
  const inState = (name: string, state: string) =>
    waitFor(
      `${name} to be ${state}`,
      async () => {
        const { agent } = await show(name);
        return agent.state === state ? agent : undefined;
      },
      { describe: screen },
    );
  /** What it asks in full, which its transcript tells some 100 ms after its screen. */
  const asked = (name: string) =>
    waitFor(
      `what ${name} asks`,
      async () => {
        const { items } = (await orch("inbox")).json<{ items: InboxItem[] }>();
        const request = items.find(({ agent }) => agent?.name === name)?.request;
        return request?.input === undefined ? undefined : request;
      },
      { describe: screen },
    );
  const respond = async (...args: string[]) => {
    const responded = await orch("agent", "respond", ...args);
    expect(responded.exitCode, `${responded.stdout}\n${await screen()}`).toBe(0);
    return responded.json<{ request: object }>().request;
  };
  const option = (label: string) => ({ label, description: label });
  const idleOne = () =>
    waitFor("an idle Claude Code", async () => (await candidates()).find(({ status }) => status === "idle"), {
      describe: screen,
    });
  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  it("R1-05, R2-29: lists what a person started, takes it over, prompts it with proof and answer, sees what it asks", async () => {
    await typeLine(`${claude.bin} --name helper --permission-mode default`);
    const found = await idleOne();
    expect(found).toMatchObject({
      ...{ name: "helper", adoptable: true, session: { name: "shop" }, version: claude.version },
      terminal: { backend: "tmux", id: `${socket}:%0` },
    });
    const unknown = await orch("agent", "adopt", `${found.pid}0`);
    expect([unknown.exitCode, unknown.json<{ error: { code: string; details: unknown } }>().error]).toMatchObject([
      3,
      { code: "PROCESS_NOT_FOUND", details: { near: [found.pid] } },
    ]);

    const adopted = await orch("agent", "adopt", String(found.pid));

    expect(adopted.exitCode, adopted.stdout).toBe(0);
    const { agent, loss } = adopted.json<{ agent: AgentView; loss: string[] }>();
    expect(agent).toMatchObject({ name: "helper", adopted: true, state: "idle", pid: found.pid, backend: "tmux" });
    expect(loss).toEqual(found.loss);
    expect((await show("helper")).loss).toEqual(loss);
    expect(await candidates()).toEqual([]);
    expect((await orch("agent", "adopt", found.conversationId)).json()).toMatchObject({
      error: { code: "AGENT_ALREADY_MANAGED" },
    });

    const sent = (await orch("agent", "send", "helper", "hello there", "--wait")).json<{ message: MessageView }>();
    expect(sent.message).toMatchObject({ state: "answered", answer: { text: "echo: hello there", isError: false } });
    const prompts = await recordedPrompts(world.sandbox.configDir, found.conversationId);
    expect(prompts.map(({ text, promptId }) => [text, promptId])).toEqual([["hello there", sent.message.promptId]]);
    const long = await orch("agent", "send", "helper", "!touch pwned", "--wait");
    expect(long.exitCode).not.toBe(0);

    const question = { question: "Which?", header: "Which", multiSelect: false, options: ["Red", "Blue"].map(option) };
    const asks = {
      allow: '[[tool Bash {"command":"touch proof"}]]',
      deny: '[[tool Bash {"command":"touch never"}]]',
      choice: `[[tool AskUserQuestion ${JSON.stringify({ questions: [question, { ...question, question: "Many?", multiSelect: true }] })}]]`,
    };
    await orch("agent", "send", "helper", asks.allow);
    expect(await asked("helper")).toMatchObject({
      ...{
        kind: "permission",
        tool: "Bash",
        input: { command: "touch proof" },
        via: "keys",
        summary: "Bash: touch proof",
      },
    });
    expect(await respond("helper", "--allow")).toMatchObject({ outcome: "allowed", via: "keys" });
    await inState("helper", "idle");
    expect(existsSync(path.join(world.sandbox.project, "proof"))).toBe(true);
    await orch("agent", "send", "helper", asks.deny);
    await asked("helper");
    expect(await respond("helper", "--deny", "--text", "not here")).toMatchObject({ outcome: "denied", via: "keys" });
    await inState("helper", "idle");
    expect(existsSync(path.join(world.sandbox.project, "never"))).toBe(false);
    await orch("agent", "send", "helper", asks.choice);
    expect(await asked("helper")).toMatchObject({ kind: "question", questions: [{ question: "Which?" }, {}] });
    const chosen = await respond("helper", "--choice", "1:2", "--choice", "2:1", "--choice", "2:2");
    expect(chosen).toMatchObject({ outcome: "answered", decision: "Blue; Red, Blue" });
    await inState("helper", "idle");
    await orch("agent", "send", "helper", asks.deny);
    await inState("helper", "waiting");
    await person("send-keys", "-t", "%0", "Escape");
    await inState("helper", "idle");
    const { entries } = (await orch("agent", "read", "helper", "--all", "--include", "tools")).json<{
      entries: object[];
    }>();
    expect(JSON.stringify(entries)).toMatch(/not here.*Which\?.*Blue.*Many\?.*Red, Blue/);

    const failed = await orch("agent", "send", "helper", "[[error 400 says no]]", "--wait");
    expect(failed.exitCode, failed.stdout).toBe(7);
    expect((await show("helper")).agent).toMatchObject({ state: "errored", error: { kind: "api" } });
    expect(
      (await recordedPrompts(world.sandbox.configDir, found.conversationId)).map(({ text }) => text),
    ).not.toContain("!touch pwned");
  }, 120_000);

  it("delete lets go of it; once its person ended it, nothing reaches their shell, and start --resume brings it under control", async () => {
    const [before] = (await orch("agent", "list")).json<{ agents: AgentView[] }>().agents;
    if (!before?.pid) throw new Error("it was adopted and runs");
    expect((await orch("agent", "delete", "helper", "--yes")).exitCode).toBe(0);
    expect(isAlive(before.pid)).toBe(true);
    expect((await candidates()).map(({ pid, adoptable }) => [pid, adoptable])).toEqual([[before.pid, true]]);

    const again = await orch("agent", "adopt", String(before.conversationId), "--name", "mine");
    expect(again.json<{ agent: AgentView }>().agent).toMatchObject({ name: "mine", pid: before.pid });
    await typeLine("/exit");
    await person("send-keys", "-t", "%0", "Enter");
    await inState("mine", "exited");
    const late = await orch("agent", "send", "mine", "touch pwned");
    expect(late.json()).toMatchObject({ error: { code: "AGENT_NOT_RUNNING" } });
    expect(await screen()).not.toContain("touch pwned");
    expect((await orch("session", "restore")).json()).toMatchObject({ agents: [{ name: "mine", outcome: "skipped" }] });

    const started = await orch("agent", "start", "mine", "--resume");
    expect(started.json<{ agent: AgentView }>().agent).toMatchObject({
      ...{ adopted: false, state: "idle", conversationId: before.conversationId },
      terminal: expect.stringMatching(/^%\d+$/),
    });
    const sent = (await orch("agent", "send", "mine", "!now anything", "--wait")).json<{ message: MessageView }>();
    expect(sent.message).toMatchObject({ state: "answered", answer: { text: "echo: !now anything" } });
    expect(await person("list-panes", "-a", "-F", "#{pane_current_command}")).toBe("sh\n");
    expect((await orch("agent", "delete", "mine", "--yes")).exitCode).toBe(0);
  }, 120_000);

  it.runIf(process.platform === "linux")(
    "what runs outside of tmux can be read and not prompted; delete --force ends it",
    async () => {
      outside = spawn(SCRIPT, ["-qfec", claude.bin, "/dev/null"], {
        cwd: world.sandbox.project,
        env: world.sandbox.env,
        stdio: ["pipe", "pipe", "pipe"],
      });
      outside.stdout?.resume();
      const found = await idleOne();
      expect(found.terminal).toBeUndefined();

      const adopted = await orch("agent", "adopt", String(found.pid));
      expect(adopted.json<{ agent: AgentView }>().agent).toMatchObject({
        state: "idle",
        terminal: null,
        adopted: true,
      });
      const { name } = adopted.json<{ agent: AgentView }>().agent;
      const sent = await orch("agent", "send", name, "hello");
      expect([sent.exitCode, sent.json()]).toMatchObject([5, { error: { code: "TERMINAL_GONE" } }]);
      expect((await orch("agent", "delete", name, "--yes", "--force")).exitCode).toBe(0);
      await waitFor("its end", () => (isAlive(found.pid) ? undefined : true));
    },
    120_000,
  );
});
