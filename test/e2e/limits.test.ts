import { type ChildProcess, spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { waitFor } from "../support/wait-for.ts";
import { openWorld, type World } from "./support/world.ts";

const BIN = new URL("../../bin/run.js", import.meta.url).pathname;
const RESUME = "The limit that stopped you is over. Continue where you left off.";

interface Failure {
  error: { code: string; hint: string; details: { heldUntil?: string } };
}

describe.each(claudeVersions())("a usage limit on Claude Code $version", (claude) => {
  let world: World;
  const servers: ChildProcess[] = [];

  beforeAll(async () => {
    world = await openWorld(claude);
    await world.cli(["session", "create", "--name", "shop", "--trust"]);
  }, 60_000);

  afterAll(async () => {
    for (const server of servers) server.kill("SIGKILL");
    await world?.dispose();
  }, 30_000);

  /** Claude Code itself would try again for minutes before it gives up. */
  async function spawnAgent(name: string): Promise<void> {
    const spawned = await world.cli(["agent", "spawn", name, "--json"], { env: { CLAUDE_CODE_MAX_RETRIES: "0" } });
    expect(spawned.json<{ agent: AgentView }>().agent.state, spawned.stdout).toBe("idle");
  }

  /** Ends a turn in a usage limit that is over in so many seconds. */
  async function hitLimit(name: string, seconds: number): Promise<AgentView> {
    const resetsAt = Math.ceil(Date.now() / 1000) + seconds;
    const prompt = `[[error 429 says Claude AI usage limit reached|${resetsAt}]]`;
    const failed = await world.cli(["agent", "send", name, prompt, "--wait", "--timeout", "30s", "--json"]);
    expect(failed.exitCode, failed.stdout).toBe(7);
    const { agent } = (await world.cli(["agent", "show", name, "--json"])).json<{ agent: AgentView }>();
    expect(agent).toMatchObject({ state: "errored", error: { kind: "usage_limit" } });
    expect(Date.parse(agent.error?.retryAt ?? "")).toBe(resetsAt * 1000);
    return agent;
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
    await hitLimit("api", 8);
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

  it("with autoResume off it stays, and a later message finds it", async () => {
    const env = { CLAUDE_ORCH_AUTO_RESUME: "false" };
    for (const server of servers) server.kill("SIGKILL");
    await spawnAgent("web");
    await hitLimit("web", 2);

    const waited = await world.cli(["agent", "wait", "web", "--timeout", "5s", "--json"], { env });
    expect(waited.json()).toMatchObject({ agents: [{ state: "errored" }] });
    const sent = await world.cli(["agent", "send", "web", "go on yourself", "--wait", "--timeout", "20s"], { env });

    expect(sent.stdout).toContain("echo: go on yourself");
    expect(prompts().filter((prompt) => prompt === RESUME)).toHaveLength(1);
  }, 60_000);
});
