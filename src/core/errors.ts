/**
 * The registry of every error code claude-orch can answer with.
 *
 * `kind` decides what a surface does (exit code, HTTP status); `hint` is the default next step and may be overridden
 * where the thrower knows a better one. Codes are part of the public interface: pinned by `test/pins`.
 */

export type ErrorKind =
  | "internal"
  | "usage"
  | "not-found"
  | "conflict"
  | "unavailable"
  | "timeout"
  | "failed"
  | "denied"
  | "unproved"
  | "cancelled";

/** Exit codes of the command line, one per kind (interface §4). */
export const EXIT_CODES: Record<ErrorKind, number> = {
  internal: 1,
  usage: 2,
  "not-found": 3,
  conflict: 4,
  unavailable: 5,
  timeout: 6,
  failed: 7,
  denied: 8,
  unproved: 9,
  cancelled: 130,
};

interface ErrorEntry {
  kind: ErrorKind;
  hint: string;
}

export const ERRORS = {
  INTERNAL: { kind: "internal", hint: "This is a bug in claude-orch; please report it with the log file." },

  INVALID_INPUT: { kind: "usage", hint: "Run the command with --help to see what it takes." },
  UNKNOWN_COMMAND: { kind: "usage", hint: "Run claude-orch --help to see the commands." },
  INVALID_NAME: {
    kind: "usage",
    hint: "Use 1 to 64 letters, digits, '.', '_' or '-', starting with a letter or digit.",
  },
  TEXT_EMPTY: { kind: "usage", hint: "Give the text as an argument, with --file, or on standard input with '-'." },
  TEXT_NOT_UTF8: { kind: "usage", hint: "Convert the text to UTF-8 first, for example with iconv." },
  TEXT_NOT_DELIVERABLE: { kind: "usage", hint: "Change the text, or leave out --exact." },
  REQUEST_ANSWER_INVALID: { kind: "usage", hint: "Look at what is asked with claude-orch inbox." },
  POLICY_RULE_INVALID: {
    kind: "usage",
    hint: "Write a rule as Claude Code does: a tool, or a tool with its argument, such as Bash(npm test:*).",
  },
  ROLE_FILE_INVALID: {
    kind: "usage",
    hint: "Correct the file; claude-orch role list shows every one that cannot be used.",
  },
  TASK_CYCLE: { kind: "usage", hint: "Leave out one of these needs." },
  TASK_CHECK_INVALID: {
    kind: "usage",
    hint: "Write a program and its arguments, such as 'npm test'; a shell is meant by sh -c '…'.",
  },
  PROTOCOL_FILE_INVALID: {
    kind: "usage",
    hint: "Correct the file; claude-orch protocol list shows every one that cannot be used.",
  },
  SESSION_ROOT_NOT_A_REPOSITORY: {
    kind: "usage",
    hint: "Make it one with git init and a first commit, or use --isolation directory.",
  },
  BRANCH_NAME_INVALID: { kind: "usage", hint: "Give --branch a name that git takes, such as feature/login." },
  WORKFLOW_FILE_INVALID: {
    kind: "usage",
    hint: "Correct the file; claude-orch workflow list shows every one that cannot be used.",
  },
  WORKFLOW_INPUT_INVALID: { kind: "usage", hint: "Run claude-orch workflow show to see what it takes." },
  SESSION_ROOT_NOT_A_DIRECTORY: { kind: "usage", hint: "Give the directory that holds the codebase." },
  CONFIG_KEY_UNKNOWN: { kind: "usage", hint: "Run claude-orch config list to see the settings." },
  CONFIG_VALUE_INVALID: {
    kind: "usage",
    hint: "Write such a value; claude-orch config list shows the present ones.",
  },
  CONFIRMATION_REQUIRED: { kind: "usage", hint: "Repeat the command with --yes." },

  SESSION_NOT_FOUND: { kind: "not-found", hint: "Run claude-orch session list to see the sessions." },
  SESSION_ROOT_MISSING: { kind: "not-found", hint: "Create the directory first, or give another one." },
  AGENT_NOT_FOUND: { kind: "not-found", hint: "Run claude-orch agent list to see the agents." },
  MESSAGE_NOT_FOUND: { kind: "not-found", hint: "Run claude-orch agent read to see the conversation." },
  CONVERSATION_NOT_FOUND: { kind: "not-found", hint: "Run claude-orch agent show to see the agent's conversations." },
  TRANSCRIPT_NOT_FOUND: { kind: "not-found", hint: "The agent has not been prompted yet; send it a message first." },
  REQUEST_NOT_FOUND: { kind: "not-found", hint: "Run claude-orch inbox to see what is asked." },
  POLICY_RULE_NOT_FOUND: { kind: "not-found", hint: "Run claude-orch policy to see the rules." },
  ROLE_NOT_FOUND: { kind: "not-found", hint: "Run claude-orch role list to see the roles." },
  PROTOCOL_NOT_FOUND: { kind: "not-found", hint: "Run claude-orch protocol list to see the protocols." },
  PROCESS_NOT_FOUND: { kind: "not-found", hint: "Run claude-orch agent adopt to see what can be taken over." },
  TASK_NOT_FOUND: { kind: "not-found", hint: "Run claude-orch task list to see the tasks." },
  WORKFLOW_NOT_FOUND: { kind: "not-found", hint: "Run claude-orch workflow list to see the workflows." },
  WORKFLOW_RUN_NOT_FOUND: { kind: "not-found", hint: "Run claude-orch workflow list to see the runs." },
  SNAPSHOT_NOT_FOUND: { kind: "not-found", hint: "Run claude-orch worktree list to see the snapshots." },
  COORDINATION_NOT_FOUND: { kind: "not-found", hint: "Run claude-orch team list to see the coordinations." },
  FILE_NOT_FOUND: { kind: "not-found", hint: "Check the path." },

  SESSION_NAME_TAKEN: { kind: "conflict", hint: "Pass another --name, or delete the session that has it." },
  SESSION_LIMIT_REACHED: { kind: "conflict", hint: "Delete a session, or raise the setting maxSessions." },
  SESSION_AMBIGUOUS: {
    kind: "conflict",
    hint: "Say which session: its name or id, or --session.",
  },
  SESSION_HAS_AGENTS: { kind: "conflict", hint: "Pass --force to stop them." },
  AGENT_NAME_TAKEN: { kind: "conflict", hint: "Pass another name, or delete the agent that has it." },
  AGENT_AMBIGUOUS: { kind: "conflict", hint: "Write session/name, or use the agent's id." },
  AGENT_LIMIT_REACHED: { kind: "conflict", hint: "Delete an agent, or create a session with a higher --max-agents." },
  AGENT_DEPTH_REACHED: {
    kind: "conflict",
    hint: "Let an agent nearer to the top start it, or raise the setting maxDepth.",
  },
  AGENT_BUSY: {
    kind: "conflict",
    hint: "Wait for it with claude-orch agent wait, answer what it asks with agent respond, or pass --force.",
  },
  AGENT_NOT_RUNNING: { kind: "conflict", hint: "Start it again with claude-orch agent start." },
  AGENT_ALREADY_RUNNING: { kind: "conflict", hint: "End its conversation first with claude-orch agent clear." },
  CONVERSATION_IN_USE: { kind: "conflict", hint: "Stop the process that has it open, or start a new conversation." },
  NOTHING_ASKED: { kind: "conflict", hint: "Run claude-orch inbox to see who waits for an answer." },
  REQUEST_AMBIGUOUS: { kind: "conflict", hint: "Say which with --request; claude-orch inbox shows their ids." },
  REQUEST_CLOSED: { kind: "conflict", hint: "Nothing was done; run claude-orch inbox to see what is asked now." },
  REQUEST_NOT_SHOWN: {
    kind: "conflict",
    hint: "Nothing was typed; look at the agent with claude-orch agent screen, or answer in its terminal.",
  },
  REQUEST_ALREADY_ANSWERED: { kind: "conflict", hint: "Run claude-orch inbox to see what is asked now." },
  AGENT_ALREADY_MANAGED: { kind: "conflict", hint: "Use that agent; claude-orch agent list shows it." },
  MESSAGE_LOOP: { kind: "conflict", hint: "Stop answering; report to the person or manager who gave you the work." },
  MESSAGE_RATE_EXCEEDED: { kind: "conflict", hint: "Wait a minute, and say more in fewer messages." },
  TASK_AMBIGUOUS: { kind: "conflict", hint: "Say which by its id or number; claude-orch task list shows them." },
  TASK_RUNNING: { kind: "conflict", hint: "Take it back first with claude-orch task cancel, then task retry." },
  TASK_ENDED: { kind: "conflict", hint: "Run claude-orch task retry to have it done again." },
  SESSION_HAS_TASKS: { kind: "conflict", hint: "Pass --force to cancel them." },
  REPOSITORY_WITHOUT_COMMIT: { kind: "conflict", hint: "Make a first commit; a worktree needs one to begin at." },
  BRANCH_TAKEN: { kind: "conflict", hint: "Pass another --branch." },
  BRANCH_IN_USE: { kind: "conflict", hint: "Pass another --branch, or check out another one there first." },
  WORKTREE_TARGET_EXISTS: { kind: "conflict", hint: "Give a folder that does not exist yet; nothing is overwritten." },
  SNAPSHOT_AMBIGUOUS: { kind: "conflict", hint: "Say which: claude-orch worktree list shows their refs." },
  COORDINATION_OVER: { kind: "conflict", hint: "Run claude-orch team show to see how it ended." },
  IDEMPOTENCY_KEY_REUSED: { kind: "conflict", hint: "Use a new key for a different text or agent." },

  CLAUDE_NOT_INSTALLED: {
    kind: "unavailable",
    hint: "Install it with npm install -g @anthropic-ai/claude-code, or set CLAUDE_ORCH_CLAUDE_BIN.",
  },
  CLAUDE_TOO_OLD: { kind: "unavailable", hint: "Update it with claude update." },
  CLAUDE_LAUNCH_FAILED: { kind: "unavailable", hint: "Run claude-orch doctor, and look at the agent's screen." },
  BACKEND_UNAVAILABLE: { kind: "unavailable", hint: "Run claude-orch doctor to see what is missing." },
  BACKEND_COMMAND_FAILED: { kind: "unavailable", hint: "Run claude-orch doctor." },
  UNSUPPORTED_BY_BACKEND: { kind: "unavailable", hint: "Use another --backend for this." },
  TERMINAL_GONE: { kind: "unavailable", hint: "Open a new one with claude-orch agent start." },
  GIT_NOT_INSTALLED: { kind: "unavailable", hint: "Install git 2.36 or newer, or do without --worktree." },
  GIT_COMMAND_FAILED: { kind: "unavailable", hint: "Nothing of the work was removed; see what git says." },
  SNAPSHOT_DAMAGED: { kind: "unavailable", hint: "Look at it with git show; nothing was changed." },
  HOME_NOT_WRITABLE: { kind: "unavailable", hint: "Make it writable, or set CLAUDE_ORCH_HOME to another folder." },
  HOME_NOT_OURS: { kind: "unavailable", hint: "Set CLAUDE_ORCH_HOME to a folder that you own." },
  LOG_DIR_NOT_WRITABLE: { kind: "unavailable", hint: "Give --log-dir a folder that you may write to." },
  STORE_LOCKED: { kind: "unavailable", hint: "Another process is writing; try again." },
  STORE_KEY_MISSING: {
    kind: "unavailable",
    hint: "Bring the key file or the keychain entry back; without it the store cannot be read.",
  },
  STORE_KEY_WRONG: { kind: "unavailable", hint: "Use the key that this store was made with." },
  STORE_KEY_UNSAFE: { kind: "unavailable", hint: "Make the key file yours and readable by you alone: chmod 600." },
  STORE_CORRUPT: {
    kind: "unavailable",
    hint: "Restore it from a backup, or move it away to start anew; it is left as it is.",
  },
  STORE_FULL: { kind: "unavailable", hint: "Free some disk space; nothing that was stored is lost." },
  STORE_TOO_NEW: { kind: "unavailable", hint: "Update claude-orch: the store was written by a newer version." },
  NODE_TOO_OLD: { kind: "unavailable", hint: "Use Node.js 20.19 or newer." },
  DOCTOR_FOUND_PROBLEMS: { kind: "unavailable", hint: "Follow the fix printed with each finding." },

  READY_TIMEOUT: {
    kind: "timeout",
    hint: "Look at the agent's screen with claude-orch agent screen; claude-orch inbox shows what it asks.",
  },
  WAIT_TIMEOUT: { kind: "timeout", hint: "Wait longer with --timeout; nothing was cancelled." },
  ANSWER_TIMEOUT: { kind: "timeout", hint: "The turn goes on; read its answer later with claude-orch agent read." },

  ANSWER_FAILED: { kind: "failed", hint: "Read the turn with claude-orch agent read." },

  PERMISSION_DENIED: { kind: "denied", hint: "Ask the person who runs the session." },

  ANSWER_UNPROVED: {
    kind: "unproved",
    hint: "Look at the agent with claude-orch agent show: the answer may have taken effect.",
  },
  DELIVERY_UNKNOWN: {
    kind: "unproved",
    hint: "Read the agent's conversation before sending again: the text may have arrived.",
  },

  CANCELLED: { kind: "cancelled", hint: "Run it again when you like: nothing was left half done." },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

export interface AppErrorOptions {
  hint?: string;
  /** Data for programs; never prose, never secrets. */
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** The one error class. `message` says what happened with the names involved; `hint` is one imperative next step. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly hint: string;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? ERRORS[code].hint;
    this.details = options.details ?? {};
  }

  get kind(): ErrorKind {
    return ERRORS[this.code].kind;
  }

  get exitCode(): number {
    return EXIT_CODES[this.kind];
  }
}

/** The JSON that every surface answers with for a failure. */
export interface ErrorEnvelope {
  error: { code: ErrorCode; message: string; hint: string; details: Record<string, unknown> };
}

/** Turns anything thrown into the one error class; what we do not know is a bug of ours (`INTERNAL`). */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof Error && thrown.name === "AbortError") {
    return new AppError("CANCELLED", "Cancelled", { cause: thrown });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError("INTERNAL", `Unexpected error: ${message}`, { cause: thrown });
}

export function toEnvelope(error: AppError): ErrorEnvelope {
  return { error: { code: error.code, message: error.message, hint: error.hint, details: error.details } };
}
