import { AppError } from "../../../core/errors.ts";
import type { AgentRequest, Decision } from "../../../core/request.ts";
import { answerFlags } from "./answer-flags.ts";
import { questionAnswers } from "./question-answers.ts";

/** What a caller gave as answer. */
export interface GivenAnswer {
  allow: boolean;
  deny: boolean;
  /** `N`, or `Q:N` for option N of question Q; both from 1. */
  choice: readonly (string | number)[];
  text?: string | undefined;
  remember: boolean;
}

/**
 * What the given answer means for this request.
 * @throws REQUEST_ANSWER_INVALID, naming what would be an answer
 */
export function decisionOf(given: GivenAnswer, request: AgentRequest): Decision {
  const invalid = (problem: string) => invalidAnswer(request, problem);
  const { allow, deny, choice, text, remember } = given;
  const hasChoice = choice.length > 0;
  if (!allow && !deny && !hasChoice && text === undefined) throw invalid("There is no answer");
  if ([allow, deny, hasChoice].filter(Boolean).length > 1) throw invalid("Give one answer: allow, deny or choice");
  if (text !== undefined && text.trim() === "") throw invalid("The text is empty");
  if (allow && text !== undefined) throw invalid("An allowed request takes no text");
  if (remember && !allow) throw invalid("Only an allowed request can be remembered");
  if (remember && !request.canRemember) throw invalid("Claude Code cannot remember this one");

  if (deny) {
    if (text !== undefined && request.kind === "dialog") throw invalid("Nobody reads a reason for refusing a dialog");
    return { kind: "deny", reason: text ?? null };
  }
  switch (request.kind) {
    case "permission":
      if (allow) return { kind: "allow", remember };
      throw invalid(
        hasChoice ? "A permission is allowed or denied, not chosen" : "A text alone is no answer to a permission",
      );
    case "plan":
      if (allow) return { kind: "allow", remember };
      if (hasChoice) throw invalid("A plan is allowed or denied, not chosen");
      return { kind: "deny", reason: text ?? null };
    case "question":
      if (allow) throw invalid("A question is answered, not allowed");
      return { kind: "choose", answers: questionAnswers(request, choice, text, invalid) };
    case "dialog":
      if (allow) return { kind: "allow", remember };
      if (text !== undefined) throw invalid("A dialog takes no text from here");
      return { kind: "choose", answers: questionAnswers(request, choice, undefined, invalid) };
  }
}

/** In one line, for people and logs. */
export function describeDecision(decision: Decision, request: Pick<AgentRequest, "questions" | "options">): string {
  switch (decision.kind) {
    case "allow":
      return decision.remember ? "allow and remember" : "allow";
    case "deny":
      return decision.reason === null ? "deny" : `deny: ${decision.reason}`;
    case "choose":
      return decision.answers
        .map(({ choices, text }, index) => {
          const labels = request.questions?.[index]?.options.map(({ label }) => label) ?? request.options ?? [];
          return [
            ...choices.map((choice) => labels[choice] ?? `option ${choice + 1}`),
            ...(text === null ? [] : [text]),
          ];
        })
        .map((parts) => parts.join(", "))
        .join("; ");
  }
}

function invalidAnswer(request: AgentRequest, problem: string): AppError {
  const { requestId, kind, summary, options, questions } = request;
  return new AppError("REQUEST_ANSWER_INVALID", `${problem}; asked is the ${kind} ${JSON.stringify(summary)}`, {
    hint: `Answer with ${answerFlags(request).join(", or ")}.`,
    details: { requestId, kind, ...(options ? { options } : {}), ...(questions ? { questions } : {}) },
  });
}
