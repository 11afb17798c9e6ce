import type { SecurityLevel } from "../../core/session.ts";
import { shellQuote } from "./shell-quote.ts";
import { allowedTools } from "./tool-permissions.ts";

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
const WAITED_FOR: ReadonlySet<string> = new Set(["SessionStart", "SessionEnd", "PreToolUse", "PermissionRequest"]);

/** Settings for `--settings`: they add to the person's own, and replace none of their hooks and permission rules. */
export function agentSettings(spool: string, level: SecurityLevel): Record<string, unknown> {
  const hook = { type: "command", command: spoolCommand(spool) };
  return {
    // The main screen keeps its scrollback; newer versions would take the alternate one (claude-code-facts §6.3).
    tui: "default",
    permissions: { allow: allowedTools(level) },
    hooks: Object.fromEntries(
      HOOK_EVENTS.map((event) => [event, [{ hooks: [WAITED_FOR.has(event) ? hook : { ...hook, async: true }] }]]),
    ),
  };
}

/**
 * Appends the event to the spool. Claude Code runs it with /bin/sh and ends the JSON with a newline (2.1.197, 2.1.330).
 *
 * `dd` gathers the event and writes it at once: `cat` would write it in pieces of 128 kB, and tools that end at the
 * same time would mix theirs. The command must not fail: exit code 2, a shell's answer to a missing folder, would
 * refuse the prompt or the tool.
 */
function spoolCommand(spool: string): string {
  return `dd ibs=65536 obs=16777216 2>/dev/null >>${shellQuote(spool)} || cat >/dev/null`;
}
