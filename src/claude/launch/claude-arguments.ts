import type { Agent } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { LaunchRequest } from "../../core/ports/agent-program.ts";
import type { AgentFiles } from "./agent-files.ts";
import { compareVersions } from "./probe-claude.ts";

/** Flags that would take an agent out of our hands, with what to use instead. */
const OURS: Record<string, string> = {
  "--session-id": "agent start --conversation",
  "--resume": "agent start --resume",
  "-r": "agent start --resume",
  "--continue": "agent start --resume",
  "-c": "agent start --resume",
  "--fork-session": "agent start",
  "--name": "the NAME argument of agent spawn",
  "-n": "the NAME argument of agent spawn",
  "--settings": "the project's own .claude/settings.json",
  "--append-system-prompt": "agent spawn --system-prompt",
  "--append-system-prompt-file": "agent spawn --system-prompt",
  "--permission-mode": "agent spawn --permission-mode",
  "--model": "agent spawn --model",
  "--print": "agent send --wait",
  "-p": "agent send --wait",
  "--input-format": "agent send",
  "--output-format": "agent read --json",
  "--permission-prompt-tool": "the project's own .claude/settings.json",
  "--background": "agent spawn",
  "--bg": "agent spawn",
};

/**
 * Claude Code's command line. The permission mode is always said, because its default differs between versions.
 * @throws INVALID_INPUT when the agent's extra arguments hold a flag that is ours
 */
export function claudeArguments(
  request: LaunchRequest,
  files: AgentFiles,
  options: { isHeadless?: boolean } = {},
): string[] {
  const { agent, conversation, role } = request;
  checkExtraArguments(agent);
  return [
    ...(options.isHeadless ? HEADLESS : []),
    conversation.mode === "new" ? "--session-id" : "--resume",
    conversation.id,
    ...["--name", agent.name],
    // Takes any number of values, so it must not come last: a person's positional prompt may follow.
    ...["--mcp-config", files.mcpConfig],
    ...["--settings", files.settings],
    ...["--append-system-prompt-file", files.systemPrompt],
    ...["--permission-mode", agent.permissionMode],
    ...(agent.model === null ? [] : ["--model", agent.model]),
    // One word, for an empty list is one, too; a person's own --tools behind it replaces it.
    ...(role.tools === null ? [] : [`--tools=${role.tools.join(",")}`]),
    ...(conversation.mode === "resume" && hasPromptSnapshot(agent.claudeVersion)
      ? ["--system-prompt-snapshot=off"]
      : []),
    ...agent.claudeArgs,
  ];
}

/**
 * Newer versions go on with the system prompt that a conversation began with, whatever a later launch says, unless told
 * not to: a role that was changed since would not reach the agent. 2.1.330 does so, 2.1.197 does not, and refuses the flag.
 */
function hasPromptSnapshot(version: string): boolean {
  return compareVersions(version, "2.1.329") >= 0;
}

/**
 * Lines of JSON both ways, one process for many turns (claude-code-facts §8). Answers of ours come back in the output
 * too, so that everybody sees which request is still open (2.1.197 and 2.1.330).
 */
const HEADLESS = [
  "--print",
  ...["--input-format", "stream-json"],
  ...["--output-format", "stream-json"],
  "--verbose",
  "--replay-user-messages",
  ...["--permission-prompt-tool", "stdio"],
];

function checkExtraArguments(agent: Agent): void {
  for (const argument of agent.claudeArgs) {
    if (argument === "--") return;
    const flag = argument.split("=", 1)[0] ?? "";
    if (!Object.hasOwn(OURS, flag)) continue;
    throw new AppError("INVALID_INPUT", `${flag} cannot be handed to Claude Code: claude-orch sets it itself`, {
      hint: `Use ${OURS[flag]} instead.`,
      details: { flag },
    });
  }
}
