import type { InputStep } from "../../core/ports/terminal-backend.ts";

/** One line of the control protocol (claude-code-facts §8) as steps for the terminal: Enter ends it. */
export function lineSteps(line: Record<string, unknown>): { fill: InputStep[]; submit: InputStep[] } {
  return {
    fill: [{ kind: "text", text: JSON.stringify(line), isBracketed: false }],
    submit: [{ kind: "keys", keys: ["Enter"] }],
  };
}

/** Claude Code takes the session it has open, whatever `session_id` says. */
export function userLine(text: string): Record<string, unknown> {
  const message = { role: "user", content: [{ type: "text", text }] };
  return { type: "user", message, parent_tool_use_id: null, session_id: "" };
}

/** Stops the running turn; of an agent that does nothing it is only acknowledged (2.1.197 and 2.1.330). */
export function interruptLine(id: string): Record<string, unknown> {
  return { type: "control_request", request_id: id, request: { subtype: "interrupt" } };
}

/** Answers a request of Claude Code's. One that is no longer open is ignored (2.1.197 and 2.1.330). */
export function responseLine(id: string, response: Record<string, unknown>): Record<string, unknown> {
  return { type: "control_response", response: { subtype: "success", request_id: id, response } };
}
