import { fire, type Moment, ofTurn, setStatus } from "./moment.ts";
import { moveOn, questionPage, type Settled, toggleOrTake, typeOwn } from "./question-dialog.ts";
import type { Dialog, DialogItem, Turn } from "./state.ts";
import type { ToolUse } from "./tool.ts";

/** Opens a dialog about the use of a tool: PermissionRequest, status `waiting` (claude-code-facts §3.4, §6.1). */
export function ask(moment: Moment, turn: Turn, kind: Dialog["kind"], tool: ToolUse): void {
  const base = {
    kind,
    tool: tool.name,
    input: tool.input,
    toolUseId: tool.toolUseId,
    selected: 0,
    page: 0,
    answers: {},
  };
  turn.dialog = { ...base, ...firstPage(kind, tool) };
  const suggestions = kind === "permission" ? { permission_suggestions: [] } : {};
  fire(moment, "PermissionRequest", {
    ...ofTurn(moment),
    tool_name: tool.name,
    tool_input: tool.input,
    ...suggestions,
  });
  setStatus(moment, "waiting", kind === "question" ? "input needed" : "permission prompt");
}

export type DialogOutcome = { kind: "open" } | { kind: "denied" } | Settled;

const OPEN: DialogOutcome = { kind: "open" };

/** Enter: the item that the mark stands on. */
export function confirm(dialog: Dialog): DialogOutcome {
  return dialog.kind === "question" ? toggleOrTake(dialog) : choose(dialog, dialog.selected);
}

export function move(dialog: Dialog, by: 1 | -1): void {
  const count = dialog.items.length;
  dialog.selected = (dialog.selected + by + count) % count;
}

/** Right, Left and Tab lead from page to page, where there are several. */
export function turnPage(dialog: Dialog, by: 1 | -1): void {
  if (dialog.kind === "question") moveOn(dialog, by);
}

/** A digit chooses; other text goes nowhere unless the mark stands on the field for a text of one's own. */
export function typeIntoDialog(dialog: Dialog, text: string): DialogOutcome {
  if (dialog.items[dialog.selected]?.kind === "own") {
    typeOwn(dialog, text);
    return OPEN;
  }
  const index = /^[1-9]$/.test(text) ? numbered(dialog)[Number(text) - 1] : undefined;
  if (index === undefined) return OPEN;
  dialog.selected = index;
  // The digit of the text field only brings the mark there.
  return dialog.items[index]?.kind === "own" ? OPEN : confirm(dialog);
}

/** Indices of the items that a digit chooses: all but the button. */
export function numbered(dialog: Pick<Dialog, "items">): number[] {
  return dialog.items.flatMap(({ kind }, index) => (kind === "next" ? [] : [index]));
}

/** What is said of an approved plan's further permissions. */
export function modeAfterPlan(dialog: Dialog): string {
  const item = dialog.items[dialog.selected];
  return item?.kind === "option" && item.label === AUTO_ACCEPT ? "acceptEdits" : "default";
}

function choose(dialog: Dialog, index: number): DialogOutcome {
  if (dialog.items[index] === undefined) return OPEN;
  return index === dialog.items.length - 1 ? { kind: "denied" } : { kind: "allowed", input: dialog.input };
}

const AUTO_ACCEPT = "Yes, and auto-accept edits";

function firstPage(kind: Dialog["kind"], tool: ToolUse): Pick<Dialog, "question" | "items"> {
  switch (kind) {
    case "question":
      return questionPage(tool.input, 0);
    case "plan": {
      // The short form is that of a plan mode without a plan (claude-code-facts §7).
      const isShort = typeof tool.input.plan !== "string" || tool.input.plan === "";
      const labels = isShort ? ["Yes", "No"] : [AUTO_ACCEPT, "Yes, and manually approve edits", "No, keep planning"];
      const question = isShort ? "Exit plan mode?" : "Would you like to proceed?";
      return { question, items: labels.map(option) };
    }
    case "permission": {
      const file = typeof tool.input.file_path === "string" ? tool.input.file_path.split("/").at(-1) : undefined;
      const question = tool.name === "Write" && file ? `Do you want to create ${file}?` : "Do you want to proceed?";
      const labels = ["Yes", `Yes, and don't ask again for ${tool.name} in this session`, "No"];
      return { question, items: labels.map(option) };
    }
  }
}

function option(label: string): DialogItem {
  return { kind: "option", label };
}
