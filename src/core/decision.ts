import * as z from "zod";

export const DECISIONS = ["allowed", "denied", "asked"] as const;

/**
 * Who decided: `rule` a permission rule, `mode` the permission mode, `claude-code` its own default (it asks for nothing,
 * or the person's own settings allow it), `person` somebody at the terminal; `operator`, `manager` and `worker` through
 * agent respond; `nobody` yet.
 */
export const DECIDERS = ["rule", "mode", "claude-code", "person", "operator", "manager", "worker", "nobody"] as const;

/** What became of one use of a tool: allowed, denied, or asked and still open. */
export interface ToolDecision {
  toolUseId: string;
  /** Epoch ms of the use; null where no transcript tells. */
  at: number | null;
  tool: string;
  /** The part of the tool's input that one decides by, in one line. */
  subject: string;
  decision: (typeof DECISIONS)[number];
  by: "rule" | "mode" | "claude-code" | "person" | "nobody";
  /** The rule behind it, where it is one of those the agent was started with. */
  rule: string | null;
  /** The request that was asked, where one was. */
  requestId: string | null;
  reason: string;
}

export const decisionView = z.object({
  at: z.iso.datetime().nullable().describe("When the tool was used; null where no transcript tells"),
  agent: z.object({ id: z.string(), name: z.string() }),
  tool: z.string(),
  subject: z.string().describe("What it was used on, in one line"),
  decision: z.enum(DECISIONS).describe("asked: it is still open"),
  by: z.enum(DECIDERS).describe("Who or what decided"),
  rule: z.string().nullable().describe("The permission rule behind it, where it is one of ours"),
  reason: z.string(),
});
export type DecisionView = z.infer<typeof decisionView>;
