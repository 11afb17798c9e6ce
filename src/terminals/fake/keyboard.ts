import type { Key } from "../../core/ports/terminal-backend.ts";
import { rest } from "./background.ts";
import { confirm, type DialogOutcome, modeAfterPlan, move, turnPage, typeIntoDialog } from "./dialog.ts";
import { parseScript } from "./directives.ts";
import { clear, end } from "./life.ts";
import { type Moment, say, setStatus } from "./moment.ts";
import { pressAtStart } from "./start.ts";
import type { Dialog, Turn } from "./state.ts";
import { finishTool, rejectTool } from "./tool.ts";
import { endTurn, interrupt, submit, takeQueue } from "./turn.ts";

/** Text into the dialog that is open, else into the input box at its cursor. */
export function type(moment: Moment, text: string): void {
  const { state } = moment;
  delete state.armed;
  if (state.start || state.panel !== undefined) return;
  if (state.turn?.dialog) {
    settle(moment, state.turn, typeIntoDialog(state.turn.dialog, text));
    return;
  }
  const { box } = state;
  box.text = box.text.slice(0, box.cursor) + text + box.text.slice(box.cursor);
  box.cursor += text.length;
}

export function press(moment: Moment, key: Key): void {
  const { state } = moment;
  const wasArmed = state.armed;
  delete state.armed;
  if (state.start) {
    pressAtStart(moment, state.start, key);
    return;
  }
  if (state.panel !== undefined) {
    if (key === "Escape" || key === "C-c") closePanel(moment);
    return;
  }
  if (state.turn?.dialog) {
    pressInDialog(moment, state.turn, state.turn.dialog, key);
    return;
  }
  const { box } = state;
  switch (key) {
    case "Enter":
      enter(moment);
      return;
    case "Escape":
      interrupt(moment);
      return;
    case "C-c":
      if (box.text !== "") {
        empty(moment);
        return;
      }
      if (state.turn) {
        interrupt(moment);
        return;
      }
      exitOn(moment, "C-c", wasArmed);
      return;
    case "C-d":
      box.text === "" ? exitOn(moment, "C-d", wasArmed) : undefined;
      return;
    case "C-u":
      box.text = box.text.slice(0, lineStart(moment)) + box.text.slice(box.cursor);
      box.cursor = lineStart(moment);
      return;
    case "Home":
      box.cursor = lineStart(moment);
      return;
    case "End": {
      const end = box.text.indexOf("\n", box.cursor);
      box.cursor = end < 0 ? box.text.length : end;
      return;
    }
    case "Left":
      box.cursor = Math.max(0, box.cursor - 1);
      return;
    case "Right":
      box.cursor = Math.min(box.text.length, box.cursor + 1);
      return;
    case "Up":
    case "Down":
    case "Tab":
    case "C-g":
      return;
    case "C-s":
      stash(moment);
      return;
    default:
      key satisfies never;
      return;
  }
}

function pressInDialog(moment: Moment, turn: Turn, dialog: Dialog, key: Key): void {
  if (key === "Escape" || key === "C-c") settle(moment, turn, { kind: "denied" });
  else if (key === "Enter") settle(moment, turn, confirm(dialog));
  else if (key === "Up" || key === "Down") move(dialog, key === "Down" ? 1 : -1);
  else if (key === "Right" || key === "Tab") turnPage(dialog, 1);
  else if (key === "Left") turnPage(dialog, -1);
}

function settle(moment: Moment, turn: Turn, outcome: DialogOutcome): void {
  const { dialog } = turn;
  if (!dialog || outcome.kind === "open") return;
  const tool = { name: dialog.tool, input: dialog.input, toolUseId: dialog.toolUseId };
  delete turn.dialog;
  if (outcome.kind === "denied") {
    rejectTool(moment, turn, tool);
    endTurn(moment);
    return;
  }
  if (dialog.kind === "plan") moment.state.launch.permissionMode = modeAfterPlan(dialog);
  finishTool(moment, turn, { ...tool, input: outcome.input }, outcome.text);
  turn.dueAt = moment.at;
}

function enter(moment: Moment): void {
  const { state } = moment;
  const { box } = state;
  if (box.text.endsWith("\\") && box.cursor === box.text.length) {
    box.text = `${box.text.slice(0, -1)}\n`;
    return;
  }
  const text = box.text.trimEnd();
  if (text === "") return;
  const script = parseScript(text);
  if (script.swallowsEnter && !state.hasSwallowedEnter) {
    state.hasSwallowedEnter = true;
    return;
  }
  state.hasSwallowedEnter = false;
  empty(moment);
  if (script.isLost) return;
  if (/^\/[\w-]+(?:\s|$)/.test(text)) {
    command(moment, text);
    return;
  }
  unstash(moment);
  submit(moment, text);
}

/** Ctrl-S puts the draft aside, or takes it back; it also comes back with the next prompt (seen in 2.1.197 and 2.1.330). */
function stash(moment: Moment): void {
  const { state } = moment;
  if (state.box.text === "") {
    unstash(moment);
    return;
  }
  state.stash = state.box.text;
  empty(moment);
}

function unstash({ state }: Moment): void {
  if (state.stash === undefined) return;
  state.box = { text: state.stash, cursor: state.stash.length };
  delete state.stash;
}

function command(moment: Moment, text: string): void {
  const name = text.split(/\s/, 1)[0];
  if (name === "/exit") end(moment, 0, "prompt_input_exit");
  // What they do in the middle of a turn is not established: there they do nothing.
  else if (name === "/clear" && !moment.state.turn) clear(moment);
  else if (name === "/cost" && !moment.state.turn) openPanel(moment, "Cost");
  else say(moment, `❯ ${text}`, `  ⎿  Unknown command: ${name}`);
}

/** A panel of Claude Code's own: nothing is asked, but nothing can be typed either. */
function openPanel(moment: Moment, title: string): void {
  moment.state.panel = title;
  setStatus(moment, "waiting", "dialog open");
}

function closePanel(moment: Moment): void {
  delete moment.state.panel;
  rest(moment);
  takeQueue(moment);
}

function empty(moment: Moment): void {
  moment.state.box = { text: "", cursor: 0 };
}

function exitOn(moment: Moment, key: "C-c" | "C-d", armed: "C-c" | "C-d" | undefined): void {
  if (armed === key) end(moment, 0, "prompt_input_exit");
  else moment.state.armed = key;
}

function lineStart(moment: Moment): number {
  const { text, cursor } = moment.state.box;
  return cursor === 0 ? 0 : text.lastIndexOf("\n", cursor - 1) + 1;
}
