import type { AgentRequest, Decision } from "../../core/request.ts";
import type { Dialog } from "../screens/dialog.ts";
import type { DialogKind } from "../screens/texts.ts";
import { rememberIndex } from "./describe.ts";
import { invalid } from "./questions.ts";

/** What answers a dialog of one page: an option, a key alone, or an option with words to it. */
export type KeyChoice =
  | { kind: "option"; index: number }
  | { kind: "key"; key: "Enter" | "Escape" }
  | { kind: "reason"; index: number; text: string };

/**
 * The option or key that says what was decided, on this dialog.
 * @throws REQUEST_ANSWER_INVALID when the dialog offers no such answer
 */
export function keyChoice(request: AgentRequest, decision: Decision, dialog: Dialog): KeyChoice {
  switch (decision.kind) {
    case "choose":
      return chosen(decision, dialog);
    case "deny":
      return refusal(request, decision.reason, dialog);
    case "allow":
      return consent(request, decision.remember, dialog);
  }
}

function chosen(decision: Extract<Decision, { kind: "choose" }>, dialog: Dialog): KeyChoice {
  const [answer, ...others] = decision.answers;
  const [index, second] = answer?.choices ?? [];
  if (!answer || others.length > 0 || index === undefined || second !== undefined || answer.text !== null) {
    throw invalid("A dialog takes exactly one of its options");
  }
  if (dialog.options[index] === undefined) {
    throw invalid(`The dialog has ${dialog.options.length} options, not ${index + 1}`);
  }
  return { kind: "option", index };
}

/** Saying no by an option, where Escape would do something else, or nothing. */
const REFUSING: Partial<Record<DialogKind, RegExp>> = {
  trust: /^No\b/,
  "api-key": /^No\b/,
  bypass: /^No\b/,
  imports: /^No\b/,
  "mcp-server": /^Continue without\b/,
  settings: /^Exit\b/,
};

function refusal(request: AgentRequest, reason: string | null, dialog: Dialog): KeyChoice {
  if (reason !== null && reason.trim() !== "") {
    const index = dialog.options.findIndex((label) => /^No\b/.test(label));
    if (request.kind !== "permission" || index < 0) {
      throw invalid("This dialog takes no reason", "Refuse it without a reason, and send the agent a message.");
    }
    return { kind: "reason", index, text: typeable(reason) };
  }
  const refusing = REFUSING[dialog.kind];
  if (refusing === undefined) {
    if (dialog.options.length === 0 && dialog.kind !== "panel") throw invalid("This dialog can only be acknowledged");
    return { kind: "key", key: "Escape" };
  }
  const index = dialog.options.findIndex((label) => refusing.test(label));
  if (index < 0) throw invalid("The dialog shows no option that refuses");
  return { kind: "option", index };
}

/** What says yes in dialogs that have such an answer; in the others one has to choose. */
const CONSENTING: Partial<Record<DialogKind, RegExp>> = {
  trust: /^Yes\b/,
  "api-key": /^Yes\b/,
  bypass: /^Yes\b/,
  imports: /^Yes\b/,
  "mcp-server": /^Use this(?: and all future)? MCP server|^Use\b/,
  settings: /^Continue\b/,
  permission: /^Yes$/,
};

function consent(request: AgentRequest, remember: boolean, dialog: Dialog): KeyChoice {
  if (remember) {
    const index = request.kind === "permission" ? rememberIndex(dialog) : -1;
    if (index < 0) throw invalid("The dialog offers nothing to remember");
    return { kind: "option", index };
  }
  if (dialog.options.length === 0) return { kind: "key", key: "Enter" };
  const index = dialog.kind === "plan" ? planConsent(dialog) : indexOf(dialog, CONSENTING[dialog.kind]);
  if (index < 0) {
    throw invalid("This dialog has no plain yes", "Choose one of its options.");
  }
  return { kind: "option", index };
}

/** The yes that leaves most to be asked: by hand where it is offered, never a mode that asks for nothing. */
function planConsent(dialog: Dialog): number {
  const byHand = dialog.options.findIndex((label) => /^Yes\b.*(?:manually approve|ask each time)/.test(label));
  return byHand >= 0 ? byHand : dialog.options.findIndex((label) => /^Yes$/.test(label));
}

function indexOf(dialog: Dialog, pattern: RegExp | undefined): number {
  return pattern === undefined ? -1 : dialog.options.findIndex((label) => pattern.test(label));
}

/** A longer burst would collapse into a placeholder (claude-code-facts §5). */
const MAX_TYPED = 700;

/** A text as one line that a dialog's text field takes. */
export function typeable(text: string): string {
  const line = text
    .normalize("NFC")
    .replace(/\p{Cc}+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  if (line.length > MAX_TYPED) {
    throw invalid(`A dialog takes at most ${MAX_TYPED} characters`, "Shorten it, or send it as a message afterwards.");
  }
  return line;
}
