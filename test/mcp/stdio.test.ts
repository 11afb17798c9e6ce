import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { buildStdioServer } from "./support/build-stdio-server.ts";
import { RawClient } from "./support/raw-client.ts";

let server: Awaited<ReturnType<typeof buildStdioServer>>;

beforeAll(async () => {
  server = await buildStdioServer();
});

afterAll(() => server.remove());

function start(flags: readonly string[] = []): RawClient {
  const client = new RawClient(process.execPath, [...flags, server.program]);
  onTestFinished(() => void client.child.kill("SIGKILL"));
  return client;
}

async function holding(client: RawClient, _meta?: object): Promise<number> {
  const id = client.post("tools/call", {
    name: "task_hold",
    arguments: { steps: 1 },
    _meta: { progressToken: "p", ..._meta },
  });
  await client.message(({ method }) => method === "notifications/progress");
  return id;
}

const isAnswerTo = (id: number) => (message: { id?: unknown }) => message.id === id;

test("R1-37: initialize, list and call over stdio; stdout carries protocol only", async () => {
  const client = start();

  const hello = await client.initialise();
  const list = await client.request("tools/list");
  const call = await client.request("tools/call", { name: "agent_show", arguments: { agent: "agt_a" } });
  client.child.stdin.end();
  const exit = await client.exited;

  expect(hello.result).toMatchObject({
    protocolVersion: "2025-11-25",
    serverInfo: { name: "claude-orch", version: "1.2.3" },
    capabilities: { tools: {}, resources: { subscribe: true, listChanged: true }, prompts: {} },
  });
  expect(list.result?.tools).toHaveLength(9);
  expect(call.result).toEqual({
    content: [{ type: "text", text: '{"agent":{"id":"agt_a","state":"idle"}}' }],
    structuredContent: { agent: { id: "agt_a", state: "idle" } },
  });
  expect(client.noise).toEqual([]);
  expect(client.received.every(({ jsonrpc }) => jsonrpc === "2.0")).toBe(true);
  expect(exit).toEqual({ code: 0, signal: null });
});

test.each(["2024-11-05", "2025-03-26", "2025-06-18"])(
  "R1-53: protocol version %s is spoken when asked for",
  async (version) => {
    expect((await start().initialise(version)).result?.protocolVersion).toBe(version);
  },
);

test("an unknown protocol version and an unknown method are answered as the protocol says", async () => {
  const client = start();

  expect((await client.initialise("1999-01-01")).result?.protocolVersion).toBe("2025-11-25");
  expect((await client.request("no/such")).error?.code).toBe(-32601);
  expect((await client.request("ping")).result).toEqual({});
});

test("R4-78: what is not JSON-RPC is answered, and the server goes on", async () => {
  const client = start();
  await client.initialise();

  client.sendLine("not json");
  client.sendLine("");
  client.sendLine('{"jsonrpc":"2.0","id":77,"method":5}');

  expect((await client.message(({ error }) => error?.code === -32700)).id).toBeNull();
  expect((await client.message(({ id }) => id === 77)).error?.code).toBe(-32600);
  expect((await client.request("ping")).result).toEqual({});
});

test("messages may come in pieces, together, with CR LF, and with characters split between chunks", async () => {
  const client = start();
  await client.initialise();
  const call = (id: string) =>
    Buffer.from(
      `${JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name: "agent_show", arguments: { agent: "ä€😀" } } })}\r\n`,
    );
  const both = Buffer.concat([call("one"), call("two")]);

  for (let at = 0; at < both.length; at += 7) {
    await new Promise<void>((resolve) => client.child.stdin.write(both.subarray(at, at + 7), () => resolve()));
  }

  const answers = await Promise.all(["one", "two"].map((id) => client.message((message) => message.id === id)));
  for (const { result } of answers) expect(JSON.stringify(result)).toContain("There is no agent ä€😀");
});

test("notifications/cancelled aborts the operation, and nothing is answered", async () => {
  const client = start();
  await client.initialise();
  const id = await holding(client);

  client.notify("notifications/cancelled", { requestId: id, reason: "enough" });
  await client.request("ping");
  client.child.stdin.end();
  await client.exited;

  expect(JSON.parse(client.stderr)).toEqual({ ended: ["aborted"], holding: 0 });
  expect(client.received.some(isAnswerTo(id))).toBe(false);
});

test("progress carries the client's token and comes before the answer", async () => {
  const client = start();
  await client.initialise();

  await holding(client, { progressToken: 4711 });

  expect(client.received.find(({ method }) => method === "notifications/progress")?.params).toEqual({
    progressToken: 4711,
    progress: 1,
    total: 2,
    message: "step 1",
  });
});

test("requests piped in with nobody staying are all answered", async () => {
  const client = start();

  client.child.stdin.end(
    [
      {
        id: 1,
        method: "initialize",
        params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "p", version: "0" } },
      },
      { method: "notifications/initialized" },
      { id: 2, method: "tools/list" },
      { id: 3, method: "tools/call", params: { name: "text_repeat", arguments: { length: 500_000 } } },
      { id: 4, method: "resources/read", params: { uri: "orch://status" } },
    ]
      .map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
      .join(""),
  );
  const exit = await client.exited;

  expect(exit.code).toBe(0);
  expect(client.received.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4]);
  expect(client.noise).toEqual([]);
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "R4-63: %s ends a call in flight, answers it, stops the watcher and leaves with 0",
  async (signal) => {
    const client = start();
    await client.initialise();
    await client.request("resources/subscribe", { uri: "orch://status" });
    const id = await holding(client);

    client.child.kill(signal);
    const exit = await client.exited;

    expect(exit).toEqual({ code: 0, signal: null });
    expect(JSON.parse(client.stderr)).toEqual({ ended: ["aborted"], holding: 0 });
    expect(JSON.stringify(client.received.find(isAnswerTo(id))?.result)).toContain("CANCELLED");
  },
);

test("R4-63: the end of input ends a call that would go on", async () => {
  const client = start();
  await client.initialise();
  await holding(client);

  client.child.stdin.end();
  const exit = await client.exited;

  expect(exit.code).toBe(0);
  expect(JSON.parse(client.stderr)).toEqual({ ended: ["aborted"], holding: 0 });
});

test("R4-63: a client that stops reading ends the server quietly", async () => {
  const client = start();
  await client.initialise();
  await holding(client);

  client.child.stdout.destroy();
  client.post("tools/call", { name: "text_repeat", arguments: { length: 1_000_000 } });
  client.post("tools/list");
  const exit = await client.exited;

  expect(exit).toEqual({ code: 0, signal: null });
  expect(JSON.parse(client.stderr)).toEqual({ ended: ["aborted"], holding: 0 });
});

test.runIf(process.platform === "linux")("a server that has answered its first calls stays below 100 MB", async () => {
  const client = start(["--max-semi-space-size=1"]);
  await client.initialise();
  await client.request("tools/list");
  await client.request("tools/call", { name: "status", arguments: {} });

  const status = await readFile(`/proc/${client.child.pid}/status`, "utf8");

  const residentMb = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  expect(residentMb).toBeGreaterThan(10);
  expect(residentMb).toBeLessThan(100);
});
