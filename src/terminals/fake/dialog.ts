import { fire, type Moment, ofTurn, setStatus } from "./moment.ts";
import type { Dialog, Turn } from "./state.ts";
import type { ToolUse } from "./tool.ts";

/** Opens a permission or question dialog: PermissionRequest, status `waiting` (claude-code-facts §3.4, §6.1). */
export function ask(moment: Moment, turn: Turn, kind: Dialog["kind"], tool: ToolUse): void {
  turn.dialog = {
    kind,
    tool: tool.name,
    input: tool.input,
    toolUseId: tool.toolUseId,
    selected: 0,
    answers: {},
    ...(kind === "permission" ? permission(tool) : questionAt(tool.input, 0)),
  };
  const suggestions = kind === "permission" ? { permission_suggestions: [] } : {};
  fire(moment, "PermissionRequest", {
    ...ofTurn(moment),
    tool_name: tool.name,
    tool_input: tool.input,
    ...suggestions,
  });
  setStatus(moment, "waiting", kind === "permission" ? "permission prompt" : "input needed");
}

export type DialogOutcome =
  | { kind: "open" }
  | { kind: "denied" }
  | { kind: "allowed"; input: Record<string, unknown>; text?: string };

/** Chooses an option by its index, as its digit or Enter does. */
export function choose(dialog: Dialog, index: number): DialogOutcome {
  const option = dialog.options[index];
  if (option === undefined) return { kind: "open" };
  dialog.selected = index;
  if (dialog.kind === "permission") {
    return index === dialog.options.length - 1 ? { kind: "denied" } : { kind: "allowed", input: dialog.input };
  }
  if (option === TYPE_SOMETHING) {
    dialog.own ??= "";
    return { kind: "open" };
  }
  return option === CHAT ? { kind: "denied" } : answer(dialog, option);
}

/** Enter: the option under the cursor, or the text that was typed instead. */
export function confirm(dialog: Dialog): DialogOutcome {
  if (dialog.own === undefined) return choose(dialog, dialog.selected);
  const text = dialog.own.trim();
  return text === "" ? { kind: "open" } : answer(dialog, text);
}

export function move(dialog: Dialog, by: 1 | -1): void {
  const count = dialog.options.length;
  dialog.selected = (dialog.selected + by + count) % count;
  delete dialog.own;
}

/** A digit chooses; other text goes nowhere unless "Type something." is open. */
export function typeIntoDialog(dialog: Dialog, text: string): DialogOutcome {
  if (dialog.own !== undefined) {
    dialog.own += text;
    return { kind: "open" };
  }
  return /^[1-9]$/.test(text) ? choose(dialog, Number(text) - 1) : { kind: "open" };
}

const TYPE_SOMETHING = "Type something.";
const CHAT = "Chat about this";

function permission(tool: ToolUse): Pick<Dialog, "question" | "options"> {
  const file = typeof tool.input.file_path === "string" ? tool.input.file_path.split("/").at(-1) : undefined;
  const question = tool.name === "Write" && file ? `Do you want to create ${file}?` : "Do you want to proceed?";
  return { question, options: ["Yes", `Yes, and don't ask again for ${tool.name} in this session`, "No"] };
}

function answer(dialog: Dialog, text: string): DialogOutcome {
  dialog.answers[dialog.question] = text;
  const next = questionAt(dialog.input, Object.keys(dialog.answers).length);
  if (next.question !== "") {
    Object.assign(dialog, next, { selected: 0 });
    delete dialog.own;
    return { kind: "open" };
  }
  const answered = Object.entries(dialog.answers).map(([question, given]) => `"${question}"="${given}"`);
  return {
    kind: "allowed",
    input: { ...dialog.input, answers: dialog.answers },
    text: `User has answered your questions: ${answered.join(", ")}. You can now continue with the user's answers in mind.`,
  };
}

/** The question at this place of AskUserQuestion's input; an empty one behind the last. */
function questionAt(input: Record<string, unknown>, index: number): Pick<Dialog, "question" | "options"> {
  const questions = Array.isArray(input.questions) ? (input.questions as Record<string, unknown>[]) : [];
  const found = questions[index];
  const options = Array.isArray(found?.options) ? (found.options as { label?: unknown }[]) : [];
  return {
    question: typeof found?.question === "string" ? found.question : "",
    options: [...options.map((option) => String(option.label)), TYPE_SOMETHING, CHAT],
  };
}
