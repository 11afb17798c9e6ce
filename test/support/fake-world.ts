import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type * as z from "zod";
import { compose } from "../../src/compose.ts";
import type { AgentView } from "../../src/core/agent.ts";
import type { Principal } from "../../src/core/principal.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { callOperation } from "../../src/operations/call.ts";
import type { Context } from "../../src/operations/context.ts";
import type { Operation } from "../../src/operations/operation.ts";
import { sessionCreate } from "../../src/operations/session/create.ts";
import { ANY_MACHINE } from "./any-machine.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

export interface FakeWorld {
  context: Context;
  /** The project's folder (real path). */
  root: string;
  call<I extends z.ZodObject, O extends z.ZodObject>(
    operation: Operation<I, O>,
    input: Record<string, unknown>,
    as?: Partial<Context>,
  ): Promise<z.output<O>>;
  spawn(name: string): Promise<AgentView>;
  /** The context of a call that this principal makes. */
  as(principal: Principal): Partial<Context>;
  dispose(): Promise<void>;
}

/** A home, a session named `team` and the fake backend, in process: everything real but Claude Code and the terminal. */
export async function openFakeWorld(env: Record<string, string> = {}): Promise<FakeWorld> {
  const folder = await temporaryDirectory();
  const root = join(folder.path, "app");
  await mkdir(root);
  const stop = new AbortController();
  const context = await compose({
    signal: stop.signal,
    cwd: root,
    env: {
      PATH: "/nowhere",
      HOME: folder.path,
      CLAUDE_ORCH_HOME: join(folder.path, "orch"),
      CLAUDE_ORCH_BACKEND: "fake",
      ...ANY_MACHINE,
      ...env,
    },
  });
  const world: FakeWorld = {
    context,
    root,
    call: (operation, input, as = {}) => callOperation(operation, input, { ...context, ...as }),
    async spawn(name) {
      const { agent } = await world.call(agentSpawn, { name });
      if (!agent) throw new Error("spawn returned no agent");
      return agent;
    },
    as: (principal) => ({ caller: { ...context.caller, principal } }),
    async dispose() {
      stop.abort();
      await context.store.close();
      await folder.remove();
    },
  };
  await world.call(sessionCreate, { name: "team" });
  return world;
}
