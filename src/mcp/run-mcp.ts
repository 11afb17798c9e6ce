import { appendFile } from "node:fs/promises";
import type { Context } from "../operations/context.ts";
import { operations } from "../operations/index.ts";
import { keepWorking } from "../operations/keep-working.ts";
import { withSpawnRight } from "../operations/policy/spawn-right.ts";
import { identifyPrincipal } from "./identify-principal.ts";
import { serveMcp } from "./serve-mcp.ts";

/** Names the file that tells that an agent's Claude Code has our tools; set in the agent's own MCP entry. */
const CONNECTED_FILE_VARIABLE = "CLAUDE_ORCH_CONNECTED_FILE";

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
  const debug = (line: string) => void process.stderr.write(`${line}\n`);
  const base = await compose({ signal, flags: given, debug });
  const background = new AbortController();
  let working: Promise<void> | undefined;
  try {
    const identified = await identifyPrincipal(base.caller.env, base.files, base.store.agents);
    const principal = await withSpawnRight({ ...base, caller: { ...base.caller, principal: identified } });
    // A worker's server stays small and passive; a manager's works on the queues, too.
    if (principal.kind === "manager") working = keepWorking({ ...base, signal: background.signal });
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
      onToolsListed: () => void markConnected(base),
    });
  } finally {
    background.abort();
    await working;
    await base.store.close();
  }
}

/** Older versions of Claude Code send a first prompt before they have the tools: whoever prompts an agent waits for this. */
async function markConnected({ caller, logger }: Context): Promise<void> {
  const file = caller.env[CONNECTED_FILE_VARIABLE];
  if (file === undefined) return;
  await appendFile(file, "", { mode: 0o600 }).catch((error: unknown) => {
    logger.warn("mcp.mark.failed", { error: String(error) });
  });
}
