import type { Screen } from "../../core/ports/terminal-backend.ts";
import { boxLines, isRule } from "./input-box.ts";
import { DIALOG_FOOTER, DIALOG_TEXTS, type DialogKind, PRESS_ENTER } from "./texts.ts";

export interface Dialog {
  kind: DialogKind;
  /** What is asked, in one line. */
  title: string;
  /** Labels from top to bottom; empty where Enter only continues. */
  options: string[];
  /** Index of the option that Enter would take; -1 where there are none, or the mark stands on a button below them. */
  selectedIndex: number;
  /** Where options have check boxes: which are checked; null for one without. */
  checked?: (boolean | null)[];
}

const SELECTED = /^\s*❯\s*\S/;
const NUMBERED = /^\s*(?:❯\s*)?(\d{1,2})\.\s+(.*)$/;
/** A dialog stands at the bottom: below its options there are at most hints. */
const MAX_LINES_BELOW = 6;

/**
 * The dialog that the screen shows instead of the input box, or undefined. Prose about dialogs does not count: it stands
 * above the box, or has no selected option at the bottom.
 */
export function recogniseDialog(screen: Screen): Dialog | undefined {
  if (boxLines(screen)) return undefined;
  const lines = withoutTrailing(screen.lines);
  const selected = lines.findLastIndex((line) => SELECTED.test(line));
  const region = selected < 0 ? lines : lines.slice(regionStart(lines, selected));
  const options = selected < 0 ? undefined : optionsOf(region, selected - (lines.length - region.length));
  if (!options) return messageOf(region);
  const below = region.slice(options.end).filter((line) => line.trim() !== "");
  // What is marked may be the prompt of a command whose panel stands below it: /cost in 2.1.330.
  if (below.length > MAX_LINES_BELOW) return messageOf(lines.slice(lines.findLastIndex(isRule) + 1));
  const hasFooter = below.some((line) => DIALOG_FOOTER.test(line));
  if (!hasFooter && !(options.isNumbered && options.labels.length > 1)) {
    return undefined;
  }
  const known = DIALOG_TEXTS.find(({ text }) => text.test(region.join("\n")));
  const kind = known?.kind ?? (hasFooter && below.some((line) => /Esc to/i.test(line)) ? "panel" : "unknown");
  const title = known?.title ?? titleOf(kind, region.slice(0, options.start));
  const { labels, selectedIndex, checked } = options;
  return { kind, title, options: labels, selectedIndex, ...(checked ? { checked } : {}) };
}

/** The lines of the dialog, without what stands above it and without empty lines at its ends. */
export function dialogLines(screen: Screen): string[] {
  const lines = withoutTrailing(screen.lines);
  const selected = lines.findLastIndex((line) => SELECTED.test(line));
  const hasOptions = (recogniseDialog(screen)?.options.length ?? 0) > 0;
  const region = lines.slice(hasOptions ? regionStart(lines, selected) : lines.findLastIndex(isRule) + 1);
  return region.slice(
    Math.max(
      0,
      region.findIndex((line) => line.trim() !== ""),
    ),
  );
}

/** A dialog without options: it only wants to be read. */
function messageOf(region: string[]): Dialog | undefined {
  const text = region.join("\n");
  const known = DIALOG_TEXTS.find(({ kind, text: pattern }) => {
    return (kind === "security-notes" || kind === "connectivity" || kind === "config-error") && pattern.test(text);
  });
  const bottom = region.filter((line) => line.trim() !== "").slice(-3);
  const wantsEnter = bottom.some((line) => PRESS_ENTER.test(line));
  const isPanel = bottom.some((line) => /^\s*(?:.* · )?Esc to (?:cancel|close|exit)\b/i.test(line));
  if (!known && !wantsEnter && !isPanel) return undefined;
  if (known && known.kind !== "connectivity" && !wantsEnter) return undefined;
  const kind = known?.kind ?? (wantsEnter ? "unknown" : "panel");
  return { kind, title: known?.title ?? titleOf(kind, region), options: [], selectedIndex: -1 };
}

/** Empty lines and the rule that newer versions draw below a dialog. */
function withoutTrailing(lines: readonly string[]): string[] {
  let end = lines.length;
  while (end > 0 && ((lines[end - 1] ?? "").trim() === "" || isRule(lines[end - 1] ?? ""))) end -= 1;
  return lines.slice(0, end);
}

/** First line of the dialog: after the last rule above its options, or the one before where a rule divides the options. */
function regionStart(lines: readonly string[], selected: number): number {
  let rule = lines.slice(0, selected).findLastIndex(isRule);
  const between = lines.slice(rule + 1, selected + 1).filter((line) => line.trim() !== "");
  const firstNumber = Number(NUMBERED.exec(between[0] ?? "")?.[1] ?? 0);
  if (rule >= 0 && firstNumber > 1) rule = lines.slice(0, rule).findLastIndex(isRule);
  return rule + 1;
}

interface Options {
  labels: string[];
  selectedIndex: number;
  isNumbered: boolean;
  checked?: (boolean | null)[];
  /** Line of the first option, and the line after the last. */
  start: number;
  end: number;
}

function optionsOf(region: readonly string[], selected: number): Options | undefined {
  if (NUMBERED.test(region[selected] ?? "") || BUTTON.test(region[selected] ?? "")) {
    return numberedOptions(region, selected);
  }
  return plainOptions(region, selected);
}

const CHECK_BOX = /^\[(.)\]\s*/;
/** Below the options of a question with several answers: it leads on, and has no number. */
const BUTTON = /^\s*❯\s+(?:Next|Submit)$/;

function numberedOptions(region: readonly string[], selected: number): Options | undefined {
  let run: { line: number; label: string; isChecked: boolean | null }[] = [];
  let found: typeof run | undefined;
  for (const [line, text] of region.entries()) {
    const match = NUMBERED.exec(text);
    if (!match) continue;
    const number = Number(match[1]);
    if (number === 1) run = [];
    if (number !== run.length + 1) continue;
    const label = match[2] ?? "";
    const box = CHECK_BOX.exec(label)?.[1];
    run.push({ line, label: label.replace(CHECK_BOX, "").trim(), isChecked: box === undefined ? null : box !== " " });
    if (line === selected || (BUTTON.test(region[selected] ?? "") && run.length > 1)) found = run;
  }
  const first = found?.[0];
  const last = found?.at(-1);
  if (!found || !first || !last) return undefined;
  return {
    labels: found.map(({ label }) => label),
    selectedIndex: found.findIndex(({ line }) => line === selected),
    ...(found.some(({ isChecked }) => isChecked !== null) ? { checked: found.map(({ isChecked }) => isChecked) } : {}),
    isNumbered: true,
    start: first.line,
    end: last.line + 1,
  };
}

/** 2.1.329 prints no digits in its start dialogs: options are the neighbours that begin in the same column. */
function plainOptions(region: readonly string[], selected: number): Options {
  const column = /^\s*❯\s*/.exec(region[selected] ?? "")?.[0].length ?? 0;
  const isOption = (line: string | undefined) => line !== undefined && line.search(/\S/) === column;
  let start = selected;
  while (isOption(region[start - 1])) start -= 1;
  let end = selected + 1;
  while (isOption(region[end])) end += 1;
  return {
    labels: region.slice(start, end).map((line) => line.slice(column).trim()),
    selectedIndex: selected - start,
    isNumbered: false,
    start,
    end,
  };
}

function titleOf(kind: DialogKind, above: readonly string[]): string {
  const texts = above.map((line) => line.trim()).filter((line) => line !== "" && !/^[╌─]+$/.test(line));
  const heading = (texts[0] ?? "").replace(/^[☐☒✔←]\s*/, "");
  const question = texts.findLast((line) => line.endsWith("?")) ?? heading;
  return kind === "permission" && heading !== question ? `${heading}: ${question}` : question;
}
