import { spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { compose } from "../../src/compose.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { callOperation } from "../../src/operations/call.ts";
import type { Context } from "../../src/operations/context.ts";
import { sessionCreate } from "../../src/operations/session/create.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** The built command line. */
export const RUN = new URL("../../../bin/run.js", import.meta.url).pathname;

export interface BenchHome {
  folder: string;
  /** Whole environment for children: nothing of the caller's slows them down (NODE_EXTRA_CA_CERTS costs 100 ms). */
  env: Record<string, string>;
  context: Context;
  /** Starts fake agents: files like Claude Code's, and no processes. */
  addFakeAgents(count: number): Promise<void>;
  /** Runs `node` with these arguments to its end. */
  node(...args: string[]): void;
  remove(): Promise<void>;
}

export async function openBenchHome(): Promise<BenchHome> {
  const { path: folder, remove } = await temporaryDirectory("claude-orch-bench");
  const [home, project] = [join(folder, "orch"), join(folder, "project")];
  await Promise.all([mkdir(home, { mode: 0o700 }), mkdir(project)]);
  const env = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    HOME: folder,
    CLAUDE_CONFIG_DIR: join(folder, "config"),
    CLAUDE_ORCH_HOME: home,
  };
  const context = await compose({ signal: new AbortController().signal, env, cwd: project });
  return {
    folder,
    env,
    context,
    async addFakeAgents(count) {
      await callOperation(sessionCreate, { name: "bench", backend: "fake", maxAgents: count }, context);
      await callOperation(agentSpawn, { count }, context);
    },
    node(...args) {
      const { status, stderr } = spawnSync(process.execPath, args, { env, cwd: project });
      if (status !== 0) throw new Error(`node ${args.join(" ")} failed: ${stderr}`);
    },
    async remove() {
      await context.store.close();
      await remove();
    },
  };
}
