import * as z from "zod";
import { AppError } from "./errors.ts";

export const BACKEND_NAMES = ["iterm2", "tmux", "headless", "fake"] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

export const SECURITY_LEVELS = ["low", "medium", "high"] as const;
export type SecurityLevel = (typeof SECURITY_LEVELS)[number];

export const POLICY_EFFECTS = ["allow", "ask", "deny"] as const;

/** A permission rule in Claude Code's own syntax (`Bash(npm test:*)`, `Read(./secrets/**)`), for all roles or for one. */
export const policyRuleView = z.object({
  effect: z.enum(POLICY_EFFECTS),
  rule: z.string(),
  role: z.string().nullable().describe("Only agents of this role; null: all"),
});
export type PolicyRule = z.infer<typeof policyRuleView>;

/** A named group of agents tied to one codebase root. */
export interface Session {
  id: string;
  name: string;
  /** Absolute path with symbolic links resolved. */
  root: string;
  maxAgents: number;
  securityLevel: SecurityLevel;
  backend: BackendName;
  /** Why this backend, in words; null for a session of before this was kept. */
  backendReason: string | null;
  /** The owner said that this folder is trusted, so that Claude Code does not ask. */
  isTrusted: boolean;
  /** What its agents may do without asking, and what they may never do. */
  policy: PolicyRule[];
  /** Name of the working protocol that its agents get; null: none. */
  protocol: string | null;
  /** Number that the next agent gets; numbers are never used twice. */
  nextAgentNumber: number;
  createdAt: number;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * Names are also folder, window and tmux target parts: letters, digits, `.`, `_`, `-`, no leading punctuation.
 * @throws INVALID_NAME
 */
export function checkName(kind: "session" | "agent", name: string): string {
  if (NAME.test(name)) return name;
  throw new AppError(
    "INVALID_NAME",
    `${JSON.stringify(name)} cannot be the name of ${kind === "agent" ? "an agent" : "a session"}`,
    {
      details: { name },
    },
  );
}

export const sessionView = z.object({
  id: z.string().describe("Session id, `ses_…`"),
  name: z.string(),
  root: z.string().describe("Absolute real path of the codebase"),
  backend: z.enum(BACKEND_NAMES),
  backendReason: z.string().optional().describe("Why this backend was chosen when the session was created"),
  securityLevel: z.enum(SECURITY_LEVELS),
  trusted: z.boolean().describe("Whether its owner said that this folder is trusted"),
  maxAgents: z.number().int(),
  policy: z.array(policyRuleView).describe("Permission rules that its agents start with"),
  protocol: z.string().nullable().describe("Working protocol that its agents get; null: none"),
  agentCount: z.number().int().describe("Agents in the session, whatever their state"),
  createdAt: z.iso.datetime(),
});
export type SessionView = z.infer<typeof sessionView>;
