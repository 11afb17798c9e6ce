import { append, fire, type Moment, ofTurn, say, setStatus } from "./moment.ts";
import * as records from "./records.ts";
import type { Turn } from "./state.ts";

export interface ToolUse {
  name: string;
  input: Record<string, unknown>;
  toolUseId: string;
}

/** The model uses a tool: its message is complete, and PreToolUse is reported. */
export function announceTool(moment: Moment, tool: ToolUse): void {
  fire(moment, "PreToolUse", {
    ...ofTurn(moment),
    tool_name: tool.name,
    tool_input: tool.input,
    tool_use_id: tool.toolUseId,
  });
}

/** The tool ran: PostToolUse and its result. Nothing is really run. */
export function finishTool(moment: Moment, turn: Turn, tool: ToolUse, text = `${tool.name} completed`): void {
  const { state } = moment;
  const response = responseOf(tool, text);
  const sourceId = state.leaf;
  delete turn.running;
  fire(moment, "PostToolUse", {
    ...ofTurn(moment),
    tool_name: tool.name,
    tool_input: tool.input,
    tool_response: response,
    tool_use_id: tool.toolUseId,
    duration_ms: 0,
  });
  const result = { promptId: turn.promptId, toolUseId: tool.toolUseId, text, isError: false, response, sourceId };
  append(moment, (base) => records.toolResultRecord(state, base, result));
  say(moment, `● ${tool.name}`, `  ⎿  ${text}`);
  if (state.status !== "busy") setStatus(moment, "busy");
}

function responseOf(tool: ToolUse, text: string): unknown {
  if (tool.name === "AskUserQuestion") return tool.input;
  if (tool.name === "ExitPlanMode") return { plan: tool.input.plan, isAgent: false };
  if (tool.name === "Agent") return { status: "completed", content: [{ type: "text", text }] };
  return { stdout: text, stderr: "", interrupted: false };
}

const REJECTED =
  "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the " +
  "new_string was NOT written to the file). STOP what you are doing and wait for the user to tell you how to proceed.";

/** The person declined, or cut it off: records, but no hook at all (claude-code-facts §3.2). The caller ends the turn. */
export function rejectTool(moment: Moment, turn: Turn, tool: ToolUse): void {
  const { state } = moment;
  delete turn.running;
  const response = tool.name === "AskUserQuestion" ? "User declined to answer questions" : "User rejected tool use";
  const text = tool.name === "AskUserQuestion" ? response : REJECTED;
  const result = {
    promptId: turn.promptId,
    toolUseId: tool.toolUseId,
    text,
    isError: true,
    response,
    sourceId: state.leaf,
  };
  append(moment, (base) => records.toolResultRecord(state, base, result));
  append(moment, (base) => records.interruptionRecord(state, base, turn.promptId, true));
  say(moment, "  ⎿  Interrupted · What should Claude do instead?");
}
