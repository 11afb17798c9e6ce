import { AppError } from "../../core/errors.ts";
import type { InputPlan } from "../../core/ports/agent-program.ts";
import { type EditorTextOptions, prepareEditorText } from "./editor-text.ts";
import { normaliseForEditor, normaliseText } from "./normalise-text.ts";

/** Beyond these, the box shows a placeholder, and newer versions wrap the text for the model (claude-code-facts §5.1). */
const PASTE_CHARACTERS = 700;
const PASTE_LINES = 3;

/**
 * How a text gets into Claude Code's input box: short plain ones as one bracketed paste, which costs one call of the
 * terminal and no waiting; all others through the editor (Ctrl-G), the one way that carries any size, tabs, a leading
 * `!` and the like unchanged. What no way carries is refused before anything is typed. With `isExact`, so is every text
 * that would arrive changed.
 * @throws TEXT_EMPTY, TEXT_NOT_DELIVERABLE
 */
export async function planInput(text: string, options: EditorTextOptions & { isExact: boolean }): Promise<InputPlan> {
  const { expected, normalised, via } = checkInput(text, options);
  const plan = { expected, normalised, via, submit: submitSteps(expected) };
  if (via === "paste") return { ...plan, fill: [{ kind: "text", text: expected, isBracketed: true }] };
  const settle = await prepareEditorText(expected, options);
  return { ...plan, fill: [{ kind: "keys", keys: ["C-g"] }], settle };
}

/**
 * What would arrive of this text, and by which way, without preparing anything.
 * @throws TEXT_EMPTY, TEXT_NOT_DELIVERABLE
 */
export function checkInput(
  text: string,
  options: { isExact: boolean },
): Pick<InputPlan, "expected" | "normalised" | "via"> {
  const { text: expected, changes } = options.isExact ? normaliseForEditor(text) : normaliseText(text);
  if (expected === "") {
    throw new AppError(
      "TEXT_EMPTY",
      text === "" ? "The text is empty" : "The text is empty but for blanks and control characters",
    );
  }
  if (!SHOWN.test(expected)) {
    throw new AppError("TEXT_NOT_DELIVERABLE", "The text holds nothing that a terminal shows", {
      hint: "Put a word in front of it.",
    });
  }
  if (options.isExact && changes.length > 0) {
    const at = placeOfChange(text, expected);
    const refused = changes.map(wouldBe);
    throw new AppError(
      "TEXT_NOT_DELIVERABLE",
      `The text cannot arrive exactly: ${refused.join(", ")} (first in line ${at.line}, column ${at.column})`,
      { details: { changes: refused, ...at } },
    );
  }
  refuseCommands(expected);
  return { expected, normalised: changes, via: isPlain(expected) ? "paste" : "editor" };
}

/** "tabs became four spaces" → "tabs would become four spaces": nothing was changed, the text is refused. */
function wouldBe(change: string): string {
  return change.replace(/ were /, " would be ").replace(/ became /, " would become ");
}

/** Where the text stops being what would arrive; line and column from 1, in characters as an editor counts them. */
function placeOfChange(text: string, expected: string): { line: number; column: number } {
  let at = 0;
  while (at < text.length && text[at] === expected[at]) at += 1;
  const lines = text.slice(0, at).split("\n");
  return { line: lines.length, column: [...(lines.at(-1) ?? "")].length + 1 };
}

/** Of a text without any of these, the screen could not tell whether it still stands in the box (a lost Enter, 2.1.197). */
const SHOWN = /[^\s\p{Cn}\p{Cf}\p{M}]/u;
const AFTER_HOME_MS = 150;
const EXIT_WORDS: ReadonlySet<string> = new Set(["exit", "quit", ":q", ":q!", ":wq", ":wq!"]);

/**
 * No way was found that carries these as a prompt: `/word` runs as a command, and an unknown one is lost without a
 * trace; an exit word alone ends Claude Code.
 */
function refuseCommands(text: string): void {
  const word = text.trim();
  const command = EXIT_WORDS.has(word) ? word : /^(\/[^\s/]*)(?=\s|$)/.exec(word)?.[1];
  if (command === undefined) return;
  throw new AppError(
    "TEXT_NOT_DELIVERABLE",
    `Claude Code would run ${command} as a command instead of taking it as a prompt`,
    {
      hint: `Put a word in front of ${command}.`,
      details: { command },
    },
  );
}

/**
 * Home first: behind a trailing backslash, Enter makes a new line, and in a file completion it takes a file. There the
 * box must have seen the cursor move before Enter arrives (2.1.197).
 */
function submitSteps(text: string): InputPlan["submit"] {
  if (!text.endsWith("\\") && !text.includes("@")) return [{ kind: "keys", keys: ["Home", "Enter"] }];
  return [
    { kind: "keys", keys: ["Home"] },
    { kind: "pause", ms: AFTER_HOME_MS },
    { kind: "keys", keys: ["Enter"] },
  ];
}

/** Arrives unchanged as a paste in every supported version. */
function isPlain(text: string): boolean {
  if (text.length > PASTE_CHARACTERS || text.split("\n").length > PASTE_LINES) return false;
  // `!` runs a shell command and `?` alone opens the help; a blank in front is not enough everywhere.
  if (/^\s*[!?&#/]/.test(text) || /^\s/.test(text) || text.includes("\t")) return false;
  // A file completion that opens somewhere in the text takes the Enter for itself, and changes the text (2.1.197).
  if (text.includes("@") || text.endsWith("\\")) return false;
  // A path of an image would be attached instead of said.
  return !/\.(?:png|jpe?g|gif|webp|bmp)\b/i.test(text);
}
