import { AppError, type ErrorCode } from "../../../core/errors.ts";
import type { ProgramProbe } from "../../../core/ports/agent-program.ts";
import type { BackendName } from "../../../core/session.ts";
import type { Context } from "../../context.ts";

/**
 * The Claude Code that a new launch uses.
 * @throws CLAUDE_NOT_INSTALLED, CLAUDE_TOO_OLD, CLAUDE_LAUNCH_FAILED when it cannot even say its version
 */
export async function installedProgram(
  context: Context,
  backend: BackendName,
): Promise<{ path: string; version: string }> {
  const program = await context.program(backend);
  const probe = await program.probe(context.caller.env, context.settings.claudeBin ?? undefined, context.signal);
  if (probe.isInstalled && probe.path !== undefined && probe.problem === undefined) {
    return { path: probe.path, version: probe.version ?? "unknown" };
  }
  throw new AppError(codeOf(probe), probe.problem ?? "Claude Code was not found", probe.fix ? { hint: probe.fix } : {});
}

function codeOf(probe: ProgramProbe): ErrorCode {
  if (!probe.isInstalled) return "CLAUDE_NOT_INSTALLED";
  return probe.version === undefined ? "CLAUDE_LAUNCH_FAILED" : "CLAUDE_TOO_OLD";
}
