import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RawClient } from "../../mcp/support/raw-client.ts";
import { openBenchHome } from "../bench-home.ts";
import { median } from "../measure.ts";
import type { Row } from "../row.ts";

const ROUNDS = 3;

/** What each MCP server holds after its first calls. Every agent has one. */
export async function measureMemory(): Promise<Row[]> {
  const home = await openBenchHome();
  try {
    await home.addFakeAgents(10);
    const tokenFile = join(home.folder, "token");
    await writeFile(tokenFile, await newToken(home.context), { mode: 0o600 });
    const [node = process.execPath, ...args] = home.context.mcpCommand;
    // The manager's entry has no flags for node.
    const plain = args.filter((argument) => !argument.startsWith("--max-"));
    const sizes = { bare: [] as number[], worker: [] as number[], manager: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      sizes.bare.push(await residentSize(home.env, [node, "-e", "process.stdin.resume()"], false));
      sizes.worker.push(await residentSize({ ...home.env, CLAUDE_ORCH_TOKEN_FILE: tokenFile }, [node, ...args], true));
      sizes.manager.push(await residentSize(home.env, [node, ...plain], true));
    }
    const baseline = { name: "node that waits for its standard input", value: median(sizes.bare) };
    return [
      { what: "an agent's MCP server, resident", ours: median(sizes.worker), baseline, unit: "MB" },
      { what: "a manager's MCP server, resident", ours: median(sizes.manager), baseline, unit: "MB" },
    ];
  } finally {
    await home.remove();
  }
}

/** Makes a token for the first agent, as a launch would. */
async function newToken({ store }: Awaited<ReturnType<typeof openBenchHome>>["context"]): Promise<string> {
  const { createHash, randomBytes } = await import("node:crypto");
  const token = randomBytes(32).toString("base64url");
  const [agent] = await store.agents.list();
  if (!agent) throw new Error("There is no agent");
  await store.agents.update(agent.id, { tokenHash: createHash("sha256").update(token).digest("hex") });
  return token;
}

async function residentSize(env: Record<string, string>, command: string[], isServer: boolean): Promise<number> {
  const set = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const client = new RawClient("/usr/bin/env", ["-i", ...set, ...command]);
  try {
    if (isServer) {
      await client.initialise();
      await client.request("tools/list");
      for (let call = 0; call < 10; call++) await client.request("tools/call", { name: "status", arguments: {} });
    } else {
      await untilNode(client);
    }
    return Number(execFileSync("ps", ["-o", "rss=", "-p", String(client.child.pid)])) / 1024;
  } finally {
    client.child.stdin.end();
    await client.exited;
  }
}

/** A bare node says nothing; it has started when its memory no longer grows. */
async function untilNode({ child }: RawClient): Promise<void> {
  const size = () => Number(execFileSync("ps", ["-o", "rss=", "-p", String(child.pid)]));
  const { setTimeout: delay } = await import("node:timers/promises");
  for (let [last, now] = [0, size()]; now !== last || now < 20_000; [last, now] = [now, size()]) await delay(100);
}
