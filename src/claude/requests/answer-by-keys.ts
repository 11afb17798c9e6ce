import { AppError } from "../../core/errors.ts";
import type { AgentRequest, Decision, Question, QuestionAnswer } from "../../core/request.ts";
import type { Dialog } from "../screens/dialog.ts";
import { keyChoice, typeable } from "./key-choice.ts";
import { type KeyDesk, notShown } from "./key-desk.ts";
import { checkAnswers, invalid } from "./questions.ts";

/**
 * Answers the dialog on the screen, reading it before and after each key. Enter and Escape are pressed at most once a
 * look.
 * @throws REQUEST_NOT_SHOWN, REQUEST_ANSWER_INVALID; ANSWER_UNPROVED when the last key shows no effect
 */
export async function answerByKeys(request: AgentRequest, decision: Decision, desk: KeyDesk): Promise<void> {
  const dialog = await desk.settled();
  if (request.kind === "question" && request.questions && decision.kind !== "deny") {
    if (decision.kind === "allow") throw invalid("A question is answered by choosing, or refused");
    const answers = checkAnswers(request.questions, decision);
    for (const { answer } of answers) typeable(answer.text ?? "");
    await answerPages(request.questions, answers, desk);
    return;
  }
  const choice = keyChoice(request, decision, dialog);
  if (choice.kind === "reason") {
    await refuseWithReason(choice.index, choice.text, desk);
    return;
  }
  if (choice.kind === "key") proved(await desk.press(choice.key));
  else proved(await desk.press("Enter", choice.index));
}

/** Tab on "No" opens a text field in it (seen in 2.1.197 and 2.1.330); where it does not, nothing is submitted. */
async function refuseWithReason(index: number, text: string, desk: KeyDesk): Promise<void> {
  await desk.press("Tab", index);
  if (!/^No, and tell Claude\b/.test((await desk.look()).options[index] ?? "")) {
    throw invalid("This dialog takes no reason", "Refuse it without a reason, and send the agent a message.");
  }
  await desk.type(text, ({ options }) => isStartOf(options[index]?.replace(/^No, /, ""), text));
  proved(await desk.press("Enter", index));
}

type Answers = readonly { question: Question; answer: QuestionAnswer }[];

async function answerPages(questions: readonly Question[], answers: Answers, desk: KeyDesk): Promise<void> {
  const hasReview = questions.length > 1 || questions.some(({ multiSelect }) => multiSelect);
  for (const { question, answer } of answers) {
    if (!(await desk.waitFor((dialog) => isPageOf(dialog, question)))) {
      throw notShown(`The screen does not show the question "${question.question}"`);
    }
    if (question.multiSelect) await answerMany(question, answer, desk);
    else await answerOne(question, answer, desk);
  }
  if (!hasReview) return;
  if (!(await desk.waitFor(isReview))) throw notShown("The screen does not ask to submit the answers");
  proved(await desk.press("Enter", 0));
}

async function answerOne(question: Question, answer: QuestionAnswer, desk: KeyDesk): Promise<void> {
  const [choice] = answer.choices;
  if (choice !== undefined) {
    proved(await desk.press("Enter", choice));
    return;
  }
  const index = await typeOwn(question, answer.text ?? "", desk);
  proved(await desk.press("Enter", index));
}

/** Check boxes are brought to what was chosen, whatever a person had checked before. */
async function answerMany(question: Question, answer: QuestionAnswer, desk: KeyDesk): Promise<void> {
  for (const [index] of question.options.entries()) {
    const isWanted = answer.choices.includes(index);
    const { checked } = await desk.look();
    if (checked?.[index] === isWanted) continue;
    if (!(await desk.press("Enter", index))) throw notShown("The check box does not follow the keys");
  }
  if (answer.text !== null) await typeOwn(question, answer.text, desk);
  // In the text field Right would only move its cursor.
  await desk.moveTo(0);
  proved(await desk.press("Right"));
}

/** The option behind the last one is a text field; typing into it also checks its box. */
async function typeOwn(question: Question, text: string, desk: KeyDesk): Promise<number> {
  const index = question.options.length;
  if (!/^Type something\.?$/.test((await desk.look()).options[index] ?? "")) {
    throw notShown("The dialog shows no empty field for a text of one's own");
  }
  await desk.moveTo(index);
  const line = typeable(text);
  await desk.type(line, ({ options, checked }) => isStartOf(options[index], line) && checked?.[index] !== false);
  return index;
}

function isPageOf(dialog: Dialog, { question, options }: Question): boolean {
  const isTitle = squeezed(dialog.title).includes(squeezed(question).slice(0, 40));
  return isTitle || options.every(({ label }, index) => isStartOf(dialog.options[index], label));
}

function isReview(dialog: Dialog): boolean {
  return /^Submit answers\b/.test(dialog.options[0] ?? "");
}

/** A long label is broken into lines, of which the dialog knows the first. */
function isStartOf(shown: string | undefined, text: string): boolean {
  const start = squeezed(shown ?? "");
  return start !== "" && squeezed(text).startsWith(start);
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, "");
}

function proved(hasEffect: boolean): void {
  if (hasEffect) return;
  throw new AppError("ANSWER_UNPROVED", "The key that answers was pressed once and shows no effect");
}
