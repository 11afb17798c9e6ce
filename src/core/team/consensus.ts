import { readBallot } from "./ballot.ts";
import { type Coordination, type Member, type Reply, repliesOf } from "./coordination.ts";
import type { Ask } from "./next-step.ts";
import { proposalPrompt, type Saying, type ToldRound, tiePrompt, voteAgainPrompt, votePrompt } from "./prompts.ts";
import { countVotes, type Tally, type Vote } from "./tally.ts";

export interface Round extends ToldRound {
  /** Undefined while it is voted on. */
  tally?: Tally;
  /** Who was asked to vote and did not, or whose vote could not be read, with the reason. */
  unread: { voter: Member; reason: string }[];
}

export const OUTCOMES = ["agreed", "tie broken", "no majority", "no quorum"] as const;

export interface Decision {
  outcome: (typeof OUTCOMES)[number];
  /** The proposal decided on; null without one. */
  proposal: Saying | null;
  /** One sentence. */
  because: string;
  round: number;
  votes: number;
  needed: number;
  /** Votes of that round for another proposal, each with its reason. */
  dissents: Vote[];
}

/** How far a consensus has come: its rounds, and what is to be asked next or what was decided. */
export interface Consensus {
  rounds: Round[];
  ask?: { label: string; asks: Ask[] };
  decision?: Decision;
}

/**
 * Follows the steps that are over. Who does not answer is not asked again: it stays silent for the rest, and the number
 * of votes that a proposal needs does not become smaller by that.
 */
export function followConsensus(coordination: Coordination): Consensus {
  const { participants, rules, text } = coordination;
  const rounds: Round[] = [];
  let present = participants;
  for (let number = 1; number <= rules.rounds; number += 1) {
    const proposed = repliesOf(coordination, `${number}.proposal`);
    if (!proposed) {
      const asks = present.map((me) => ask(me, proposalPrompt(text, me, { participants, earlier: rounds })));
      return { rounds, ask: { label: `${number}.proposal`, asks } };
    }
    const proposals = sayings(present, proposed);
    if (proposals.length === 0) break;
    present = proposals.map(({ who }) => who);
    const round: Round = { number, proposals, votes: [], unread: [] };
    rounds.push(round);

    const voted = repliesOf(coordination, `${number}.vote`);
    if (!voted) {
      const asks = present.map((me) => ask(me, votePrompt(text, me, proposals)));
      return { rounds, ask: { label: `${number}.vote`, asks } };
    }
    const again = collect(round, present, voted, repliesOf(coordination, `${number}.again`));
    if (again.length > 0) return { rounds, ask: { label: `${number}.again`, asks: again } };

    const tally = countVotes(round.votes, participants, rules.quorum);
    round.tally = tally;
    if (tally.winner) return { rounds, decision: decide(round, tally, tally.winner) };
    present = present.filter(({ agentId }) => voted.some((reply) => reply.agentId === agentId && reply.text !== null));
    if (present.length === 0) break;
  }
  return endUndecided(coordination, rounds);
}

/** Fills the round with what was voted. @returns whom to ask once more, for a vote that could not be read */
function collect(round: Round, voters: readonly Member[], voted: readonly Reply[], again: Reply[] | undefined): Ask[] {
  const candidates = round.proposals.map(({ who }) => who);
  const toAskAgain: Ask[] = [];
  for (const voter of voters) {
    const first = voted.find(({ agentId }) => agentId === voter.agentId);
    const ballot = first?.text == null ? undefined : readBallot(first.text, candidates);
    if (!ballot) {
      round.unread.push({ voter, reason: first?.reason ?? "it was not asked" });
    } else if ("reason" in ballot) {
      round.votes.push({ voter, ...ballot });
    } else if (!again) {
      toAskAgain.push(ask(voter, voteAgainPrompt(voter, ballot.problem, candidates)));
    } else {
      const second = again.find(({ agentId }) => agentId === voter.agentId);
      const corrected = second?.text == null ? undefined : readBallot(second.text, candidates);
      if (corrected && "reason" in corrected) round.votes.push({ voter, ...corrected });
      else {
        const why = corrected ? corrected.problem : (second?.reason ?? ballot.problem);
        round.unread.push({ voter, reason: `its vote could not be read: ${why}` });
      }
    }
  }
  return toAskAgain;
}

/** All rounds are used up, or nobody is left to ask: the tie rule, or no decision. */
function endUndecided(coordination: Coordination, rounds: Round[]): Consensus {
  const last = rounds.at(-1);
  const tally = last?.tally;
  if (!last || !tally) return { rounds };
  const { rules, coordinator, text } = coordination;
  const undecided = (because: string): Consensus => ({ rounds, decision: noDecision(last, tally, because) });
  const [first] = tally.tied;
  if (!first) return undecided(tally.cast < tally.needed ? tooFew(tally) : shortOf(tally));
  if (rules.tie === "none" || (rules.tie === "coordinator" && !coordinator)) return undecided(shortOf(tally));
  if (rules.tie === "first" || !coordinator) {
    return { rounds, decision: { ...decide(last, tally, first), ...broken("it stands first among the participants") } };
  }
  for (const label of ["tie", "tie.again"]) {
    const reply = repliesOf(coordination, label)?.[0];
    if (!reply) {
      const problem = problemOf(repliesOf(coordination, "tie")?.[0], tally.tied);
      const prompt =
        problem === undefined
          ? tiePrompt(text, coordinator, rounds, tally.tied)
          : voteAgainPrompt(coordinator, problem, tally.tied);
      return { rounds, ask: { label, asks: [ask(coordinator, prompt)] } };
    }
    if (reply.text === null)
      return undecided(`${shortOf(tally)}, and ${coordinator.name} did not decide: ${reply.reason}`);
    const ballot = readBallot(reply.text, tally.tied);
    if ("problem" in ballot) continue;
    if (!ballot.choice) return undecided(`${shortOf(tally)}, and ${coordinator.name} abstained: ${ballot.reason}`);
    const because = `${coordinator.name} decided: ${ballot.reason}`;
    return { rounds, decision: { ...decide(last, tally, ballot.choice), ...broken(because) } };
  }
  return undecided(`${shortOf(tally)}, and what ${coordinator.name} decided could not be read`);
}

function problemOf(reply: Reply | undefined, candidates: readonly Member[]): string | undefined {
  const ballot = reply?.text == null ? undefined : readBallot(reply.text, candidates);
  return ballot && "problem" in ballot ? ballot.problem : undefined;
}

function decide(round: Round, tally: Tally, winner: Member): Decision {
  const votes = tally.counts.find(({ proposer }) => proposer.agentId === winner.agentId)?.votes ?? 0;
  return {
    outcome: "agreed",
    proposal: round.proposals.find(({ who }) => who.agentId === winner.agentId) ?? null,
    because: `the proposal of ${winner.name} got ${votes} ${votes === 1 ? "vote" : "votes"} of ${tally.needed} needed`,
    round: round.number,
    votes,
    needed: tally.needed,
    dissents: round.votes.filter(({ choice }) => choice !== null && choice.agentId !== winner.agentId),
  };
}

function broken(because: string): Pick<Decision, "outcome" | "because"> {
  return { outcome: "tie broken", because: `equally many votes, and ${because}` };
}

function noDecision(round: Round, tally: Tally, because: string): Decision {
  const outcome = tally.cast < tally.needed ? "no quorum" : "no majority";
  const votes = tally.counts[0]?.votes ?? 0;
  return { outcome, proposal: null, because, round: round.number, votes, needed: tally.needed, dissents: [] };
}

function tooFew({ cast, needed }: Tally): string {
  return `${cast} ${cast === 1 ? "vote was" : "votes were"} cast, and a proposal needs ${needed}`;
}

function shortOf({ counts, needed }: Tally): string {
  const got = counts.map(({ proposer, votes }) => `${proposer.name} ${votes}`).join(", ");
  return `no proposal got ${needed} ${needed === 1 ? "vote" : "votes"} alone (${got})`;
}

function sayings(members: readonly Member[], replies: readonly Reply[]): Saying[] {
  return members.flatMap((who) => {
    const text = replies.find(({ agentId }) => agentId === who.agentId)?.text;
    return text == null ? [] : [{ who, text }];
  });
}

function ask({ agentId }: Member, text: string): Ask {
  return { agentId, text };
}
