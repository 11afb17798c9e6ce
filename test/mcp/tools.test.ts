import { ErrorCode } from "@modelcontextprotocol/sdk/types.js";
import { expect, test, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { toolDefinition } from "../../src/mcp/tool-definition.ts";
import { inToolNames } from "../../src/mcp/tool-result.ts";
import { visibleOperations } from "../../src/mcp/visible-operations.ts";
import { operations } from "../../src/operations/index.ts";
import { connect, errorOf, textOf } from "./support/connect.ts";

test("a tool carries name, title, description, both schemas, hints and risk", async () => {
  const { client } = await connect();

  const { tools } = await client.listTools();

  const spawn = tools.find(({ name }) => name === "agent_spawn");
  expect(spawn).toMatchObject({
    title: "T",
    description: "Start an agent\n\nD",
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
    _meta: { "claude-orch/risk": "high" },
  });
  expect(spawn?.inputSchema).toMatchObject({
    type: "object",
    additionalProperties: false,
    required: ["agent_name"],
    properties: {
      agent_name: { type: "string", description: "Its name" },
      limits: {
        required: ["idle_timeout"],
        additionalProperties: false,
        properties: { per_tool: { items: { properties: { tool_name: { type: "string" } } } } },
      },
      extra_env: { additionalProperties: { type: "string" } },
    },
  });
  expect(Object.keys(spawn?.outputSchema?.properties ?? {})).toEqual(["agentId", "maxTokens"]);
  expect(tools.find(({ name }) => name === "agent_delete")?.annotations).toMatchObject({
    readOnlyHint: false,
    destructiveHint: true,
  });
  expect(tools.find(({ name }) => name === "status")?.annotations).toMatchObject({
    readOnlyHint: true,
    openWorldHint: false,
  });
  expect(tools.map(({ name }) => name)).toContain("agent_assign_role");
  expect(tools.map(({ name }) => name)).not.toContain("cli_only");
});

test("arguments in snake_case reach the operation as its own fields, at every depth; keys of open records stay", async () => {
  const { world, call } = await connect();

  await call("agent_spawn", {
    agent_name: "x",
    max_tokens: 5,
    limits: { idle_timeout: "1m", per_tool: [{ tool_name: "Bash" }] },
    extra_env: { SOME_key: "a_b" },
  });

  expect(world.journal.inputs).toEqual([
    {
      agentName: "x",
      maxTokens: 5,
      limits: { idleTimeout: "1m", perTool: [{ toolName: "Bash" }] },
      extraEnv: { SOME_key: "a_b" },
    },
  ]);
});

test("a result is the operation's JSON, structured and as text, with its keys unchanged", async () => {
  const { call } = await connect();

  const result = await call("agent_spawn", { agent_name: "x" });

  expect(result.isError).toBeUndefined();
  expect(result.structuredContent).toEqual({ agentId: "agt_x", maxTokens: null });
  expect(JSON.parse(textOf(result))).toEqual(result.structuredContent);
});

test.each([
  [{ agent_name: "x", colour: "red" }, "colour"],
  [{ agentName: "x" }, "agentName"],
  [
    { agent_name: "x", limits: { idle_timeout: "1m", per_tool: [{ tool_name: "a", extra: 1 }] } },
    "limits.per_tool[0].extra",
  ],
])("R4-78: an unknown argument is refused by name: %j", async (args, named) => {
  const { world, call } = await connect();

  const result = await call("agent_spawn", args);

  expect(result.isError).toBe(true);
  expect(errorOf(result)).toMatchObject({ code: "INVALID_INPUT", message: `agent_spawn: unknown argument "${named}"` });
  expect(world.journal.inputs).toEqual([]);
});

test("a misspelt argument brings the right one", async () => {
  const { call } = await connect();

  expect(errorOf(await call("agent_spawn", { agentName: "x" })).hint).toBe("Did you mean agent_name?");
});

test.each([
  [
    "claude-orch agent list shows them; claude-orch agent focus api",
    "agent_list shows them; claude-orch agent focus api",
  ],
  ["Run claude-orch agent list to see the agents.", "Run agent_list to see the agents."],
  ["Look with claude-orch status and wait.", "Look with status and wait."],
  ["Pass --force, or look with claude-orch agent list.", "Pass force, or look with agent_list."],
  ["It takes: --input description=… --no-wait", "It takes: input description=… no_wait"],
  ["Run claude-orch worker --json.", "Run claude-orch worker --json."],
  ["claude-orch worker runs the queue.", "claude-orch worker runs the queue."],
  ["Run the command with --help to see what it takes.", "See the tool's input schema for what it takes."],
])("a hint speaks of the tools that a model has: %s", (hint, expected) => {
  const error = new AppError("AGENT_NOT_FOUND", "There is no agent", { hint, details: { agent: "x" } });
  const said = inToolNames(error, new Set(["agent_list", "status"]));
  expect(said).toMatchObject({ hint: expected, code: "AGENT_NOT_FOUND", details: { agent: "x" } });
});

test("R4-78: a bad value is refused with the argument's name, and nothing runs", async () => {
  const { world, call } = await connect();

  const missing = errorOf(await call("agent_spawn", {}));
  const wrong = errorOf(await call("agent_spawn", { agent_name: "x", max_tokens: "many" }));

  expect(missing).toMatchObject({
    code: "INVALID_INPUT",
    message: expect.stringMatching(/^agent_spawn: agent_name is missing$/),
  });
  expect(wrong).toMatchObject({
    code: "INVALID_INPUT",
    message: expect.stringMatching(/^agent_spawn: max_tokens must be /),
  });
  expect(wrong.details).toMatchObject({ issues: [{ field: "max_tokens" }] });
  expect(world.journal.inputs).toEqual([]);
});

test("a failed call is the error envelope as text, without structured content", async () => {
  const { call } = await connect();

  const result = await call("agent_show", { agent: "agt_none" });

  expect(result.isError).toBe(true);
  expect(result.structuredContent).toBeUndefined();
  expect(JSON.parse(textOf(result))).toEqual({
    error: {
      code: "AGENT_NOT_FOUND",
      message: "There is no agent agt_none",
      hint: expect.any(String),
      details: { agent: "agt_none" },
    },
  });
});

test("what an operation should never throw is INTERNAL, in the same envelope", async () => {
  const { call } = await connect();

  expect(errorOf(await call("bug_throw"))).toMatchObject({
    code: "INTERNAL",
    message: "Unexpected error: x is not a function",
  });
});

test("a tool that does not exist is a protocol error", async () => {
  const { call } = await connect();

  await expect(call("no_such_tool")).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
});

test("the text of a large result stays below 40 000 characters and says so; the structured content is whole", async () => {
  const { call } = await connect();

  const result = await call("text_repeat", { length: 100_000 });

  expect(result.structuredContent).toMatchObject({ text: "x".repeat(100_000) });
  const texts = result.content.map((block) => (block.type === "text" ? block.text : ""));
  expect(texts.join("").length).toBeLessThan(40_000);
  expect(JSON.parse(texts[0] ?? "")).toMatchObject({ text: expect.stringContaining("more characters") });
  expect(texts[1]).toContain("structured content");
});

test("R1-32: a worker sees its own tools only, and is denied the others by name", async () => {
  const { world, client, call } = await connect({ kind: "worker", agentId: "agt_a", sessionId: "ses_1" });

  const names = (await client.listTools()).tools.map(({ name }) => name);

  expect(names).toEqual([
    "status",
    "session_show",
    "agent_show",
    "task_hold",
    "text_repeat",
    "bug_throw",
    "worker_only",
  ]);
  expect(errorOf(await call("agent_spawn", { agent_name: "x" }))).toMatchObject({ code: "PERMISSION_DENIED" });
  expect(world.journal.inputs).toEqual([]);
});

test("R1-32: a worker's call on another session is denied by the operation, which knows who calls", async () => {
  const { call } = await connect({ kind: "worker", agentId: "agt_a", sessionId: "ses_1" });

  expect(errorOf(await call("session_show", { session: "ses_2" })).code).toBe("PERMISSION_DENIED");
  expect((await call("session_show", { session: "ses_1" })).isError).toBeUndefined();
});

test("R1-32: a worker that was deleted while its server ran on may do nothing any more", async () => {
  const { world, call } = await connect({ kind: "worker", agentId: "agt_a", sessionId: "ses_1" });
  world.agents.shift();

  for (const tool of ["status", "worker_only"]) {
    expect(errorOf(await call(tool))).toMatchObject({ code: "PERMISSION_DENIED", details: { agentId: "agt_a" } });
  }
});

test("a manager is neither shown nor let call what is not exposed to MCP", async () => {
  const { client, call } = await connect({ kind: "manager" });

  const names = (await client.listTools()).tools.map(({ name }) => name);

  expect(names).not.toContain("cli_only");
  expect(names).not.toContain("worker_only");
  expect(errorOf(await call("cli_only")).code).toBe("PERMISSION_DENIED");
  expect(errorOf(await call("worker_only")).code).toBe("PERMISSION_DENIED");
});

test("an observer sees what only reads", async () => {
  const { client, call } = await connect({ kind: "observer" });

  const { tools } = await client.listTools();

  expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
  expect(errorOf(await call("agent_delete", { agent: "agt_a" })).code).toBe("PERMISSION_DENIED");
});

test("the principal of the server wins over the one of the context", async () => {
  const { world, call } = await connect({ kind: "manager" });

  await call("agent_spawn", { agent_name: "x" });

  expect(world.journal.principals).toEqual(["manager"]);
});

test("a cancelled call aborts the operation", async () => {
  const { world, client } = await connect();
  const cancel = new AbortController();
  const call = client.callTool({ name: "task_hold", arguments: {} }, undefined, { signal: cancel.signal });
  call.catch(() => undefined);
  await vi.waitFor(() => expect(world.journal.holding).toBe(1));

  cancel.abort("enough");

  await expect(call).rejects.toThrow();
  await vi.waitFor(() => expect(world.journal.ended).toEqual(["aborted"]));
});

test("closing the connection aborts what runs", async () => {
  const { world, client, calls } = await connect();
  client.callTool({ name: "task_hold", arguments: {} }).catch(() => undefined);
  await vi.waitFor(() => expect(world.journal.holding).toBe(1));

  await client.close();
  await calls.ended();

  expect(world.journal.ended).toEqual(["aborted"]);
});

test("R1-19: every tool of the real catalogue has what a model and a client need, its risk among it", () => {
  const tools = visibleOperations(operations, { kind: "manager" }).map(toolDefinition);

  expect(tools.length).toBeGreaterThan(15);
  const risks = Object.fromEntries(tools.map(({ name, _meta }) => [name, _meta?.["claude-orch/risk"]]));
  expect(new Set(Object.values(risks))).toEqual(new Set(["low", "medium", "high"]));
  // The eight tools of R1 stand for these (mission §6.1).
  expect(risks).toMatchObject({
    session_create: "medium",
    session_show: "low",
    session_delete: "high",
    agent_spawn: "high",
    agent_delete: "high",
    agent_send: "medium",
    agent_clear: "medium",
    agent_start: "medium",
  });
  expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
  for (const tool of tools) {
    expect(tool.name).toMatch(/^[a-z][a-z_]*$/);
    expect(tool.title).not.toBe("");
    // Claude Code cuts descriptions off at 2048 characters.
    expect(tool.description?.length).toBeLessThan(2048);
    expect(tool.inputSchema.type).toBe("object");
    expect(tool.outputSchema?.type).toBe("object");
    for (const [name, schema] of Object.entries(tool.inputSchema.properties ?? {})) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(schema, `${tool.name} ${name}`).toHaveProperty("description");
    }
  }
});

test("R1-32: the real catalogue offers workers no tool that starts, ends or reconfigures anything", () => {
  const worker = visibleOperations(operations, { kind: "worker", agentId: "agt_a", sessionId: "ses_1" });

  expect(worker.length).toBeGreaterThan(0);
  expect(worker.filter(({ effect, risk }) => effect === "destroy" || risk === "high")).toEqual([]);
});
