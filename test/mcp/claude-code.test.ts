import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startScriptedModel } from "../../src/claude/scripted-model/scripted-model.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import { claudeSandbox, claudeVersions } from "../support/claude-sandbox.ts";
import { buildStdioServer } from "./support/build-stdio-server.ts";

interface StreamEvent {
  type: string;
  subtype?: string;
  tools?: string[];
  mcp_servers?: { name: string; status: string }[];
  message?: { content: unknown };
}

let server: Awaited<ReturnType<typeof buildStdioServer>>;

beforeAll(async () => {
  server = await buildStdioServer();
});

afterAll(() => server.remove());

/** Lets a real Claude Code, with our server as its only MCP server, answer one scripted prompt. */
async function runClaude(claude: ReturnType<typeof claudeVersions>[number], prompt: string): Promise<StreamEvent[]> {
  const model = await startScriptedModel({ clock: new SystemClock() });
  const sandbox = await claudeSandbox(claude, model.url);
  try {
    const config = join(sandbox.root, "mcp.json");
    await writeFile(
      config,
      JSON.stringify({ mcpServers: { orch: { command: process.execPath, args: [server.program] } } }),
    );
    const args = ["-p", prompt, "--mcp-config", config, "--strict-mcp-config", "--allowedTools", "mcp__orch"];
    const run = promisify(execFile)(claude.bin, [...args, "--output-format", "stream-json", "--verbose"], {
      env: sandbox.env,
      cwd: sandbox.project,
      timeout: 60_000,
    });
    run.child.stdin?.end();
    const { stdout } = await run;
    return stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as StreamEvent);
  } finally {
    await model.close();
    // Also fails when Claude Code left our server behind.
    await sandbox.dispose();
  }
}

describe.each(claudeVersions())("Claude Code $version ($name)", (claude) => {
  test("R2-01: connects, sees the tools, calls them and hands their JSON to its model", async () => {
    const events = await runClaude(
      claude,
      '[[tool mcp__orch__agent_show {"agent": "agt_a"}]][[tool mcp__orch__agent_show {"agent": "agt_none"}]][[reply seen]]',
    );

    const start = events.find(({ type, subtype }) => type === "system" && subtype === "init");
    expect(start?.mcp_servers).toEqual([expect.objectContaining({ name: "orch", status: "connected" })]);
    expect(start?.tools).toEqual(
      expect.arrayContaining(["mcp__orch__agent_show", "mcp__orch__agent_spawn", "mcp__orch__status"]),
    );
    const results = events.filter(({ type }) => type === "user").flatMap(({ message }) => message?.content);
    expect(JSON.stringify(results[0])).toContain(
      JSON.stringify('{"agent":{"id":"agt_a","state":"idle"}}').slice(1, -1),
    );
    expect(results[1]).toMatchObject({ type: "tool_result", is_error: true });
    expect(JSON.stringify(results[1])).toContain("AGENT_NOT_FOUND");
  }, 90_000);
});
