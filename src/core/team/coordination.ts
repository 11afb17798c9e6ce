import type { ProcessIdentity } from "../ports/process-runner.ts";
import type { Principal } from "../principal.ts";

export const COORDINATION_MODES = ["parallel", "sequential", "consensus"] as const;
export type CoordinationMode = (typeof COORDINATION_MODES)[number];

/** `failed`: nobody answered. */
export const COORDINATION_STATES = ["running", "done", "failed", "cancelled"] as const;
export type CoordinationState = (typeof COORDINATION_STATES)[number];

/** Who decides between proposals with equally many votes: the coordinator, nobody, or the order of the participants. */
export const TIE_RULES = ["coordinator", "none", "first"] as const;
export type TieRule = (typeof TIE_RULES)[number];

export interface ConsensusRules {
  /** At most so many rounds of proposals and votes. */
  rounds: number;
  /** Votes that a proposal needs: a number, more than half of all participants, or all of them. */
  quorum: number | "majority" | "all";
  tie: TieRule;
}

/** An agent that takes part, by the name it had when it began: later steps and results speak of that name. */
export interface Member {
  agentId: string;
  name: string;
}

/** What one agent said when it was asked. Without a text it did not answer, and `reason` says why. */
export interface Reply {
  agentId: string;
  /** Null where no message could be sent at all. */
  messageId: string | null;
  text: string | null;
  reason: string | null;
}

/** One step that is over. What follows is computed from these alone, so that every process computes the same. */
export interface Stage {
  label: string;
  replies: Reply[];
}

/** Several agents at work on one task. What is still to be done follows from `stages` (`next-step.ts`). */
export interface Coordination {
  id: string;
  sessionId: string;
  mode: CoordinationMode;
  state: CoordinationState;
  /** The task, as its caller gave it. */
  text: string;
  participants: Member[];
  coordinator: Member | null;
  rules: ConsensusRules;
  /** How long somebody who needs a person may keep the others waiting, in ms. */
  patienceMs: number;
  /** Time that is left, in ms; it passes only while a process works on it. */
  remainingMs: number;
  stages: Stage[];
  /** In whose name its messages are sent, whichever process sends them. */
  createdBy: Principal;
  /** The process that works on it now. */
  holder: (ProcessIdentity & { token: string }) | null;
  createdAt: number;
  endedAt: number | null;
  /** When its end was first shown to whoever may act on it; null keeps it in the inbox. */
  seenAt: number | null;
}

/** The key under which a step's message to an agent is journalled: sent once, whichever process sends it. */
export function stepKey(coordinationId: string, label: string, agentId: string): string {
  return `team:${coordinationId}:${label}:${agentId}`;
}

/** The replies of a step that is over; undefined while it is not. */
export function repliesOf({ stages }: Coordination, label: string): Reply[] | undefined {
  return stages.find((stage) => stage.label === label)?.replies;
}
