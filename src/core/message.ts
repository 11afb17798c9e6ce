import * as z from "zod";
import { AppError } from "./errors.ts";
import type { ProcessIdentity } from "./ports/process-runner.ts";

export const MESSAGE_STATES = ["queued", "typed", "submitted", "recorded", "answered", "failed", "unknown"] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export const SEND_WHEN = ["idle", "now", "interrupt"] as const;
export type SendWhen = (typeof SEND_WHEN)[number];

export const usageView = z.object({
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  cacheCreationTokens: z.number().int(),
  cacheReadTokens: z.number().int(),
});
export type Usage = z.infer<typeof usageView>;

export function sumUsage(parts: readonly Usage[]): Usage {
  const sum: Usage = { inputTokens: 0, outputTokens: 0, cacheCreationTokens: 0, cacheReadTokens: 0 };
  for (const part of parts) {
    sum.inputTokens += part.inputTokens;
    sum.outputTokens += part.outputTokens;
    sum.cacheCreationTokens += part.cacheCreationTokens;
    sum.cacheReadTokens += part.cacheReadTokens;
  }
  return sum;
}

export const toolUseView = z.object({
  id: z.string(),
  name: z.string(),
  input: z.unknown(),
  isError: z.boolean().optional().describe("Set once the tool's result is known"),
});
export type ToolUse = z.infer<typeof toolUseView>;

export const answerView = z.object({
  text: z.string(),
  toolUses: z.array(toolUseView),
  stopReason: z.string().nullable(),
  interrupted: z.boolean(),
  isError: z.boolean(),
  durationMs: z.number().nullable(),
  usage: usageView.nullable(),
});
export type Answer = z.infer<typeof answerView>;

/** Sender of the messages by which an agent goes on after a limit: no person, manager or agent. */
export const ORCHESTRATOR = "orchestrator";

/** Sender of the prompts by which tasks of the queue are given to agents: their ends are news of the tasks. */
export const SCHEDULER = "scheduler";

/** One prompt sent to an agent. Positions are byte offsets taken just before the text was typed. */
export interface Message {
  id: string;
  agentId: string;
  /** Order within the agent's queue; strictly increasing over all processes. */
  seq: number;
  /** Conversation the text was typed into; null while queued. */
  conversationId: string | null;
  /** The text as the caller gave it. */
  text: string;
  /** What is typed (after envelope, working protocol, normalisation): null when equal to `text`. */
  sentText: string | null;
  /** What normalisation changed, one phrase each. */
  normalised: string[];
  exact: boolean;
  /**
   * `due`: when it is typed, its agent's working protocol decides whether its message stands before it. `sent`: it does,
   * in `sentText`. Null: it does not, and will not.
   */
  protocol: "due" | "sent" | null;
  when: SendWhen;
  /** Who sent it: `operator`, `manager`, `orchestrator`, `scheduler`, or an agent id. */
  sender: string;
  /** How many agents passed it on: 0 from a person or manager, one more than the message whose turn it was sent in. */
  hops: number;
  idempotencyKey: string | null;
  state: MessageState;
  /** Why it failed or cannot be proved. */
  reason: string | null;
  /** The way it was delivered: keys, paste, editor, native … */
  via: string | null;
  /** Process that is typing it; recovery looks at it when that process is dead. */
  holder: ProcessIdentity | null;
  spoolOffset: number | null;
  transcriptOffset: number | null;
  /** Claude Code's id of the turn. */
  promptId: string | null;
  answer: Answer | null;
  createdAt: number;
  typedAt: number | null;
  submittedAt: number | null;
  recordedAt: number | null;
  answeredAt: number | null;
  /** When its end (answer, failure) was first shown to whoever may act on it; null keeps it in the inbox. */
  seenAt: number | null;
}

const NEXT: Record<MessageState, readonly MessageState[]> = {
  queued: ["typed", "failed"],
  // A crash leaves `typed`; recovery may put it back only when it is proved that nothing was submitted.
  typed: ["queued", "submitted", "recorded", "failed", "unknown"],
  submitted: ["recorded", "unknown", "failed"],
  recorded: ["answered", "failed"],
  answered: [],
  failed: [],
  // Later evidence may still prove what could not be proved in time.
  unknown: ["recorded", "answered"],
};

/** @throws INTERNAL when the transition is not in the life of a message (architecture §4). */
export function assertMessageTransition(from: MessageState, to: MessageState): void {
  if (NEXT[from].includes(to)) return;
  throw new AppError("INTERNAL", `A message cannot go from ${from} to ${to}`, { details: { from, to } });
}

/** Nothing more will happen to it before the turn ends: it no longer blocks the queue. */
export function isOpenInQueue(state: MessageState): boolean {
  return state === "queued" || state === "typed" || state === "submitted";
}

export const messageView = z.object({
  id: z.string().describe("Message id, `msg_…`"),
  agent: z.object({ id: z.string(), name: z.string() }),
  conversationId: z.string().nullable(),
  state: z.enum(MESSAGE_STATES),
  reason: z.string().optional().describe("Why it failed or could not be proved"),
  text: z.string(),
  sentText: z.string().optional().describe("What was typed, when it differs from text"),
  normalised: z.array(z.string()).describe("What was changed before typing, one phrase each"),
  via: z.string().nullable().describe("The way it was delivered"),
  promptId: z.string().nullable(),
  createdAt: z.iso.datetime(),
  typedAt: z.iso.datetime().nullable(),
  submittedAt: z.iso.datetime().nullable(),
  recordedAt: z.iso.datetime().nullable(),
  answeredAt: z.iso.datetime().nullable(),
  answer: answerView.optional(),
});
export type MessageView = z.infer<typeof messageView>;
