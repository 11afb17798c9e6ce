import { AppError } from "../../core/errors.ts";
import type { Decision, Question, QuestionAnswer } from "../../core/request.ts";
import { isObject, stringOf } from "../transcript/json-fields.ts";

/** The questions in the input of AskUserQuestion; none where it is not understood. */
export function questionsOf(input: unknown): Question[] {
  if (!isObject(input) || !Array.isArray(input.questions)) return [];
  return input.questions.filter(isObject).map((question) => ({
    question: stringOf(question.question) ?? "",
    header: stringOf(question.header),
    multiSelect: question.multiSelect === true,
    options: (Array.isArray(question.options) ? question.options : []).filter(isObject).map((option) => ({
      label: stringOf(option.label) ?? "",
      description: stringOf(option.description),
    })),
  }));
}

/**
 * One answer for each question, each with something in it, and no more of it than the question takes.
 * @throws REQUEST_ANSWER_INVALID
 */
export function checkAnswers(
  questions: readonly Question[],
  decision: Extract<Decision, { kind: "choose" }>,
): readonly { question: Question; answer: QuestionAnswer }[] {
  const { answers } = decision;
  if (answers.length !== questions.length) {
    throw invalid(`${plural(questions.length, "question is", "questions are")} asked, ${answers.length} answered`);
  }
  return questions.map((question, index) => {
    const answer = answers[index] ?? { choices: [], text: null };
    const unknown = answer.choices.find((choice) => question.options[choice] === undefined);
    if (unknown !== undefined) {
      throw invalid(`"${question.question}" has ${question.options.length} options, not ${unknown + 1}`);
    }
    const text = answer.text?.trim() ?? "";
    const parts = new Set(answer.choices).size + (text === "" ? 0 : 1);
    if (parts === 0) throw invalid(`"${question.question}" is not answered`);
    if (parts > 1 && !question.multiSelect) throw invalid(`"${question.question}" takes one answer only`);
    return {
      question,
      answer: { choices: [...new Set(answer.choices)].toSorted((a, b) => a - b), text: text === "" ? null : text },
    };
  });
}

/** As Claude Code itself writes an answer down: labels and own text, joined by commas. */
export function answerText(question: Question, answer: QuestionAnswer): string {
  const labels = answer.choices.map((choice) => question.options[choice]?.label ?? "");
  return [...labels, ...(answer.text === null ? [] : [answer.text])].join(", ");
}

export function invalid(message: string, hint?: string): AppError {
  return new AppError("REQUEST_ANSWER_INVALID", message, hint === undefined ? {} : { hint });
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
