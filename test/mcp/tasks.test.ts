import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { type CallToolResult, ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { silentLogger } from "../../src/core/ports/logger.ts";
import type { Principal } from "../../src/core/principal.ts";
import { RunningCalls } from "../../src/mcp/running-calls.ts";
import { createMcpServer } from "../../src/mcp/server.ts";
import { operations } from "../../src/operations/index.ts";
import { taskSubmit } from "../../src/operations/task/submit.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { waitFor } from "../support/wait-for.ts";
import { errorOf } from "./support/connect.ts";

let world: FakeWorld;
const clients: Client[] = [];

beforeAll(async () => {
  world = await openFakeWorld();
});
afterAll(async () => {
  for (const client of clients) await client.close();
  await world?.dispose();
});

async function connect(principal: Principal): Promise<Client> {
  const server = createMcpServer({
    operations,
    principal,
    makeContext: (perCall) => ({ ...world.context, ...perCall }),
    logger: silentLogger,
    clock: world.context.clock,
    version: "1.2.3",
    calls: new RunningCalls(),
  });
  const client = new Client({ name: "test", version: "0" });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await server.connect(serverSide);
  await client.connect(clientSide);
  clients.push(client);
  return client;
}

const taskTools = async (client: Client) =>
  (await client.listTools()).tools.map(({ name }) => name).filter((name) => name.startsWith("task_"));
const call = async (client: Client, name: string, args: Record<string, unknown>) =>
  (await client.callTool({ name, arguments: args })) as CallToolResult;

it("⊕A4: an agent may submit, list, see and report; a manager does all but report", async () => {
  const { id: agentId, session } = await world.spawn("api");
  const worker = await connect({ kind: "worker", agentId, sessionId: session.id });
  const manager = await connect({ kind: "manager" });

  expect(await taskTools(worker)).toEqual(["task_submit", "task_list", "task_show", "task_report"]);
  expect(await taskTools(manager)).toEqual(
    ["submit", "list", "show", "update", "cancel", "retry", "wait", "logs"].map((verb) => `task_${verb}`),
  );
  expect(worker.getInstructions()).toContain("task_report");

  const filed = await call(worker, "task_submit", { text: "Found on the way", priority: 2, on_failure: "none" });
  expect(filed.structuredContent).toMatchObject({
    task: { title: "Found on the way", priority: 2, createdBy: agentId },
  });
  expect(errorOf(await call(worker, "task_submit", { text: "x", check: "id" })).code).toBe("PERMISSION_DENIED");
  expect(errorOf(await call(worker, "task_report", { kind: "result", text: "x" })).code).toBe("TASK_NOT_FOUND");
  const cleared = await call(manager, "task_update", { task: "1", needs: [], priority: "low" });
  expect(cleared.structuredContent).toMatchObject({ task: { needs: [], priority: 3 } });
});

it("orch://tasks is the queue, and tells when it changes", async () => {
  const client = await connect({ kind: "manager" });
  const updated: string[] = [];
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void updated.push(params.uri));
  expect((await client.listResources()).resources.map(({ uri }) => uri)).toContain("orch://tasks");
  const read = async () => {
    const [content] = (await client.readResource({ uri: "orch://tasks" })).contents;
    return (JSON.parse(content && "text" in content ? content.text : "") as { tasks: { title: string }[] }).tasks.map(
      ({ title }) => title,
    );
  };
  const before = await read();
  await client.subscribeResource({ uri: "orch://tasks" });

  await world.call(taskSubmit, { text: "One more", priority: "urgent" });

  await waitFor("the notification", () => (updated.includes("orch://tasks") ? true : undefined));
  expect(await read()).toEqual(["One more", ...before]);
});
