import { isObject, type JsonObject } from "./json-fields.ts";

/** What a user record is: only some of them were said by somebody (facts §4). */
export type UserRole =
  /** Typed, pasted or queued by a person or the orchestrator. */
  | "prompt"
  /** Background work ended and woke the agent: a turn of its own. */
  | "notification"
  /** `!command` in the box: the model may answer to it. */
  | "shell"
  /** A slash command; a turn only when the model answers. */
  | "command"
  | "tool_result"
  | "interruption"
  | "compact_summary"
  /** Text of the program, for the model or the person. */
  | "notice";

export function userRole(json: JsonObject, text: string, hasToolResult: boolean): UserRole {
  if (json.isCompactSummary === true) return "compact_summary";
  if (hasToolResult) return "tool_result";
  if (json.isMeta === true) return "notice";
  // A slash command may be marked as human too, but need not be answered: its own marks come first.
  if (text.startsWith("<command-name>") || text.startsWith("<command-message>")) return "command";
  const origin = isObject(json.origin) ? json.origin.kind : undefined;
  if (origin === "human") return "prompt";
  if (origin === "task-notification" || text.startsWith("<task-notification>")) return "notification";
  if (text.startsWith("[Request interrupted")) return "interruption";
  if (text.startsWith("<bash-input>")) return "shell";
  if (text.startsWith("<local-command-") || text.startsWith("<bash-")) return "notice";
  return typeof json.promptId === "string" ? "prompt" : "notice";
}
