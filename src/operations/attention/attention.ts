import type { AgentView } from "../../core/agent.ts";

/** What may need a person, the most urgent first: who waits for an answer does nothing until it comes. */
export const ATTENTION_KINDS = [
  "permission",
  "question",
  "plan",
  "dialog",
  "input",
  "error",
  "lost",
  "failed",
  "undelivered",
  "limit",
  "finished",
] as const;
export type AttentionKind = (typeof ATTENTION_KINDS)[number];

export interface Attention {
  kind: AttentionKind;
  summary: string;
  requestId?: string;
  /** ISO time at which a limit is over. */
  retryAt?: string;
}

/** Why an agent in this state needs a person; undefined when it does not. */
export function attentionOf({
  state,
  because,
  waitingFor,
  error,
}: Pick<AgentView, "state" | "because" | "waitingFor" | "error">): Attention | undefined {
  switch (state) {
    case "waiting":
      if (!waitingFor) return { kind: "dialog", summary: because };
      return { kind: waitingFor.kind, summary: waitingFor.summary, requestId: waitingFor.requestId };
    case "errored":
      return {
        kind: error?.kind === "rate_limit" || error?.kind === "usage_limit" ? "limit" : "error",
        summary: error?.message || because,
        ...(error?.retryAt === undefined ? {} : { retryAt: error.retryAt }),
      };
    case "lost":
      return { kind: "lost", summary: because };
    default:
      return undefined;
  }
}
