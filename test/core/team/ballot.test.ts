import { describe, expect, it } from "vitest";
import { readBallot } from "../../../src/core/team/ballot.ts";

const CANDIDATES = ["api", "web_", "Agent_1"].map((name) => ({ agentId: `agt_${name}`, name }));
const read = (answer: string) => {
  const ballot = readBallot(answer, CANDIDATES);
  return "problem" in ballot ? ballot.problem : [ballot.choice?.name ?? null, ballot.reason];
};

describe("a vote is read from an answer", () => {
  it.each([
    ["VOTE: api\nREASON: it is simple", ["api", "it is simple"]],
    ["I weighed both.\n\n**VOTE:** `api`\n**REASON:** it is simple", ["api", "it is simple"]],
    ["- vote: API.\n- reason: fine", ["api", "fine"]],
    ["VOTE: web_\nREASON: one\ntwo", ["web_", "one\ntwo"]],
    ["VOTE: Agent_1\r\nREASON: line ends", ["Agent_1", "line ends"]],
    ["VOTE: abstain\nREASON: I know too little", [null, "I know too little"]],
    ["VOTE: api\nVOTE: api\nREASON: said twice", ["api", "said twice"]],
  ])("%j", (answer, ballot) => expect(read(answer)).toEqual(ballot));

  it.each([
    ["I like api best.", /no line "VOTE: NAME"/],
    ["My VOTE: api\nREASON: not at the beginning of its line", /no line "VOTE: NAME"/],
    ["VOTE: everybody\nREASON: all are good", /"everybody" names no proposal/],
    ["VOTE: <one of: api, web_; or ABSTAIN>\nREASON: <why, in one line>", /names no proposal/],
    ["VOTE: api\nVOTE: web_\nREASON: both", /different proposals/],
    ["VOTE: api", /no line "REASON: why" behind/],
    ["REASON: before\nVOTE: api", /no line "REASON: why" behind/],
    ["VOTE: api\nREASON:", /no line "REASON: why" behind/],
    ["", /no line "VOTE: NAME"/],
  ])("%j is no vote, and why is said", (answer, problem) => expect(read(answer)).toMatch(problem));
});
