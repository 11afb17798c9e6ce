import { RawClient } from "../../mcp/support/raw-client.ts";
import { type BenchHome, openBenchHome, RUN } from "../bench-home.ts";
import { alternate } from "../measure.ts";
import type { Row } from "../row.ts";

/** Answers every request with its parameters: what two processes and a pipe cost by themselves. */
const ECHO = `
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, params } = JSON.parse(line);
  if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result: params ?? {} }) + "\\n");
});`;

/** A tool call there and back, seen from the client. */
export async function measureMcp(): Promise<Row[]> {
  const [empty, ten] = [await openBenchHome(), await openBenchHome()];
  const clients: RawClient[] = [];
  const connect = async (home: BenchHome, ...args: string[]) => {
    const env = Object.entries(home.env).map(([name, value]) => `${name}=${value}`);
    const client = new RawClient("/usr/bin/env", ["-i", ...env, process.execPath, ...args]);
    clients.push(client);
    await client.initialise();
    return async () => {
      const { error, result } = await client.request("tools/call", { name: "status", arguments: {} });
      if (error || result?.isError) throw new Error(`status failed: ${JSON.stringify(error ?? result)}`);
    };
  };
  try {
    await ten.addFakeAgents(10);
    const times = await alternate(60, {
      echo: await connect(empty, "-e", ECHO),
      empty: await connect(empty, RUN, "mcp"),
      ten: await connect(ten, RUN, "mcp"),
    });
    const row = (what: string, ours: number): Row => ({
      ...{ what, ours, baseline: { name: "JSON-RPC echo in a child process", value: times.echo }, unit: "ms" },
      aim: { kind: "at most", limit: 5 },
    });
    return [row("MCP status, no agents", times.empty), row("MCP status, 10 agents", times.ten)];
  } finally {
    for (const { child } of clients) child.stdin.end();
    await Promise.all(clients.map(({ exited }) => exited));
    await Promise.all([empty.remove(), ten.remove()]);
  }
}
