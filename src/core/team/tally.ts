import type { ConsensusRules, Member } from "./coordination.ts";

/** What one participant voted in one round. */
export interface Vote {
  voter: Member;
  /** Null for an abstention. */
  choice: Member | null;
  reason: string;
}

export interface Tally {
  /** Votes that a proposal needs. */
  needed: number;
  /** Votes for a proposal; abstentions are not among them. */
  cast: number;
  /** Each proposal that got a vote, most votes first, then in the order of the participants. */
  counts: { proposer: Member; votes: number }[];
  /** The proposal that is decided on. */
  winner: Member | null;
  /** Those that share the first place, when they are several and enough votes were cast. */
  tied: Member[];
}

export function countVotes(
  votes: readonly Vote[],
  participants: readonly Member[],
  quorum: ConsensusRules["quorum"],
): Tally {
  const needed = votesNeeded(quorum, participants.length);
  const counts = participants
    .map((proposer) => ({
      proposer,
      votes: votes.filter(({ choice }) => choice?.agentId === proposer.agentId).length,
    }))
    .filter((one) => one.votes > 0)
    .sort((a, b) => b.votes - a.votes);
  const cast = counts.reduce((sum, one) => sum + one.votes, 0);
  const most = counts[0]?.votes ?? 0;
  const leaders = counts.filter((one) => one.votes === most).map(({ proposer }) => proposer);
  const [leader] = leaders;
  return {
    needed,
    cast,
    counts,
    winner: leader && leaders.length === 1 && most >= needed ? leader : null,
    tied: leaders.length > 1 && cast >= needed ? leaders : [],
  };
}

/** Of all participants, whether they answer or not: who is silent agrees to nothing. */
export function votesNeeded(quorum: ConsensusRules["quorum"], participants: number): number {
  if (quorum === "all") return participants;
  if (quorum === "majority") return Math.floor(participants / 2) + 1;
  return quorum;
}
