import path from "node:path";

/** Describe the terminal that a program runs in: taken from the agent's own terminal, never from its caller's. */
export const TERMINAL_VARIABLES = [
  "TERM",
  "TERMINFO",
  "TERMINFO_DIRS",
  "TERM_FEATURES",
  "TERM_PROGRAM",
  "TERM_PROGRAM_VERSION",
  "TERM_SESSION_ID",
  "COLORTERM",
  "COLORFGBG",
  "TMUX",
  "TMUX_PANE",
  "ITERM_SESSION_ID",
  "ITERM_PROFILE",
  "LC_TERMINAL",
  "LC_TERMINAL_VERSION",
] as const;

/** Belong to the caller's terminal or shell, and mean nothing, or harm, anywhere else. */
const CALLERS_OWN = [
  ...TERMINAL_VARIABLES,
  ...["COLUMNS", "LINES", "STY", "WINDOW", "WINDOWID", "VTE_VERSION", "KONSOLE_VERSION", "WT_SESSION"],
  ...["_", "PWD", "OLDPWD", "SHLVL", "IFS", "OPTIND", "PPID"],
  // Read-only in bash; in zsh, setting them changes the user of the process.
  ...["UID", "EUID", "GID", "EGID", "USERNAME", "BASHOPTS", "SHELLOPTS", "BASH_VERSINFO"],
];

/** Ours, or a way to control the person's terminal: an agent gets its identity from us, not its caller's. */
const SECRETS = [
  "CLAUDE_ORCH_TOKEN",
  "CLAUDE_ORCH_TOKEN_FILE",
  "CLAUDE_ORCH_CONNECTED_FILE",
  "CLAUDE_ORCH_KEY_FILE",
  "CLAUDE_ORCH_KEY",
  "ITERM2_COOKIE",
  "ITERM2_KEY",
];

/** Set by Claude Code for its own children: with them, an agent that a manager spawns would think it is its child. */
const CHILD_SESSION = [
  "AI_AGENT",
  "CLAUDECODE",
  "CLAUDE_PROJECT_DIR",
  "CLAUDE_PLUGIN_ROOT",
  "CLAUDE_ENV_FILE",
  "CLAUDE_EFFORT",
  "CLAUDE_PID",
  "CLAUDE_CODE_AGENT",
  "CLAUDE_CODE_CHILD_NOTES_DIR",
  "CLAUDE_CODE_CHILD_SESSION",
  "CLAUDE_CODE_ENTRYPOINT",
  "CLAUDE_CODE_EXECPATH",
  "CLAUDE_CODE_MESSAGING_SOCKET",
  "CLAUDE_CODE_MESSAGING_TOKEN",
  "CLAUDE_CODE_SANDBOXED",
  "CLAUDE_CODE_SESSION_ATTENDED",
  "CLAUDE_CODE_SESSION_ID",
  "CLAUDE_CODE_SSE_PORT",
];

const DROPPED: ReadonlySet<string> = new Set([...CALLERS_OWN, ...SECRETS, ...CHILD_SESSION]);
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export interface AgentIdentity {
  agentId: string;
  /** Absolute path of the editor script that carries prepared texts. */
  editor: string;
  /** The session's owner said that the folder is trusted: Claude Code does not ask (claude-code-facts §1.1). */
  isTrusted: boolean;
}

/**
 * What an agent inherits from its caller, as a child process would, without what describes the caller itself. Names
 * that a shell cannot set (exported bash functions) are left out.
 */
export function agentEnvironment(env: Record<string, string>, identity: AgentIdentity): Record<string, string> {
  const inherited = Object.fromEntries(Object.entries(env).filter((entry) => isInherited(env, entry)));
  return {
    ...inherited,
    ...realEditor(env),
    ...ourEditor(inherited.PATH, identity.editor),
    CLAUDE_ORCH_AGENT_ID: identity.agentId,
    ...(identity.isTrusted ? { CLAUDE_CODE_SANDBOXED: "1" } : {}),
  };
}

function isInherited(env: Record<string, string>, [name, value]: [string, string]): boolean {
  if (!NAME.test(name) || DROPPED.has(name) || value.includes("\0")) return false;
  if (name.startsWith("KITTY_") || name.startsWith("ZSH_")) return false;
  // Claude Code's way to keep git in its own shell from opening an editor.
  return !(name === "GIT_EDITOR" && value === "true" && env.CLAUDECODE !== undefined);
}

/**
 * Claude Code cuts the variable at blanks and knows no quotes (2.1.330): an editor in a folder such as `Application
 * Support` can only be named by its file name, and found through PATH.
 */
function ourEditor(searchPath: string | undefined, editor: string): Record<string, string> {
  if (/^[A-Za-z0-9/._+@%=,:-]+$/.test(editor)) return { VISUAL: editor, EDITOR: editor };
  const name = path.basename(editor);
  return { VISUAL: name, EDITOR: name, PATH: [searchPath, path.dirname(editor)].filter(Boolean).join(":") };
}

/** An agent that spawns agents hands on the person's editor, not its own script. */
function realEditor(env: Record<string, string>): Record<string, string> {
  const isNested = env.CLAUDE_ORCH_AGENT_ID !== undefined;
  const visual = isNested ? env.CLAUDE_ORCH_REAL_VISUAL : env.VISUAL;
  const editor = isNested ? env.CLAUDE_ORCH_REAL_EDITOR : env.EDITOR;
  return { CLAUDE_ORCH_REAL_VISUAL: visual ?? "", CLAUDE_ORCH_REAL_EDITOR: editor ?? "" };
}
