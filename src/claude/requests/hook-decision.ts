import type { AgentRequest, Decision } from "../../core/request.ts";
import { isObject } from "../transcript/json-fields.ts";
import { answerText, checkAnswers, invalid, questionsOf } from "./questions.ts";
import { remembered } from "./remembered.ts";

export interface VerdictContext {
  /** What would make Claude Code not ask again, in its own words. */
  suggestions: readonly unknown[];
  claudeVersion: string;
}

/**
 * What the PermissionRequest hook prints for a decision (claude-code-facts §3.4).
 * @throws REQUEST_ANSWER_INVALID when the decision does not fit what is asked
 */
export function hookOutput(request: AgentRequest, decision: Decision, about: VerdictContext): string {
  return JSON.stringify({
    hookSpecificOutput: {
      hookEventName: "PermissionRequest",
      decision: verdictOn(request, decision, about),
    },
  });
}

/**
 * A decision in Claude Code's words, alike for the hook and for the control protocol.
 * @throws REQUEST_ANSWER_INVALID when the decision does not fit what is asked
 */
export function verdictOn(request: AgentRequest, decision: Decision, about: VerdictContext): Record<string, unknown> {
  return decision.kind === "deny"
    ? { behavior: "deny", message: decision.reason ?? REFUSED }
    : { behavior: "allow", ...allowance(request, decision, about) };
}

/** Said to the model where no reason is given. */
const REFUSED = "The person who runs this session refused it.";

function allowance(
  request: AgentRequest,
  decision: Exclude<Decision, { kind: "deny" }>,
  { suggestions, claudeVersion }: VerdictContext,
): Record<string, unknown> {
  const input = isObject(request.input) ? request.input : {};
  if (request.kind === "question") {
    if (decision.kind === "allow") throw invalid("A question is answered by choosing, or refused");
    const given = checkAnswers(questionsOf(input), decision);
    const answers = given.map(({ question, answer }) => [question.question, answerText(question, answer)] as const);
    return { updatedInput: { ...input, answers: Object.fromEntries(answers) } };
  }
  if (decision.kind === "choose") throw invalid(`A ${request.kind} is allowed or refused, there is nothing to choose`);
  if (request.kind === "plan") {
    if (decision.remember) throw invalid("The approval of a plan cannot be remembered");
    // 2.1.329 and later ignore a bare allow for a plan: the dialog stays (claude-code-facts §3.4). 2.1.197 takes any
    // updated input for a plan that a person edited, and tells the model so.
    return claudeVersion === "2.1.197" ? {} : { updatedInput: input };
  }
  if (!decision.remember) return {};
  if (suggestions.length === 0) throw invalid("Claude Code offers nothing to remember for this use");
  return { updatedPermissions: remembered(suggestions) };
}
