import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import type { CoordinationView } from "../../src/core/team/view.ts";
import { proposes, votes } from "../operations/team/scripts.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { openWorld, type World } from "./support/world.ts";

describe.each(claudeVersions("newest"))("a team on Claude Code $version", (claude) => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld(claude);
    const roles = path.join(world.sandbox.project, ".claude-orch/roles");
    await mkdir(roles, { recursive: true });
    await writeFile(path.join(roles, "lead.md"), "---\nname: lead\nspawn: true\n---\nLead the others.\n");
    await world.cli(["session", "create", "--name", "shop", "--trust"]);
    const spawned = await Promise.all(
      ["lead", "web", "api"].map((name) =>
        world.cli(["agent", "spawn", name, "--role", name === "lead" ? "lead" : "general", "--json"]),
      ),
    );
    for (const { exitCode, stdout } of spawned) expect(exitCode, stdout).toBe(0);
  }, 90_000);

  afterAll(() => world?.dispose(), 30_000);

  it("R4-04, R4-17, R4-45: three agents come to a consensus, one dissents with a reason, one tells the result", async () => {
    const task = [
      "Which cache shall we use?",
      proposes("lead", "Redis, we run it already"),
      proposes("web", "None until it is slow"),
      proposes("api", "SQLite beside the app"),
      votes("lead", "web", "nobody has measured anything"),
      votes("web", "web", "less to break"),
      votes("api", "api", "one query takes 2 s already"),
      "[[if You coordinate | reply No cache for now; api is to measure its query.]]",
    ].join("\n");
    const ran = await world.cli(
      [
        ...["team", "coordinate", "--mode", "consensus", "--participants", "lead,web,api", "--coordinator", "lead"],
        ...["--timeout", "60s", "--json", "-"],
      ],
      { input: task },
    );

    expect(ran.exitCode, ran.stdout + ran.stderr).toBe(0);
    const { coordination } = ran.json<{ coordination: CoordinationView }>();
    expect(coordination).toMatchObject({
      state: "done",
      decision: {
        outcome: "agreed",
        proposal: { name: "web", text: expect.stringContaining("None until it is slow") },
        votes: 2,
        needed: 2,
        dissents: [{ name: "api", choice: "api", reason: expect.stringContaining("one query takes 2 s already") }],
      },
    });
    expect(coordination.synthesis).toContain("No cache for now");
    // What was voted on, stands in the transcript of who voted: the others' words, each line marked as theirs.
    const read = await world.cli(["agent", "read", "api", "--all", "--json"]);
    const heard = read
      .json<{ entries: { kind: string; text?: string }[] }>()
      .entries.filter(({ kind }) => kind === "prompt");
    expect(heard).toHaveLength(2);
    expect(heard[1]?.text).toContain("Proposal of agent lead:\n> Redis, we run it already");

    const shown = await world.cli(["team", "show", coordination.id]);
    expect(shown.stdout).toContain("dissent of api, for api: one query takes 2 s already");
    expect((await world.cli(["inbox", "--json"])).json()).toEqual({ items: [] });
  }, 90_000);

  it("R4-16: an agent whose role says so starts a child through its own MCP entry; another one has no such tool", async () => {
    const start = '[[tool mcp__claude-orch__agent_spawn {"name":"helper","permission_mode":"plan"}]][[reply asked]]';
    const sent = await Promise.all(
      ["lead", "web"].map((name) => world.cli(["agent", "send", name, start, "--wait", "--timeout", "60s", "--json"])),
    );
    for (const { exitCode, stdout } of sent) expect(exitCode, stdout).toBe(0);

    const { agents } = (await world.cli(["agent", "list", "--json"])).json<{ agents: AgentView[] }>();
    const lead = agents.find(({ name }) => name === "lead");
    expect(agents.filter(({ parentId }) => parentId !== null)).toMatchObject([
      { name: "helper", parentId: lead?.id, permissionMode: "plan", state: "idle" },
    ]);
    expect((await world.cli(["status"])).stdout).toMatch(/^shop\/lead .*\n└─ helper /m);
  }, 90_000);
});
