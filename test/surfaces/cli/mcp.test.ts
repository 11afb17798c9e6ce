import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RawClient } from "../../mcp/support/raw-client.ts";
import { waitFor } from "../../support/wait-for.ts";
import { type FakeWorld, openFakeWorld } from "./fake-world.ts";

const BIN = new URL("../../../bin/run.js", import.meta.url).pathname;

interface Called {
  structuredContent?: Record<string, unknown>;
  content: { text: string }[];
}

describe("the flags of claude-orch mcp", () => {
  let world: FakeWorld;
  let client: RawClient;

  beforeAll(async () => {
    world = await openFakeWorld();
    const limits = ["--max-agents", "16", "--max-sessions", "8", "--log-dir", "my logs"];
    client = new RawClient(process.execPath, [BIN, "mcp", ...limits], {
      env: { ...world.env, CLAUDE_ORCH_LOG_LEVEL: "debug" },
      cwd: world.project,
    });
    await client.initialise();
  }, 30_000);
  afterAll(async () => {
    client?.child.kill("SIGKILL");
    await world?.dispose();
  });

  async function call(name: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { result } = await client.request("tools/call", { name, arguments: input });
    const { structuredContent, content } = result as unknown as Called;
    return structuredContent ?? (JSON.parse(content[0]?.text ?? "") as Record<string, unknown>);
  }

  it("R1-13, R1-45: eight sessions, each tied to its folder; the ninth is SESSION_LIMIT_REACHED, on the command line with exit 4", async () => {
    for (let number = 1; number <= 8; number += 1) {
      const root = path.join(world.root, `code ${number}`);
      await mkdir(root);
      const { session } = await call("session_create", { root, name: `s${number}` });
      expect(session).toMatchObject({ id: expect.stringMatching(/^ses_/), name: `s${number}`, root, maxAgents: 16 });
    }

    expect(await call("session_create", { name: "s9" })).toMatchObject({
      error: { code: "SESSION_LIMIT_REACHED", details: { maxSessions: 8 } },
    });

    const refused = await world.cli(["session", "create", "--name", "s9", "--json"]);
    expect([refused.exitCode, refused.json()]).toMatchObject([4, { error: { code: "SESSION_LIMIT_REACHED" } }]);
    expect((await world.cli(["session", "list", "--json"])).json<{ sessions: unknown[] }>().sessions).toHaveLength(8);
  });

  it("R1-44: sixteen agents in a session; the seventeenth is AGENT_LIMIT_REACHED with exit 4, and nothing is started", async () => {
    const { agents } = await call("agent_spawn", { session: "s1", count: 16 });
    expect(agents).toHaveLength(16);
    const folders = async () => (await readdir(path.join(world.home, "agents"))).length;
    expect(await folders()).toBe(16);

    const error = { code: "AGENT_LIMIT_REACHED", message: expect.stringContaining("16 of at most 16") };
    expect(await call("agent_spawn", { session: "s1", name: "one-too-many" })).toMatchObject({ error });
    const refused = await world.cli(["agent", "spawn", "one-too-many", "--session", "s1", "--json"]);
    expect([refused.exitCode, refused.json()]).toMatchObject([4, { error }]);

    expect(await folders()).toBe(16);
    const listed = await world.cli(["agent", "list", "--json"]);
    expect(listed.json<{ agents: unknown[] }>().agents).toHaveLength(16);
  });

  it("R1-46, R2-32: JSON lines in the log's folder for its owner alone, at level debug on standard error, too; never on stdout", async () => {
    const folder = path.join(world.project, "my logs");
    const [name = "", ...others] = await readdir(folder);
    const file = path.join(folder, name);
    expect(others).toEqual([]);
    expect([(await stat(folder)).mode & 0o777, (await stat(file)).mode & 0o777]).toEqual([0o700, 0o600]);

    const written = await waitFor("the same on standard error", async () => {
      const text = await readFile(file, "utf8");
      return client.stderr === text ? text : undefined;
    });
    const facts = written.trimEnd().split("\n");
    expect(facts.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({
        level: "info",
        event: "mcp.call",
        tool: "agent_spawn",
        outcome: "AGENT_LIMIT_REACHED",
      }),
    );
    expect(client.noise).toEqual([]);
  });

  it("R1-46: a folder in which no log can be written ends it with exit 5, and without level debug stderr stays empty", async () => {
    await writeFile(path.join(world.project, "a-file"), "");
    const { exitCode, stdout, stderr } = await world.cli(["mcp", "--log-dir", "a-file/logs"]);
    expect([exitCode, stdout]).toEqual([5, ""]);
    expect(stderr).toBe(
      `Error: No log can be written to ${path.join(world.project, "a-file/logs")}\nCode: LOG_DIR_NOT_WRITABLE\nTry this: Give --log-dir a folder that you may write to.\n`,
    );

    const quiet = await world.cli(["mcp", "--log-dir", path.join(world.root, "logs")]);
    expect([quiet.exitCode, quiet.stdout, quiet.stderr]).toEqual([0, "", ""]);
    expect(await readdir(path.join(world.root, "logs"))).toHaveLength(1);
  });
});
