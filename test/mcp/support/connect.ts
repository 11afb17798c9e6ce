import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { onTestFinished } from "vitest";
import { silentLogger } from "../../../src/core/ports/logger.ts";
import type { Principal } from "../../../src/core/principal.ts";
import { RunningCalls } from "../../../src/mcp/running-calls.ts";
import { createMcpServer } from "../../../src/mcp/server.ts";
import { ManualClock } from "./manual-clock.ts";
import { smallCatalogue, smallWorld } from "./small-catalogue.ts";
import { LocalDoorbell, smallContext } from "./small-context.ts";

/** A server over the small catalogue and the SDK's own client, linked in memory. */
export async function connect(principal: Principal = { kind: "manager" }) {
  const world = smallWorld();
  const clock = new ManualClock();
  const doorbell = new LocalDoorbell();
  const evidence = new LocalDoorbell();
  const terminals = new LocalDoorbell();
  const calls = new RunningCalls();
  const server = createMcpServer({
    operations: smallCatalogue(world),
    makeContext: smallContext(world, { clock, doorbell, evidence, terminals }),
    principal,
    logger: silentLogger,
    clock,
    version: "1.2.3",
    calls,
  });
  const client = new Client({ name: "test", version: "0" });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await server.connect(serverSide);
  await client.connect(clientSide);
  onTestFinished(() => client.close());
  const call = async (name: string, args: Record<string, unknown> = {}) =>
    (await client.callTool({ name, arguments: args })) as CallToolResult;
  return { world, clock, doorbell, evidence, terminals, calls, server, client, call };
}

/** The text of a result's first content block. */
export function textOf(result: CallToolResult): string {
  const [block] = result.content;
  return block?.type === "text" ? block.text : "";
}

/** The error of a failed result. */
export function errorOf(result: CallToolResult): {
  code: string;
  message: string;
  hint: string;
  details: Record<string, unknown>;
} {
  return JSON.parse(textOf(result)).error;
}
