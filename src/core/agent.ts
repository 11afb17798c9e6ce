import * as z from "zod";
import { BACKEND_NAMES, type BackendName } from "./session.ts";

export const AGENT_STATES = ["starting", "idle", "working", "waiting", "errored", "exited", "lost"] as const;
export type AgentState = (typeof AGENT_STATES)[number];

export const LAYOUTS = ["tab", "window", "split-vertical", "split-horizontal", "auto"] as const;
export type Layout = (typeof LAYOUTS)[number];

export const PERMISSION_MODES = ["default", "acceptEdits", "plan", "auto", "dontAsk", "bypassPermissions"] as const;
export type PermissionMode = (typeof PERMISSION_MODES)[number];

/** What the backend needs to find the agent's terminal again. `id` is the backend's own word (a tmux pane id …). */
export interface TerminalRef {
  backend: BackendName;
  /** Unguessable nonce carried by the terminal itself (tmux user option, launcher path): identity across restarts. */
  tag: string;
  id: string;
}

/** One Claude Code process in one terminal. What is derived (state, pid's life, usage) is not stored. */
export interface Agent {
  id: string;
  sessionId: string;
  /** 1, 2, 3 … within the session; never reused. */
  number: number;
  name: string;
  role: string;
  model: string | null;
  permissionMode: PermissionMode;
  layout: Layout;
  /** Absolute real path the process runs in. */
  cwd: string;
  systemPrompt: string | null;
  /** Name of the working protocol that it is told and that stands before its prompts; null: none. */
  protocol: string | null;
  claudeArgs: string[];
  /** Names of extra environment variables given with --env (values are never stored). */
  envNames: string[];
  parentId: string | null;
  /** The git worktree that was made for it; null without one. What is in it is not stored. */
  worktree: { id: string; path: string; branch: string } | null;
  /** Claude Code's configuration folder for this agent (absolute). */
  configDir: string;
  /** Absolute path and version of the Claude Code that was launched last. */
  claudeBin: string;
  claudeVersion: string;
  /** Current conversation (Claude Code session id), null before the first launch. */
  conversationId: string | null;
  /** Null while no terminal is open (cleared, exited and closed). */
  terminal: TerminalRef | null;
  /** Journal of the launch: `opening` is written before the terminal exists, `open` after, `closed` when we ended it. */
  lifecycle: "opening" | "open" | "closed";
  /** When the current launch began. */
  launchedAt: number | null;
  /** A person started it and we took it over: it has none of our hooks, settings or MCP entry. */
  isAdopted: boolean;
  /** SHA-256 (hex) of the worker token that identifies this agent on MCP. */
  tokenHash: string;
  createdAt: number;
}

export const WAITING_KINDS = ["permission", "question", "plan", "dialog"] as const;
export const ERROR_KINDS = ["api", "auth", "rate_limit", "usage_limit", "crash", "launch"] as const;

export const waitingForView = z.object({
  kind: z.enum(WAITING_KINDS),
  requestId: z.string(),
  summary: z.string().describe("What is asked, in one line"),
  tool: z.string().optional(),
  options: z.array(z.string()).optional(),
});
export type WaitingFor = z.infer<typeof waitingForView>;

export const agentErrorView = z.object({
  kind: z.enum(ERROR_KINDS),
  message: z.string(),
  retryAt: z.iso.datetime().optional(),
});
export type AgentError = z.infer<typeof agentErrorView>;

/** A state with its evidence. */
export interface StateReport {
  state: AgentState;
  /** One sentence naming the evidence. */
  because: string;
  /** Epoch ms since when, as far as the evidence tells. */
  since: number;
  waitingFor?: WaitingFor;
  error?: AgentError;
  /**
   * The turn that failed: an id that tells it from every other one of the agent, and whether the program has announced
   * that it goes on by itself once the limit is over.
   */
  failedTurn?: { id: string; goesOn: boolean };
  /** Exit code of Claude Code, when `exited` and known. */
  exitCode?: number;
  /** pid of Claude Code while it is known. */
  pid?: number;
}

export const agentView = z.object({
  id: z.string().describe("Agent id, `agt_…`"),
  name: z.string(),
  number: z.number().int(),
  session: z.object({ id: z.string(), name: z.string() }),
  role: z.string(),
  model: z.string().nullable(),
  permissionMode: z.enum(PERMISSION_MODES),
  state: z.enum(AGENT_STATES),
  because: z.string().describe("One sentence naming the evidence for the state"),
  since: z.iso.datetime(),
  waitingFor: waitingForView.optional(),
  error: agentErrorView.optional(),
  exitCode: z.number().int().optional(),
  backend: z.enum(BACKEND_NAMES),
  terminal: z.string().nullable().describe("The backend's own name of the terminal, e.g. a tmux pane id"),
  pid: z.number().int().nullable(),
  cwd: z.string(),
  protocol: z.string().nullable().describe("Working protocol; null: none"),
  worktree: z
    .object({ path: z.string(), branch: z.string().describe("Branch that was made or checked out for it") })
    .optional()
    .describe("The git worktree that it has to itself"),
  parentId: z.string().nullable(),
  adopted: z.boolean().describe("Taken over from a person: without our hooks, settings and MCP entry"),
  conversationId: z.string().nullable().describe("Claude Code session id of the current conversation"),
  claudeVersion: z.string(),
  createdAt: z.iso.datetime(),
});
export type AgentView = z.infer<typeof agentView>;
