import { readdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import type { AgentEventView } from "../../src/core/agent-event.ts";
import type { MessageView } from "../../src/core/message.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { waitFor } from "../support/wait-for.ts";
import { openWorld, type World } from "./support/world.ts";

describe.each(claudeVersions("newest"))("cleaning up after Claude Code $version", (claude) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(claude);
    await world.cli(["session", "create", "--name", "shop", "--trust"]);
  }, 60_000);
  afterAll(() => world?.dispose(), 30_000);

  const agent = async (name: string) =>
    (await world.cli(["agent", "show", name, "--json"])).json<{ agent: AgentView }>().agent;
  const ask = async (text: string) =>
    (await world.cli(["agent", "send", "api", text, "--wait", "--json"])).json<{ message: MessageView }>().message
      .answer?.text;

  it("R3-32: the pane of an agent that ended stays for its last screen, then it is closed; --resume goes on", async () => {
    const spawned = await world.cli(["agent", "spawn", "api", "--json"]);
    const { id, pid, terminal } = spawned.json<{ agent: AgentView }>().agent;
    expect(await ask("[[reply kept]]")).toBe("kept");
    process.kill(pid ?? Number.NaN, "SIGTERM");
    await waitFor("its end", async () => ((await agent("api")).state === "exited" ? true : undefined), {
      timeoutMs: 10_000,
    });
    const panes = () => world.tmux("list-panes", "-a", "-F", "#{pane_id} #{pane_dead}").catch(() => "");
    expect(await panes()).toContain(`${terminal} 1`);

    const worker = world.start(["worker"], { env: { CLAUDE_ORCH_CLOSE_EXITED_AFTER: "0s" } });
    await waitFor(
      "its terminal to be closed",
      async () => ((await agent("api")).terminal === null ? true : undefined),
      {
        timeoutMs: 20_000,
      },
    );
    worker.kill("SIGTERM");

    expect(await panes()).not.toContain(terminal);
    await waitFor("its files to go", async () => {
      const left = await readdir(path.join(world.home, "agents", id));
      return left.some((name) => /^(launch-|env-|requests|token)/.test(name)) ? undefined : true;
    });
    expect((await world.cli(["agent", "read", "api"])).stdout).toContain("kept");
    const log = (await world.cli(["agent", "log", "api", "--json"])).json<{ events: AgentEventView[] }>().events;
    expect(log.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["lifecycle.exited", "lifecycle.tidied"]));
    expect(log.find(({ kind }) => kind === "lifecycle.ended")?.exitCode).toBe(143);

    await world.cli(["agent", "start", "api", "--resume"]);
    expect(await ask("[[reply more]]")).toBe("more");
    expect((await world.cli(["agent", "read", "api", "--all"])).stdout).toContain("kept");
  }, 90_000);
});
