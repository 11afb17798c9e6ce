import type { Member } from "./coordination.ts";

/** What an answer votes for. `choice` is null for an abstention; a ballot that cannot be read says why. */
export type Ballot = { choice: Member | null; reason: string } | { problem: string };

export const ABSTAIN = "ABSTAIN";

/** Agents like to decorate: **VOTE:** `api`. Names are letters, digits, `.`, `_` and `-`. */
const DECORATION = "[\\s>*_`\"'#-]*";
const VOTE = new RegExp(`^${DECORATION}VOTE${DECORATION}:(.*)$`, "i");
const REASON = new RegExp(`^${DECORATION}REASON${DECORATION}:(.*)$`, "i");

/**
 * Reads a vote from an answer in the format that the voter was told: a line `VOTE: NAME` and, behind it, `REASON: why`.
 * Anything else is no vote: guessing what somebody wanted is not counting.
 */
export function readBallot(answer: string, candidates: readonly Member[]): Ballot {
  const lines = answer.split(/\r\n?|\n/);
  const votes = lines.flatMap((line, at) => {
    const [, name] = VOTE.exec(line) ?? [];
    return name === undefined ? [] : [{ name: name.trim(), at }];
  });
  const [first] = votes;
  if (!first) return { problem: `there is no line "VOTE: NAME"` };
  const choices = votes.map(({ name }) => choiceOf(name, candidates));
  const [choice] = choices;
  if (choice === undefined) return { problem: `${JSON.stringify(first.name)} names no proposal` };
  if (choices.some((other) => other !== choice)) return { problem: "its VOTE lines name different proposals" };
  const reason = reasonOf(lines.slice((votes.at(-1) ?? first).at + 1));
  if (reason === "") return { problem: `there is no line "REASON: why" behind the vote` };
  return { choice, reason };
}

/** Undefined where the name is none of these. */
function choiceOf(written: string, candidates: readonly Member[]): Member | null | undefined {
  const bare = written.replace(/^[\s*_`"']+|[\s*_`"'.]+$/g, "");
  const exact = candidates.find(({ name }) => name === written || name === bare);
  if (exact) return exact;
  if (bare.toUpperCase() === ABSTAIN) return null;
  const alike = candidates.filter(({ name }) => name.toLowerCase() === bare.toLowerCase());
  return alike.length === 1 ? alike[0] : undefined;
}

/** It may take more than one line. */
function reasonOf(lines: readonly string[]): string {
  const at = lines.findIndex((line) => REASON.test(line));
  if (at < 0) return "";
  const [, first = ""] = REASON.exec(lines[at] ?? "") ?? [];
  return [first, ...lines.slice(at + 1)]
    .join("\n")
    .replace(/^[\s*_`]+/, "")
    .trim();
}
