import { fire, type Moment, newId, ofTurn } from "./moment.ts";
import type { Turn } from "./state.ts";
import type { ToolUse } from "./tool.ts";

const TYPE = "general-purpose";

/** The events of a subagent at its start: those of its tools carry its id (claude-code-facts §3, samples of 2.1.329). */
export function startSubagent(moment: Moment, turn: Turn, tool: ToolUse): void {
  const subagent = { agent_id: newId(moment, "a"), agent_type: TYPE };
  turn.subagent = subagent;
  fire(moment, "SubagentStart", { prompt_id: turn.promptId, ...subagent });
  const use = { tool_name: "Bash", tool_input: { command: "ls" }, tool_use_id: `${tool.toolUseId}_ls` };
  fire(moment, "PreToolUse", { ...ofTurn(moment), ...subagent, ...use });
  fire(moment, "PostToolUse", {
    ...ofTurn(moment),
    ...subagent,
    ...use,
    tool_response: { stdout: "" },
    duration_ms: 0,
  });
}

export function endSubagent(moment: Moment, turn: Turn): void {
  if (!turn.subagent) return;
  fire(moment, "SubagentStop", {
    ...ofTurn(moment),
    ...turn.subagent,
    stop_hook_active: false,
    last_assistant_message: "done",
  });
  delete turn.subagent;
}
