import type { Screen } from "../../core/ports/terminal-backend.ts";
import { answerAs, answerLine, hasReview, questionsOf } from "./question-dialog.ts";
import { TRUST_OPTIONS } from "./start.ts";
import type { Dialog, DialogItem, FakeState, Start } from "./state.ts";

const COLUMNS = 100;
const LINES = 40;
const RULE = "─".repeat(COLUMNS);

/** What 2.1.329 would show (claude-code-facts §6.3): the log, then the input box or the dialog that replaces it. */
export function renderScreen(state: FakeState, options: { history?: number } = {}): Screen {
  if (state.start) return startScreen(state, state.start);
  const bottom = bottomLines(state);
  const all = [...banner(state), ...state.log.flatMap(wrapped)];
  const room = Math.max(0, LINES - bottom.length) + Math.max(0, Math.trunc(options.history ?? 0));
  const shown = all.slice(-room || all.length);
  const filler = Array<string>(Math.max(0, LINES - bottom.length - shown.length)).fill("");
  const lines = [...shown, ...filler, ...bottom].map((line) => line.trimEnd());
  return { lines, title: `${state.status === "busy" ? "◐" : "✳"} ${state.launch.name}` };
}

function banner({ launch }: FakeState): string[] {
  return [
    "",
    ` ▐▛███▛█   Claude Code v${launch.claudeVersion}`,
    `▝▜██████▀  ${launch.model} · scripted agent`,
    ` ▝▝   ▝▝   ${launch.cwd}`,
    "",
  ];
}

function bottomLines(state: FakeState): string[] {
  if (state.process.kind !== "running") return [];
  const name = `${"─".repeat(Math.max(0, COLUMNS - state.launch.name.length - 3))} ${state.launch.name} ─`;
  if (state.panel !== undefined)
    return [RULE, `  ${state.panel}`, "", "  Nothing to tell", "", "  Esc to cancel", name];
  if (state.turn?.dialog) return [...dialogLines(state.turn.dialog), name];
  const spinner = state.turn ? ["✶ Working… (esc to interrupt)", ""] : [];
  const queued = state.queue.flatMap(({ text }) => wrapped(`❯ ${text}`));
  return [...spinner, ...queued, name, ...boxLines(state), RULE, footer(state)];
}

function boxLines({ box }: FakeState): string[] {
  return box.text.split("\n").flatMap((line, index) => wrapped(`${index === 0 ? "❯ " : "  "}${line}`));
}

function footer(state: FakeState): string {
  if (state.armed) return `  Press ${state.armed === "C-c" ? "Ctrl-C" : "Ctrl-D"} again to exit`;
  return state.turn ? "  ⏸ manual mode on · esc to interrupt" : "  ⏸ manual mode on · ? for shortcuts";
}

/** Blank until there is something to ask. */
function startScreen(state: FakeState, { trust }: Start): Screen {
  const options = TRUST_OPTIONS.map((option, index) => ` ${index === trust?.selected ? "❯" : " "} ${option}`);
  const shown = trust?.isShown
    ? [
        "",
        RULE,
        " Accessing workspace:",
        "",
        ` ${state.launch.cwd}`,
        "",
        ...options,
        "",
        " Enter to confirm · Esc to cancel",
      ]
    : [];
  return { lines: [...shown, ...Array<string>(LINES - shown.length).fill("")], title: "" };
}

function dialogLines(dialog: Dialog): string[] {
  const items = dialog.items.map((item, index) => itemLine(dialog, item, index));
  switch (dialog.kind) {
    case "question":
      return [RULE, ...questionLines(dialog, items)];
    case "plan": {
      const plan = typeof dialog.input.plan === "string" ? dialog.input.plan.split("\n").flatMap(wrapped) : [];
      const about =
        plan.length > 0 ? [" Ready to code?", "", " Here is Claude's plan:", ...plan.map((line) => ` ${line}`)] : [];
      return [RULE, ...about, ` ${dialog.question}`, ...items.map((line) => ` ${line}`), "", " Esc to cancel"];
    }
    case "permission":
      return [
        RULE,
        ` ${title(dialog.tool)}`,
        ...subject(dialog.input)
          .split("\n")
          .flatMap((line) => wrapped(` ${line}`)),
        ` ${dialog.question}`,
        ...items.map((line) => ` ${line}`),
        "",
        " Esc to cancel · Tab to amend",
      ];
  }
}

/** `❯ 1. [✔] API` */
function itemLine(dialog: Dialog, item: DialogItem, index: number): string {
  const mark = index === dialog.selected ? "❯" : " ";
  if (item.kind === "next") return `${mark}    ${item.label}`;
  const number = dialog.items.slice(0, index + 1).filter(({ kind }) => kind !== "next").length;
  const isMulti = questionsOf(dialog.input)[dialog.page]?.isMulti === true;
  const { labels, own } = answerAs(dialog);
  const isChecked = item.kind === "own" ? (own ?? "") !== "" : item.kind === "option" && labels.includes(item.label);
  const box = isMulti && item.kind !== "chat" ? `[${isChecked ? "✔" : " "}] ` : "";
  return `${mark} ${number}. ${box}${labelOf(item, own, isMulti)}`;
}

function labelOf(item: Exclude<DialogItem, { kind: "next" }>, own: string | undefined, isMulti: boolean): string {
  if (item.kind === "option") return item.label;
  if (item.kind === "chat") return "Chat about this";
  if (own !== undefined && own !== "") return own;
  return isMulti ? "Type something" : "Type something.";
}

function questionLines(dialog: Dialog, items: string[]): string[] {
  const questions = questionsOf(dialog.input);
  const isAnswered = (question: string) => answerLine(dialog.answers[question] ?? { labels: [] }) !== "";
  const tabs = questions.map(({ header, question }) => `${isAnswered(question) ? "☒" : "☐"} ${header}`);
  const isTabbed = hasReview(dialog.input);
  const head = isTabbed ? `←  ${tabs.join("  ")}  ✔ Submit  →` : ` ${tabs[0] ?? "☐ Question"}`;
  if (!questions[dialog.page]) {
    const given = questions.flatMap(({ question }) => [
      ` ● ${question}`,
      `   → ${answerLine(dialog.answers[question] ?? { labels: [] })}`,
    ]);
    return [head, "", dialog.question, "", ...given, "", ...items, ""];
  }
  const chat = items.slice(-1);
  const footer = isTabbed ? "Tab/Arrow keys to navigate" : "↑/↓ to navigate";
  return [
    head,
    "",
    dialog.question,
    "",
    ...items.slice(0, -1),
    RULE,
    ...chat,
    "",
    `Enter to select · ${footer} · Esc to cancel`,
  ];
}

/** A command stands as it is; it is what the dialog is known by. */
function subject(input: Dialog["input"]): string {
  return typeof input.command === "string" ? input.command : JSON.stringify(input);
}

function title(tool: string): string {
  if (tool === "Bash") return "Bash command";
  return tool === "Write" ? "Create file" : `Tool use: ${tool}`;
}

function wrapped(line: string): string[] {
  if (line.length <= COLUMNS) return [line];
  const pieces: string[] = [];
  for (let start = 0; start < line.length; start += COLUMNS) pieces.push(line.slice(start, start + COLUMNS));
  return pieces;
}
