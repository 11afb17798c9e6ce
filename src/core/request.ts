import * as z from "zod";
import { type WAITING_KINDS, waitingForView } from "./agent.ts";

/** One question of Claude Code's AskUserQuestion. */
export const questionView = z.object({
  question: z.string(),
  header: z.string().nullable(),
  multiSelect: z.boolean().describe("Several options may be chosen"),
  options: z.array(z.object({ label: z.string(), description: z.string().nullable() })),
});
export type Question = z.infer<typeof questionView>;

export const REQUEST_WAYS = ["hook", "control", "keys"] as const;
/**
 * How an answer reaches the agent: `hook` is taken by the PermissionRequest hook that waits for it, `control` goes over
 * the control protocol of a headless agent; neither presses a key. `keys` answers the dialog on the screen, read before
 * and after each key.
 */
export type RequestWay = (typeof REQUEST_WAYS)[number];

/** What a waiting agent asks, in full. */
export const requestView = waitingForView.extend({
  input: z.unknown().optional().describe("The tool's whole input"),
  diff: z.string().optional().describe("What a file edit would change, as a unified diff"),
  questions: z.array(questionView).optional(),
  plan: z.string().optional().describe("The plan to approve, where Claude Code tells it"),
  screen: z.array(z.string()).optional().describe("What a dialog shows, where only the screen knows it"),
  canRemember: z.boolean().describe("Whether it can be allowed and remembered"),
  remembers: z
    .string()
    .optional()
    .describe(
      "What `remember` would allow from then on. Claude Code decides that, and it may be more than this use: a rule, work in a folder, or a permission mode. Over hook or control it lasts for the session; by keys, as the dialog's own words say",
    ),
  via: z.enum(REQUEST_WAYS).describe("How an answer reaches the agent"),
  since: z.iso.datetime().nullable(),
});
export type RequestView = z.infer<typeof requestView>;

/** A request with the evidence that it was read from, which finds it again after the answer. */
export interface AgentRequest extends Omit<RequestView, "since"> {
  /** Epoch ms since when it is open, as far as the evidence tells. */
  since: number | null;
  evidence: {
    /** Spool position of its PermissionRequest event, or null where only the screen shows it. */
    offset: number | null;
    promptId: string | null;
    toolUseId: string | null;
    /** Names the hook (or control request) that waits for the answer. */
    waiter: string | null;
  };
}

/** The answer to one question: chosen options (indices from 0) and, or instead, a text of one's own. */
export interface QuestionAnswer {
  choices: readonly number[];
  text: string | null;
}

/** What somebody decided about a request. */
export type Decision =
  | { kind: "allow"; remember: boolean }
  | { kind: "deny"; reason: string | null }
  /** One answer per question, in order; for a dialog exactly one, with one choice. */
  | { kind: "choose"; answers: readonly QuestionAnswer[] };

export const REQUEST_OUTCOMES = ["open", "allowed", "denied", "answered", "gone"] as const;
/** What became of a request by hooks and transcript; `gone`: it is no longer asked, and nothing tells how it ended. */
export type RequestOutcome = (typeof REQUEST_OUTCOMES)[number];

/**
 * The journal of one answer of ours. `deciding` is written before anything is handed over: after a crash the request is
 * either still open (nothing was delivered, it may be answered again) or settled by the evidence.
 */
export interface RequestAnswer {
  /** The request's id. */
  id: string;
  agentId: string;
  kind: (typeof WAITING_KINDS)[number];
  summary: string;
  /** What was asked, with its evidence: whoever finds the row after a crash asks it what became of the request. */
  request: AgentRequest;
  decision: Decision;
  /** Who decided: `operator`, `manager`, or an agent id. */
  decidedBy: string;
  state: "deciding" | "settled" | "failed";
  via: RequestWay | null;
  outcome: RequestOutcome | null;
  /** Why it failed. */
  reason: string | null;
  /** Process that hands it over; when it is dead, another may take over. */
  holder: { pid: number; startedAt: string } | null;
  createdAt: number;
  settledAt: number | null;
}
