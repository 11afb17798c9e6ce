import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RawClient } from "../../mcp/support/raw-client.ts";
import { openBenchHome } from "../bench-home.ts";
import { median } from "../measure.ts";
import type { Row } from "../row.ts";
import { writeTranscript } from "../write-transcript.ts";

const ROUNDS = 3;
const [TEAM, TRANSCRIPTS] = [30, 300e6];

export async function measureMemory(): Promise<Row[]> {
  return [...(await measureServers()), await measureTeam()];
}

/** What each MCP server holds after its first calls. Every agent has one. */
async function measureServers(): Promise<Row[]> {
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

/** R4-87: what a manager's server holds once it has shown and read every agent of a large team with long conversations. */
async function measureTeam(): Promise<Row> {
  const home = await openBenchHome();
  try {
    await home.addFakeAgents(TEAM);
    const agents = await home.context.store.agents.list();
    for (const { configDir, conversationId } of agents)
      await writeTranscript(join(configDir, "projects", "bench"), conversationId ?? "", TRANSCRIPTS / TEAM);
    const [node = process.execPath, ...args] = home.context.mcpCommand;
    const server = [node, ...args.filter((argument) => !argument.startsWith("--max-"))];
    const look = async (client: RawClient) => {
      for (const { id } of agents) {
        for (const name of ["agent_show", "agent_read"]) {
          const { result } = await client.request("tools/call", { name, arguments: { agent: id } });
          if (!JSON.stringify(result).includes("the very last answer")) throw new Error(`Not read: ${name} of ${id}`);
        }
      }
    };
    return {
      what: `R4-87 server, ${TEAM} agents, ${TRANSCRIPTS / 1e6} MB to read`,
      ours: await residentSize(home.env, server, true, look),
      baseline: { name: "the same after its first calls", value: await residentSize(home.env, server, true) },
      unit: "MB",
    };
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

async function residentSize(
  env: Record<string, string>,
  command: string[],
  isServer: boolean,
  use: (client: RawClient) => Promise<void> = async () => undefined,
): Promise<number> {
  const set = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const client = new RawClient("/usr/bin/env", ["-i", ...set, ...command]);
  try {
    if (isServer) {
      await client.initialise();
      await client.request("tools/list");
      for (let call = 0; call < 10; call++) await client.request("tools/call", { name: "status", arguments: {} });
      await use(client);
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
