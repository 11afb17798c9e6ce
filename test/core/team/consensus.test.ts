import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { followConsensus } from "../../../src/core/team/consensus.ts";
import type { ConsensusRules, Coordination, Reply, Stage } from "../../../src/core/team/coordination.ts";
import { nextStep } from "../../../src/core/team/next-step.ts";

const MEMBERS = ["a", "b", "c", "d"].map((name) => ({ agentId: name, name }));
const RULES: ConsensusRules = { rounds: 2, quorum: "majority", tie: "none" };

function coordination(given: Partial<Coordination> = {}): Coordination {
  return {
    id: "crd_1",
    sessionId: "ses_1",
    mode: "consensus",
    state: "running",
    text: "Which?",
    participants: MEMBERS,
    coordinator: null,
    rules: RULES,
    patienceMs: 0,
    remainingMs: 0,
    stages: [],
    createdBy: { kind: "operator" },
    holder: null,
    createdAt: 0,
    endedAt: null,
    seenAt: null,
    ...given,
  };
}

/** Plays a coordination to its end with what each agent says at each step; null: it does not answer. */
function play(begun: Coordination, says: (agentId: string, label: string) => string | null): Coordination {
  let current = begun;
  for (let step = nextStep(current); step.kind === "ask"; step = nextStep(current)) {
    const { label, asks } = step;
    expect(current.stages.map((stage) => stage.label)).not.toContain(label);
    const replies = asks.map(({ agentId }): Reply => {
      const text = says(agentId, label);
      return { agentId, messageId: `${label}:${agentId}`, text, reason: text === null ? "it ended" : null };
    });
    current = { ...current, stages: [...current.stages, { label, replies } satisfies Stage] };
  }
  return current;
}

const vote = (choice: string) => `VOTE: ${choice}\nREASON: because of ${choice}`;
const labels = ({ stages }: Coordination) => stages.map(({ label }) => label);

describe("consensus", () => {
  it("a vote that is corrected when it is asked for again counts", () => {
    const ended = play(coordination(), (agentId, label) => {
      if (label === "1.proposal") return `plan ${agentId}`;
      if (label === "1.vote" && agentId === "d") return "b, I think";
      return vote("b");
    });

    expect(labels(ended)).toEqual(["1.proposal", "1.vote", "1.again"]);
    expect(followConsensus(ended).decision).toMatchObject({ outcome: "agreed", votes: 4 });
  });

  it("who does not answer is not asked again, and the votes needed do not become fewer", () => {
    const ended = play(coordination(), (agentId, label) => {
      if (agentId === "c" || (agentId === "d" && label === "1.vote")) return null;
      return label.endsWith("proposal") ? "plan" : vote("a");
    });

    expect(ended.stages.map(({ replies }) => replies.map(({ agentId }) => agentId).join(""))).toEqual([
      "abcd",
      "abd",
      "ab",
      "ab",
    ]);
    const { decision, rounds } = followConsensus(ended);
    expect(decision).toMatchObject({ outcome: "no quorum", votes: 2, needed: 3 });
    expect(rounds[0]?.unread).toEqual([{ voter: MEMBERS[3], reason: "it ended" }]);
  });

  it("all must agree where the quorum is all; a second round may bring that about", () => {
    const rules = { ...RULES, quorum: "all" } as const;
    const ended = play(coordination({ rules }), (agentId, label) => {
      if (label.endsWith("proposal")) return `plan ${agentId}`;
      return label === "1.vote" && agentId === "c" ? vote("c") : vote("a");
    });

    expect(labels(ended)).toEqual(["1.proposal", "1.vote", "2.proposal", "2.vote"]);
    expect(followConsensus(ended).decision).toMatchObject({ outcome: "agreed", round: 2, votes: 4, dissents: [] });
  });

  it("most votes are not enough without the quorum: no majority, and a coordinator decides ties only", () => {
    const coordinator = { agentId: "lead", name: "lead" };
    const rules = { rounds: 1, quorum: "majority", tie: "coordinator" } as const;
    const choices: Record<string, string> = { a: "a", b: "a", c: "c", d: "b" };
    const split = play(coordination({ coordinator, rules }), (agentId, label) =>
      label === "1.vote" ? vote(choices[agentId] ?? "") : "plan",
    );
    expect(followConsensus(split).decision).toMatchObject({
      outcome: "no majority",
      proposal: null,
      because: "no proposal got 3 votes alone (a 2, b 1, c 1)",
    });
    expect(labels(split)).toEqual(["1.proposal", "1.vote", "synthesis"]);

    const tied = (decides: (label: string) => string | null) =>
      play(coordination({ coordinator, rules }), (agentId, label) => {
        if (label.startsWith("tie")) return decides(label);
        return label === "1.vote" ? vote(agentId < "c" ? "a" : "b") : "plan";
      });
    const second = tied((label) => (label === "tie" ? "a, of course" : vote("b")));
    expect(labels(second)).toEqual(["1.proposal", "1.vote", "tie", "tie.again", "synthesis"]);
    expect(followConsensus(second).decision).toMatchObject({ outcome: "tie broken", proposal: { who: { name: "b" } } });
    expect(followConsensus(tied(() => null)).decision?.because).toContain("lead did not decide: it ended");
    expect(followConsensus(tied(() => vote("ABSTAIN"))).decision?.because).toContain("lead abstained");
    expect(followConsensus(tied(() => vote("c"))).decision).toMatchObject({ outcome: "no majority" });
  });

  it("whatever the agents say: it ends, asks nobody twice in a step, and decides only with the votes it needs", () => {
    const saying = fc.constantFrom(null, "well", vote("ABSTAIN"), ...["a", "b", "c", "d", "x"].map(vote));
    fc.assert(
      fc.property(
        fc.array(saying, { minLength: 60, maxLength: 60 }),
        fc.constantFrom("majority" as const, "all" as const, 1, 2),
        fc.constantFrom("coordinator" as const, "none" as const, "first" as const),
        fc.integer({ min: 1, max: 4 }),
        (sayings, quorum, tie, rounds) => {
          let at = 0;
          const begun = coordination({
            rules: { rounds, quorum, tie },
            coordinator: tie === "coordinator" ? { agentId: "lead", name: "lead" } : null,
          });
          const ended = play(begun, () => sayings[at++ % sayings.length] ?? null);
          const step = nextStep(ended);
          const { decision } = followConsensus(ended);

          expect(step.kind).toBe("over");
          const hasProposal = ended.stages[0]?.replies.some(({ text }) => text !== null);
          expect(step).toMatchObject({ state: hasProposal ? "done" : "failed" });
          if (decision?.outcome === "agreed") expect(decision.votes).toBeGreaterThanOrEqual(decision.needed);
          expect(decision?.proposal == null).toBe(
            decision === undefined || ["no majority", "no quorum"].includes(decision.outcome),
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});
