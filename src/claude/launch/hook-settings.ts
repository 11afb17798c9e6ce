import type { AgentFiles } from "./agent-files.ts";
import { permissionCommand, spoolCommand } from "./hook-commands.ts";
import type { Permissions } from "./tool-permissions.ts";

/**
 * Events that every supported version knows: an unknown one opens a blocking dialog at the start (claude-code-facts
 * §0.6). WorktreeCreate is left out because its hook is expected to make the worktree.
 */
export const HOOK_EVENTS = [
  "SessionStart",
  "SessionEnd",
  "UserPromptSubmit",
  "PreToolUse",
  "PostToolUse",
  "PostToolUseFailure",
  "PermissionRequest",
  "PermissionDenied",
  "Notification",
  "Stop",
  "StopFailure",
  "SubagentStart",
  "SubagentStop",
  "PreCompact",
  "PostCompact",
] as const;

/**
 * Claude Code goes on only when these hooks have ended: their place in the spool matters, or the process may end right
 * after them. It does not wait for the others, which takes some 10 ms off every prompt and every tool call (measured
 * with 2.1.330: Enter to model request 56 instead of 69 ms at best).
 */
const WAITED_FOR: ReadonlySet<string> = new Set([
  "SessionStart",
  "SessionEnd",
  "PreToolUse",
  "PermissionRequest",
  "StopFailure",
]);

/**
 * Settings for `--settings`: they add to the person's own, and replace none of their hooks and permission rules. A
 * headless agent asks over the control protocol: there no hook waits, or two ways would lead to one answer.
 */
export function agentSettings(
  files: Pick<AgentFiles, "spool" | "requests">,
  permissions: Permissions,
  options: { isHeadless?: boolean; autoResume?: boolean } = {},
): Record<string, unknown> {
  return {
    // 2.1.330 waits for the end of a usage limit and goes on; 2.1.197 does not know the setting, and takes no offence.
    ...(options.autoResume === false ? { autoContinueAtUsageLimit: false } : {}),
    // The main screen keeps its scrollback; newer versions would take the alternate one (claude-code-facts §6.3).
    tui: "default",
    permissions,
    hooks: Object.fromEntries(HOOK_EVENTS.map((event) => [event, [{ hooks: [hookOf(event, files, options)] }]])),
  };
}

/**
 * How long a request may wait for an answer, in seconds: 20 days. Claude Code counts in milliseconds in 32 bits, which
 * overflow after 24. Once it is over, the dialog still stands in the terminal, and keys answer it.
 */
const ANSWER_TIMEOUT_S = 20 * 24 * 3600;

function hookOf(
  event: string,
  { spool, requests }: Pick<AgentFiles, "spool" | "requests">,
  { isHeadless }: { isHeadless?: boolean },
): Record<string, unknown> {
  if (event === "PermissionRequest" && !isHeadless) {
    return { type: "command", command: permissionCommand(spool, requests), timeout: ANSWER_TIMEOUT_S };
  }
  const hook = { type: "command", command: spoolCommand(spool) };
  return WAITED_FOR.has(event) ? hook : { ...hook, async: true };
}
