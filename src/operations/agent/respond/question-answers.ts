import type { AppError } from "../../../core/errors.ts";
import type { AgentRequest, QuestionAnswer } from "../../../core/request.ts";

interface Asked {
  name: string;
  isMulti: boolean;
  labels: readonly string[];
}

/**
 * The answer to each question, in order: the options chosen, and the text for what has no choice. To one question with
 * several choices the text may be added.
 */
export function questionAnswers(
  request: AgentRequest,
  choice: readonly (string | number)[],
  text: string | undefined,
  invalid: (problem: string) => AppError,
): QuestionAnswer[] {
  const questions = questionsOf(request);
  const chosen: number[][] = questions.map(() => []);
  for (const { question, option } of choice.flatMap((given) => parse(given, questions, invalid))) {
    const options = chosen[question];
    if (options && !options.includes(option)) options.push(option);
  }
  const isTextNeeded = chosen.some((options) => options.length === 0);
  const isTextAdded = text !== undefined && !isTextNeeded;
  if (isTextAdded && !(questions.length === 1 && questions[0]?.isMulti))
    throw invalid("No question is left for the text");
  return questions.map(({ name, isMulti }, index) => {
    const choices = (chosen[index] ?? []).toSorted((a, b) => a - b);
    if (choices.length > 1 && !isMulti) throw invalid(`${name} takes one choice`);
    if (choices.length > 0) return { choices, text: isTextAdded ? text : null };
    if (text === undefined) throw invalid(`${name} has no answer`);
    return { choices: [], text };
  });
}

function questionsOf({ questions, options, summary }: AgentRequest): Asked[] {
  if (!questions?.length) return [{ name: JSON.stringify(summary), isMulti: false, labels: options ?? [] }];
  return questions.map((question, index) => ({
    name: questions.length === 1 ? "The question" : `Question ${index + 1}`,
    isMulti: question.multiSelect,
    labels: question.options.map(({ label }) => label),
  }));
}

/** `2`, `1:2`, `1,3`, `1:1,3`. */
const CHOICE = /^(?:(\d{1,3}):)?(\d{1,3}(?:,\d{1,3})*)$/;

function parse(given: string | number, questions: readonly Asked[], invalid: (problem: string) => AppError) {
  const match = CHOICE.exec(String(given).trim());
  if (!match) throw invalid(`${JSON.stringify(given)} is no choice: write N, or Q:N for option N of question Q`);
  if (match[1] === undefined && questions.length > 1) {
    throw invalid(`There are ${questions.length} questions: write Q:N for option N of question Q`);
  }
  const question = Number(match[1] ?? 1) - 1;
  const asked = questions[question];
  if (!asked) throw invalid(`There is no question ${match[1]}`);
  return (match[2] ?? "").split(",").map((text) => {
    const option = Number(text) - 1;
    if (option < 0 || option >= asked.labels.length) {
      const labels = asked.labels.map((label, index) => `${index + 1} ${label}`);
      throw invalid(`${asked.name} has no option ${text}: ${labels.join(", ") || "there are none to choose from"}`);
    }
    return { question, option };
  });
}
