import { type ChildProcess, spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import type { InboxItem } from "../../src/operations/attention/inbox-item.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { waitFor } from "../support/wait-for.ts";
import { openWorld, type World } from "./support/world.ts";

const BIN = new URL("../../bin/run.js", import.meta.url).pathname;
const RESUME = "The limit that stopped you is over. Continue where you left off.";

/** What 2.1.330 tells itself when the limit of a subscriber is over. */
const OWN_CONTINUATION = /^Your claude\.ai usage limit has reset\. Continue the task/;
/** Claude Code shows its choices at a limit only to a subscriber. */
const SUBSCRIBER = { CLAUDE_CODE_OAUTH_TOKEN: "made-up-token-of-a-subscriber", ANTHROPIC_API_KEY: "" };
/** 2.1.330 would go on by itself instead of asking. */
const ASKED_SUBSCRIBER = { ...SUBSCRIBER, CLAUDE_ORCH_AUTO_RESUME: "false" };

interface Failure {
  error: { code: string; hint: string; details: { heldUntil?: string } };
}

describe.each(claudeVersions("newest"))("a usage limit on Claude Code $version", (claude) => {
  let world: World;
  const servers: ChildProcess[] = [];

  beforeAll(async () => {
    world = await openWorld(claude);
    await world.cli(["session", "create", "--name", "shop", "--trust"]);
    // It takes its time, in which the other tests run.
    if (claude.name === "newest") await letGoOnByItself("own");
  }, 60_000);

  afterAll(async () => {
    for (const server of servers) server.kill("SIGKILL");
    await world?.dispose();
  }, 30_000);

  /** Claude Code itself would try again for minutes before it gives up. */
  async function spawnAgent(name: string, env: Record<string, string> = {}): Promise<void> {
    const spawned = await world.cli(["agent", "spawn", name, "--json"], {
      env: { CLAUDE_CODE_MAX_RETRIES: "0", ...env },
    });
    expect(spawned.json<{ agent: AgentView }>().agent.state, spawned.stdout).toBe("idle");
  }

  /** Ends a turn in a usage limit that is over in so many seconds. */
  async function hitLimit(name: string, seconds: number): Promise<AgentView> {
    const resetsAt = Math.ceil(Date.now() / 1000) + seconds;
    const prompt = `[[error 429 says Claude AI usage limit reached|${resetsAt}]]`;
    const failed = await world.cli(["agent", "send", name, prompt, "--wait", "--timeout", "30s", "--json"]);
    expect(failed.exitCode, failed.stdout).toBe(7);
    const agent = await show(name);
    expect(agent).toMatchObject({ state: "errored", error: { kind: "usage_limit" } });
    expect(Date.parse(agent.error?.retryAt ?? "")).toBe(resetsAt * 1000);
    return agent;
  }

  async function show(name: string): Promise<AgentView> {
    return (await world.cli(["agent", "show", name, "--json"])).json<{ agent: AgentView }>().agent;
  }

  /** Ends a turn in the limit of a subscriber's plan, which is over at that time (epoch seconds). */
  async function hitPlanLimit(name: string, resetsAt: number): Promise<AgentView> {
    const prompt = `[[limit five_hour ${resetsAt}]]`;
    const failed = await world.cli(["agent", "send", name, prompt, "--wait", "--timeout", "30s"]);
    expect(failed.exitCode, failed.stdout + failed.stderr).toBe(7);
    const agent = await show(name);
    expect(agent).toMatchObject({ state: "errored", error: { kind: "usage_limit" } });
    return agent;
  }

  /** The dialog comes some 100 ms after the failure. */
  async function seesDialog(name: string): Promise<void> {
    const waitingFor = await waitFor("the dialog of the limit", async () => (await show(name)).waitingFor);
    expect(waitingFor).toMatchObject({ kind: "dialog", summary: "What do you want to do?" });
  }

  /** Where autoResume is on, 2.1.330 announces that it will. */
  async function letGoOnByItself(name: string): Promise<void> {
    await spawnAgent(name, SUBSCRIBER);
    const { error } = await hitPlanLimit(name, Math.ceil(Date.now() / 1000) + 5);
    const queued = await world.cli(["agent", "send", name, "after its own", "--timeout", "1s", "--json"]);
    const heldUntil = Date.parse(queued.json<Failure>().error.details.heldUntil ?? "");
    expect(heldUntil - Date.parse(error?.retryAt ?? "")).toBe(180_000);
  }

  /** A manager's server: it runs as long as its client does not hang up. */
  function serve(): void {
    servers.push(
      spawn(process.execPath, [BIN, "mcp"], {
        cwd: world.sandbox.project,
        env: world.env,
        stdio: ["pipe", "ignore", "ignore"],
      }),
    );
  }

  const prompts = () => world.model.requests.filter(({ kind }) => kind !== "side").map(({ prompt }) => prompt);

  it("B7: the agent is held, goes on exactly once with two servers running, and then takes what was queued", async () => {
    await spawnAgent("api");
    serve();
    serve();
    await hitLimit("api", 12);
    const queued = await world.cli(["agent", "send", "api", "after the limit", "--timeout", "1s", "--json"]);

    const { error } = queued.json<Failure>();
    expect([queued.exitCode, error.code, error.hint]).toEqual([
      6,
      "WAIT_TIMEOUT",
      expect.stringMatching(/stays queued/),
    ]);
    expect(Date.parse(error.details.heldUntil ?? "")).toBeGreaterThan(Date.now());
    expect(prompts()).not.toContain(RESUME);

    await waitFor("the queue to go on", () => prompts().includes("after the limit") || undefined, {
      timeoutMs: 40_000,
      everyMs: 100,
      describe: () => prompts().join("\n"),
    });
    const waited = await world.cli(["agent", "wait", "api", "--timeout", "20s", "--json"]);

    expect(waited.json()).toMatchObject({ timedOut: false, agents: [{ state: "idle" }] });
    expect(prompts().slice(-2)).toEqual([RESUME, "after the limit"]);
    expect(prompts().filter((prompt) => prompt === RESUME)).toHaveLength(1);
  }, 90_000);

  it("B7: the dialog that Claude Code opens at a limit is in the inbox once, and closed when the agent goes on, once", async () => {
    await spawnAgent("sub", ASKED_SUBSCRIBER);
    const soon = Math.ceil(Date.now() / 1000) + 10;
    // 2.1.197 tells the minute only.
    await hitPlanLimit("sub", claude.name === "pinned" ? Math.ceil(soon / 60) * 60 : soon);
    await seesDialog("sub");
    const { items } = (await world.cli(["inbox", "--json"])).json<{ items: InboxItem[] }>();
    const list = await world.cli(["agent", "list"]);

    expect(items.filter(({ agent }) => agent?.name === "sub").map(({ kind }) => kind)).toEqual(["limit"]);
    expect(list.stdout).toMatch(/^shop\/sub +errored +general +usage limit until \d\d:\d\d \(in \d+ (s|min)\)/m);
    await waitFor("it to go on", () => prompts().filter((prompt) => prompt === RESUME).length === 2 || undefined, {
      timeoutMs: 90_000,
      everyMs: 100,
      describe: () => prompts().join("\n"),
    });
    const waited = await world.cli(["agent", "wait", "sub", "--timeout", "20s", "--json"]);
    expect(waited.json()).toMatchObject({ timedOut: false, agents: [{ state: "idle" }] });
    expect(prompts().filter((prompt) => prompt === RESUME)).toHaveLength(2);
  }, 150_000);

  it("a person closes that dialog with agent respond, and one who sends at once need not", async () => {
    // 2.1.197 shows it once in a conversation, so there are two.
    await Promise.all(["far", "away"].map((name) => spawnAgent(name, ASKED_SUBSCRIBER)));
    const tomorrow = Math.ceil(Date.now() / 1000) + 30 * 3600;
    await Promise.all(["far", "away"].map((name) => hitPlanLimit(name, tomorrow)));
    await seesDialog("far");
    await seesDialog("away");

    const answered = await world.cli(["agent", "respond", "far", "--deny", "--json"]);
    const { agent } = answered.json<{ agent: AgentView }>();
    const sent = await world.cli(["agent", "send", "away", "at once", "--when", "now", "--wait", "--timeout", "20s"]);

    expect([agent.state, agent.waitingFor], answered.stdout).toEqual(["errored", undefined]);
    expect(sent.stdout, sent.stderr).toContain("echo: at once");
  }, 90_000);

  it("with autoResume off it stays, and a later message finds it", async () => {
    const env = { CLAUDE_ORCH_AUTO_RESUME: "false" };
    for (const server of servers) server.kill("SIGKILL");
    await spawnAgent("web");
    await hitLimit("web", 2);

    const waited = await world.cli(["agent", "wait", "web", "--timeout", "5s", "--json"], { env });
    expect(waited.json()).toMatchObject({ agents: [{ state: "errored" }] });
    const sent = await world.cli(["agent", "send", "web", "go on yourself", "--wait", "--timeout", "20s"], { env });

    expect(sent.stdout).toContain("echo: go on yourself");
    expect(prompts().filter((prompt) => prompt === RESUME)).toHaveLength(2);
  }, 60_000);

  it.runIf(claude.name === "newest")(
    "B7: that goes on by itself is not told to, and then takes what was queued",
    async () => {
      const waited = await world.cli(["agent", "wait", "own", "--timeout", "4m", "--json"]);

      expect(waited.json()).toMatchObject({ timedOut: false, agents: [{ state: "idle" }] });
      const own = prompts().findIndex((prompt) => OWN_CONTINUATION.test(prompt));
      expect(own, prompts().join("\n")).toBeGreaterThan(0);
      expect(prompts().indexOf("after its own")).toBeGreaterThan(own);
      expect(prompts().filter((prompt) => OWN_CONTINUATION.test(prompt))).toHaveLength(1);
      expect(prompts().filter((prompt) => prompt === RESUME)).toHaveLength(2);
    },
    270_000,
  );
});
