import type { Screen } from "../../core/ports/terminal-backend.ts";
import type { Dialog, FakeState } from "./state.ts";

const COLUMNS = 100;
const LINES = 40;
const RULE = "─".repeat(COLUMNS);

/** What 2.1.329 would show (claude-code-facts §6.3): the log, then the input box or the dialog that replaces it. */
export function renderScreen(state: FakeState, options: { history?: number } = {}): Screen {
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

function dialogLines(dialog: Dialog): string[] {
  const options = dialog.options.map((option, index) => {
    const text = dialog.own !== undefined && index === dialog.selected ? dialog.own : option;
    return `${index === dialog.selected ? "❯" : " "} ${index + 1}. ${text}`;
  });
  if (dialog.kind === "question") {
    const footer = "Enter to select · ↑/↓ to navigate · Esc to cancel";
    return [
      RULE,
      ` ☐ ${dialog.tool === "AskUserQuestion" ? "Question" : dialog.tool}`,
      "",
      dialog.question,
      "",
      ...options,
      "",
      footer,
    ];
  }
  const input = wrapped(` ${JSON.stringify(dialog.input)}`);
  const indented = options.map((option) => ` ${option}`);
  return [
    RULE,
    ` ${title(dialog.tool)}`,
    ...input,
    ` ${dialog.question}`,
    ...indented,
    "",
    " Esc to cancel · Tab to amend",
  ];
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
