import type { Screen } from "../../core/ports/terminal-backend.ts";
import type { AgentRequest } from "../../core/request.ts";
import { type Dialog, dialogLines } from "../screens/dialog.ts";
import { subjectOf } from "../state/pending-request.ts";

/**
 * Does the dialog ask just this? The kind must be the same, and of a request that a hook told, its subject must stand on
 * the screen: several requests may be open, of which one is shown.
 */
export function isDialogOf(dialog: Dialog, screen: Screen, request: AgentRequest): boolean {
  const kind =
    dialog.kind === "permission" || dialog.kind === "question" || dialog.kind === "plan" ? dialog.kind : "dialog";
  if (kind !== request.kind) return false;
  if (request.evidence.offset === null) return true;
  const shown = squeezed(dialogLines(screen).join(""));
  switch (request.kind) {
    case "question":
      return (request.questions ?? []).some(({ question }) => shown.includes(startOf(question)));
    case "permission":
      return shown.includes(startOf(shownSubject(request)));
    default:
      return true;
  }
}

/** Files are shown relative to the working directory, so the name has to do. */
function shownSubject({ tool, input }: AgentRequest): string {
  const [firstLine = ""] = subjectOf(input).split("\n");
  const isFile = tool !== "Bash" && /^[/~]/.test(firstLine);
  // Of a tool without a subject the input is not shown as it is; its name is.
  if (firstLine.startsWith("{")) return tool?.split("__").at(-1) ?? "";
  return isFile ? (firstLine.split("/").at(-1) ?? firstLine) : firstLine;
}

const ENOUGH = 40;

function startOf(text: string): string {
  return squeezed(text).slice(0, ENOUGH);
}

/** Lines are broken by the width of the terminal, also inside of words. */
function squeezed(text: string): string {
  return text.replace(/[\s─╌│]+/g, "");
}
