import type { Screen } from "../../core/ports/terminal-backend.ts";
import type { AgentRequest } from "../../core/request.ts";
import { type Dialog, dialogLines } from "../screens/dialog.ts";
import { subjectOf } from "../state/pending-request.ts";

/**
 * Does the dialog ask just this? The kind must be the same, and of a request whose tool is known, its subject must stand
 * on the screen: several requests may be open, of which one is shown.
 */
export function isDialogOf(dialog: Dialog, screen: Screen, request: AgentRequest): boolean {
  const kind =
    dialog.kind === "permission" || dialog.kind === "question" || dialog.kind === "plan" ? dialog.kind : "dialog";
  if (kind !== request.kind) return false;
  if (request.evidence.offset === null && request.evidence.toolUseId === null) return true;
  const lines = dialogLines(screen).map(squeezed);
  switch (request.kind) {
    case "question":
      return (request.questions ?? []).some(({ question }) => shows(lines, squeezed(question)));
    case "permission":
      return shows(lines, squeezed(shownSubject(request)), { isWhole: request.tool === "Bash" });
    default:
      return true;
  }
}

/** The same request, also where its dialog looks different by now: another page, another text in it. */
export function isSameRequest(a: AgentRequest, b: AgentRequest): boolean {
  if (a.requestId === b.requestId) return true;
  return a.evidence.toolUseId !== null && a.evidence.toolUseId === b.evidence.toolUseId;
}

/** Files are shown relative to the working directory, so the name has to do. */
function shownSubject({ tool, input }: AgentRequest): string {
  const subject = subjectOf(input);
  if (tool === "Bash") return subject;
  const [firstLine = ""] = subject.split("\n");
  const isFile = /^[/~]/.test(firstLine);
  // Of a tool without a subject the input is not shown as it is; its name is.
  if (firstLine.startsWith("{")) return tool?.split("__").at(-1) ?? "";
  return isFile ? (firstLine.split("/").at(-1) ?? firstLine) : firstLine;
}

/** More of a text need not be on the screen. */
const ENOUGH = 200;

/**
 * Do the lines show the text, broken by the terminal's width wherever it may be? Whole: a line ends where it ends, since
 * one command may be the beginning of another.
 */
function shows(lines: readonly string[], text: string, { isWhole = false } = {}): boolean {
  const shown = lines.join("");
  const wanted = text.slice(0, ENOUGH);
  if (!isWhole || wanted.length < text.length) return shown.includes(wanted);
  let end = 0;
  return lines.some((line) => {
    end += line.length;
    return shown.slice(0, end).endsWith(wanted);
  });
}

/** Lines are broken by the width of the terminal, also inside of words. */
function squeezed(text: string): string {
  return text.replace(/[\s─╌│]+/g, "");
}
