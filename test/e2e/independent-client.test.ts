import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RawClient, type RawMessage } from "../mcp/support/raw-client.ts";
import { type FakeWorld, openFakeWorld } from "../surfaces/cli/fake-world.ts";

const BIN = new URL("../../bin/run.js", import.meta.url).pathname;
let world: FakeWorld;
let client: RawClient;

/** A client that shares no code with the server: JSON-RPC lines written by hand, over the built `claude-orch mcp`. */
beforeAll(async () => {
  world = await openFakeWorld();
  const environment = Object.entries(world.env).map(([name, value]) => `${name}=${value}`);
  client = new RawClient("/usr/bin/env", ["-i", ...environment, process.execPath, BIN, "mcp"]);
});
afterAll(async () => {
  client?.child.kill("SIGKILL");
  await world?.dispose();
});

interface ToolResult {
  isError?: boolean;
  content: { type: string; text: string }[];
  structuredContent?: Record<string, unknown>;
}

async function call(name: string, input: Record<string, unknown>): Promise<ToolResult> {
  const answer: RawMessage = await client.request("tools/call", { name, arguments: input });
  expect(answer.error, JSON.stringify(answer.error)).toBeUndefined();
  return answer.result as unknown as ToolResult;
}

it("R1-01, R2-01: an independent client lists the tools, runs an agent from session to answer, and reads the resources", async () => {
  const hello = await client.initialise();
  expect(hello.result).toMatchObject({
    serverInfo: { name: "claude-orch" },
    capabilities: { tools: {}, resources: {} },
  });

  const { result } = await client.request("tools/list", {});
  const tools = (
    result as unknown as { tools: { name: string; inputSchema: { type: string }; outputSchema: object }[] }
  ).tools;
  expect(tools.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["session_create", "agent_spawn", "agent_send", "agent_read", "status"]),
  );
  for (const tool of tools) expect(tool).toMatchObject({ inputSchema: { type: "object" }, outputSchema: {} });

  const created = await call("session_create", { root: world.project, name: "shop" });
  expect(created.structuredContent).toMatchObject({ session: { name: "shop", root: world.project, backend: "fake" } });
  const spawned = await call("agent_spawn", { name: "api", session: "shop" });
  expect(spawned.structuredContent).toMatchObject({ agent: { name: "api", state: "idle" } });
  const sent = await call("agent_send", { agent: "shop/api", text: "hello", wait: true, idempotency_key: "once" });
  expect(sent.structuredContent).toMatchObject({ message: { state: "answered", answer: { text: "echo: hello" } } });
  const status = await call("status", {});
  expect(status.structuredContent).toMatchObject({ agents: [{ name: "api", state: "idle" }], attention: [] });
  // The text is the same document, for clients that do not know structured content.
  expect(JSON.parse(status.content[0]?.text ?? "")).toMatchObject({ agents: [{ name: "api" }] });

  const listed = await client.request("resources/list", {});
  const uris = (listed.result as unknown as { resources: { uri: string }[] }).resources.map(({ uri }) => uri);
  const { id } = (spawned.structuredContent as { agent: { id: string } }).agent;
  expect(uris).toEqual(expect.arrayContaining(["orch://status", `orch://agents/${id}`]));
  const read = await client.request("resources/read", { uri: `orch://agents/${id}/transcript` });
  expect(JSON.stringify(read.result)).toContain("echo: hello");

  // The same state is seen from outside.
  const cli = await world.cli(["agent", "read", "api", "--json"]);
  expect(cli.json()).toMatchObject({ answer: { text: "echo: hello" } });
});

it("mistakes come back as errors that a client can show, and the server goes on", async () => {
  const unknown = await call("agent_show", { agent: "apj" });
  expect(unknown.isError).toBe(true);
  expect(JSON.parse(unknown.content[0]?.text ?? "")).toMatchObject({
    error: { code: "AGENT_NOT_FOUND", hint: expect.stringContaining("Did you mean api?") },
  });
  const missing = await call("agent_send", { text: "to nobody" });
  expect(JSON.parse(missing.content[0]?.text ?? "")).toMatchObject({
    error: { code: "INVALID_INPUT", message: expect.stringContaining("is missing") },
  });
  expect((await client.request("no/such/method")).error).toMatchObject({ code: -32601 });
  client.sendLine("this is not JSON");

  expect((await call("status", {})).isError ?? false).toBe(false);
  expect(client.noise).toEqual([]);
});

it("ends with its client", async () => {
  client.child.stdin.end();

  expect(await client.exited).toMatchObject({ code: 0 });
});

/** The protocol's official inspector, from its command line: another program, and another version of the SDK. */
describe("the official inspector", () => {
  const inspector = createRequire(import.meta.url).resolve("@modelcontextprotocol/inspector/package.json");

  async function inspect<T>(...args: string[]): Promise<T> {
    const script = join(dirname(inspector), "cli", "build", "cli.js");
    const { stdout } = await execa(process.execPath, [script, "--cli", process.execPath, BIN, "mcp", ...args], {
      cwd: world.project,
      env: { ...world.env, PATH: process.env.PATH ?? "" },
      extendEnv: false,
    });
    return JSON.parse(stdout) as T;
  }

  it("R1-01: lists tools, prompts and resources, and runs an agent", async () => {
    const { tools } = await inspect<{ tools: { name: string }[] }>("--method", "tools/list");
    expect(tools.map(({ name }) => name)).toContain("agent_send");
    await tool("session_create", "name=inspected");
    await tool("agent_spawn", "name=eve", "session=inspected");

    const sent = await tool("agent_send", "agent=inspected/eve", "text=hello inspector", "wait=true");

    expect(sent.structuredContent).toMatchObject({ message: { answer: { text: "echo: hello inspector" } } });
    const { resources } = await inspect<{ resources: { uri: string }[] }>("--method", "resources/list");
    expect(resources.map(({ uri }) => uri)).toContain("orch://status");
    const { prompts } = await inspect<{ prompts: unknown[] }>("--method", "prompts/list");
    expect(prompts.length).toBeGreaterThan(0);
    const refused = await tool("agent_show", "agent=nobody");
    expect(refused.isError).toBe(true);
  }, 60_000);

  function tool(name: string, ...args: string[]): Promise<ToolResult> {
    return inspect("--method", "tools/call", "--tool-name", name, ...args.flatMap((arg) => ["--tool-arg", arg]));
  }
});
