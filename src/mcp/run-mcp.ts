import { keepQueuesMoving } from "../operations/agent/delivery/keep-moving.ts";
import type { Context } from "../operations/context.ts";
import { operations } from "../operations/index.ts";
import { identifyPrincipal } from "./identify-principal.ts";
import { serveMcp } from "./serve-mcp.ts";

export interface RunMcpOptions {
  /** Ends the server when it aborts. */
  signal: AbortSignal;
  /** Settings given as flags; undefined where a flag was not given. */
  flags: Readonly<Record<string, unknown>>;
}

/**
 * Serves the catalogue on this process's standard input and output, as whoever the environment says we are. Resolves
 * when the client is gone.
 * @throws PERMISSION_DENIED for a worker's token that is not valid, and what the composition throws
 */
export async function runMcp({ signal, flags }: RunMcpOptions): Promise<void> {
  const { compose } = await import("../compose.ts");
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const base = await compose({ signal, flags: given });
  const background = new AbortController();
  let moving: Promise<void> | undefined;
  try {
    const principal = await identifyPrincipal(base.caller.env, base.files, base.store.agents);
    // A worker's server stays small and passive; a manager's delivers what callers queued and then gave up waiting for.
    if (principal.kind === "manager") moving = keepQueuesMoving({ ...base, signal: background.signal });
    await serveMcp({
      operations,
      principal,
      // Settings are read anew for each call: a running server obeys `config set` (⊕A15).
      makeContext: (perCall): Context => ({ ...base, ...perCall, settings: base.settingsSource.current() }),
      logger: base.logger,
      clock: base.clock,
      version: base.version,
      input: process.stdin,
      output: process.stdout,
      signal,
    });
  } finally {
    background.abort();
    await moving;
    await base.store.close();
  }
}
