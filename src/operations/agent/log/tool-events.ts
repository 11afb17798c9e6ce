import { posix } from "node:path";
import type { AgentEvent, AgentEventKind } from "../../../core/agent-event.ts";
import type { ToolDecision } from "../../../core/decision.ts";

const KINDS = {
  allowed: "tool.used",
  denied: "tool.denied",
  asked: "tool.asked",
} as const satisfies Record<ToolDecision["decision"], AgentEventKind>;

/** A use of a tool; none where nothing tells when it was. */
export function toolEvents({ at, toolUseId, tool, subject, decision, by, requestId }: ToolDecision): AgentEvent[] {
  if (at === null) return [];
  const what = [tool, briefly(tool, subject)].filter((word) => word !== "").join(" ");
  const summary = decision === "allowed" ? what : `${what}: ${decision === "denied" ? `denied by ${by}` : "asked"}`;
  return [{ at, kind: KINDS[decision], summary, tool, toolUseId, by, ...(requestId === null ? {} : { requestId }) }];
}

const ON_FILES = new Set(["Read", "Edit", "Write", "MultiEdit", "NotebookEdit"]);
/** What may stand before the program in a command; values of variables are often secrets. */
const PROGRAM = /^(?:\w+=(?:'[^']*'|"[^"]*"|\S*)\s+)*([\w./@+-]+)/;

/** What a tool was used on, as far as it says nothing that may be secret: a program without its arguments, a file, a host. */
function briefly(tool: string, subject: string): string {
  if (ON_FILES.has(tool)) return subject;
  if (tool === "Bash") return posix.basename(PROGRAM.exec(subject)?.[1] ?? "");
  if (tool === "WebFetch") return URL.canParse(subject) ? new URL(subject).host : "";
  return "";
}
