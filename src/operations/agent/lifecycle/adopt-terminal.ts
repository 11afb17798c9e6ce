import type { TerminalRef } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import type { BackendName, Session } from "../../../core/session.ts";
import type { Context } from "../../context.ts";

/**
 * The terminal that holds a person's process, taken over under `tag` (null: only looked at). Undefined when it is in none
 * that we can use: the agent can be read all the same.
 */
export async function adoptTerminal(
  context: Context,
  session: Pick<Session, "backend"> | undefined,
  pid: number,
  tag: string | null,
): Promise<TerminalRef | undefined> {
  for (const name of backendsFor(session?.backend ?? "tmux")) {
    try {
      const backend = await context.backend(name);
      const terminal = await backend.adopt(pid, tag, context.signal);
      if (terminal) return terminal;
    } catch (error) {
      // A backend that is not installed holds no terminal.
      if (!(error instanceof AppError) || error.kind !== "unavailable") throw error;
    }
  }
  return undefined;
}

/** A person may sit in tmux whatever the session's own agents run in. */
function backendsFor(backend: BackendName): readonly BackendName[] {
  return backend === "tmux" || backend === "fake" ? [backend] : [backend, "tmux"];
}
