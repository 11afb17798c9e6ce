import type { Dialog, DialogItem } from "./state.ts";

export interface Question {
  question: string;
  header: string;
  options: string[];
  isMulti: boolean;
}

/** The dialog is over: the tool goes on with this input, and its result is this text. */
export interface Settled {
  kind: "allowed";
  input: Record<string, unknown>;
  text?: string;
}

type Outcome = { kind: "open" } | { kind: "denied" } | Settled;

const OPEN: Outcome = { kind: "open" };

/** The questions in AskUserQuestion's input. */
export function questionsOf(input: Record<string, unknown>): Question[] {
  const questions = Array.isArray(input.questions) ? (input.questions as Record<string, unknown>[]) : [];
  return questions.map((one) => ({
    question: typeof one.question === "string" ? one.question : "",
    header: typeof one.header === "string" ? one.header : "Question",
    options: Array.isArray(one.options) ? (one.options as { label?: unknown }[]).map(({ label }) => String(label)) : [],
    isMulti: one.multiSelect === true,
  }));
}

/** Several questions, or several answers to one, are looked over before they are submitted. */
export function hasReview(input: Record<string, unknown>): boolean {
  const questions = questionsOf(input);
  return questions.length > 1 || questions.some(({ isMulti }) => isMulti);
}

/** What the page shows; behind the last question it is the review. */
export function questionPage(input: Record<string, unknown>, page: number): Pick<Dialog, "question" | "items"> {
  const questions = questionsOf(input);
  const shown = questions[page];
  if (!shown) {
    const labels = page > 0 ? ["Submit answers", "Cancel"] : [];
    return { question: "Review your answers", items: labels.map((label) => ({ kind: "option", label })) };
  }
  const next: DialogItem[] = shown.isMulti
    ? [{ kind: "next", label: page === questions.length - 1 ? "Submit" : "Next" }]
    : [];
  const options = shown.options.map((label): DialogItem => ({ kind: "option", label }));
  return { question: shown.question, items: [...options, { kind: "own" }, ...next, { kind: "chat" }] };
}

/** Enter: checks or takes the option under the mark, leads on, or submits. */
export function toggleOrTake(dialog: Dialog): Outcome {
  const shown = questionsOf(dialog.input)[dialog.page];
  const item = dialog.items[dialog.selected];
  if (!item) return OPEN;
  if (!shown) return dialog.selected === 0 ? submitted(dialog) : { kind: "denied" };
  switch (item.kind) {
    case "chat":
      return { kind: "denied" };
    case "next":
      return goOn(dialog);
    case "own":
      if (shown.isMulti || (dialog.answers[shown.question]?.own ?? "").trim() === "") return OPEN;
      dialog.answers[shown.question] = { labels: [], own: dialog.answers[shown.question]?.own ?? "" };
      return goOn(dialog);
    case "option": {
      if (!shown.isMulti) {
        dialog.answers[shown.question] = { labels: [item.label] };
        return goOn(dialog);
      }
      const answer = answerAs(dialog);
      const labels = shown.options.filter((label) => answer.labels.includes(label) !== (label === item.label));
      dialog.answers[shown.question] = { ...answer, labels };
      return OPEN;
    }
  }
}

/** To the next or previous page, as Right and Left do; not out of the text field, where they move its cursor. */
export function moveOn(dialog: Dialog, by: 1 | -1): void {
  const last = questionsOf(dialog.input).length;
  const page = dialog.page + by;
  if (!hasReview(dialog.input) || page < 0 || page > last) return;
  if (dialog.items[dialog.selected]?.kind === "own" && (answerAs(dialog).own ?? "") !== "") return;
  show(dialog, page);
}

/** Typing into the field also checks its box. */
export function typeOwn(dialog: Dialog, text: string): void {
  const shown = questionsOf(dialog.input)[dialog.page];
  if (!shown) return;
  const answer = answerAs(dialog);
  dialog.answers[shown.question] = { ...answer, own: (answer.own ?? "") + text };
}

/** The answer so far to the question that is shown. */
export function answerAs(dialog: Dialog): { labels: string[]; own?: string } {
  const shown = questionsOf(dialog.input)[dialog.page];
  return dialog.answers[shown?.question ?? ""] ?? { labels: [] };
}

/** As Claude Code writes it down: labels and own text, joined by commas; empty when there is none. */
export function answerLine({ labels, own }: { labels: string[]; own?: string }): string {
  return [...labels, ...(own !== undefined && own.trim() !== "" ? [own.trim()] : [])].join(", ");
}

function goOn(dialog: Dialog): Outcome {
  if (!hasReview(dialog.input)) return submitted(dialog);
  show(dialog, dialog.page + 1);
  return OPEN;
}

function show(dialog: Dialog, page: number): void {
  Object.assign(dialog, questionPage(dialog.input, page), { page, selected: 0 });
}

function submitted(dialog: Dialog): Settled {
  const lines = questionsOf(dialog.input).flatMap(({ question }) => {
    const line = answerLine(dialog.answers[question] ?? { labels: [] });
    return line === "" ? [] : [[question, line] as const];
  });
  const told = lines.map(([question, line]) => `"${question}"="${line}"`).join(", ");
  return {
    kind: "allowed",
    input: { ...dialog.input, answers: Object.fromEntries(lines) },
    text: `User has answered your questions: ${told}. You can now continue with the user's answers in mind.`,
  };
}
