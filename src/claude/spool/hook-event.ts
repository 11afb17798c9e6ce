import { createHash } from "node:crypto";
import { isObject, type JsonObject, parseObject, stringOf } from "../transcript/json-fields.ts";

/** One event that a hook of the agent's Claude Code reported (facts §3), read defensively. */
export interface HookEvent {
  /** Byte offset in the spool: order, and identity. */
  offset: number;
  /** `Stop`, `UserPromptSubmit`, … */
  name: string;
  sessionId: string;
  promptId: string | null;
  transcriptPath: string | null;
  /** Set for events of a subagent: they say nothing about the agent's own turn. */
  subagentId: string | null;
  /** UserPromptSubmit. */
  prompt?: string;
  /** PreToolUse, PostToolUse, PermissionRequest … */
  tool?: { name: string; input: unknown; useId: string | null };
  /** The permission mode at the use of a tool. */
  permissionMode?: string;
  /** PermissionRequest: what would make Claude Code not ask again, in its own words. */
  suggestions?: unknown[];
  /** PermissionRequest: names the hook that waits for an answer. */
  waiter?: string;
  /** Stop and StopFailure. */
  lastMessage?: string | null;
  /** StopFailure. */
  error?: string;
  /** Stop: background work that still runs. */
  backgroundTasks?: number;
  /** SessionStart: startup, resume, clear, compact, fork. */
  source?: string;
  /** SessionEnd: clear, other, prompt_input_exit … PermissionDenied: in a sentence. */
  reason?: string;
}

/** Undefined when it is no hook event. Never throws. */
export function parseHookEvent(bytes: Buffer, offset: number): HookEvent | undefined {
  const json = parseObject(bytes.toString("utf8"));
  const name = stringOf(json?.hook_event_name);
  if (!json || name === null) return undefined;
  return {
    offset,
    name,
    sessionId: stringOf(json.session_id) ?? "",
    promptId: stringOf(json.prompt_id),
    transcriptPath: stringOf(json.transcript_path),
    subagentId: stringOf(json.agent_id),
    ...details(name, json),
  };
}

/** The waiter that an object in front of a PermissionRequest names (launch/hook-commands.ts); undefined for anything else. */
export function parseWaiter(bytes: Buffer): string | undefined {
  if (bytes.length > MAX_WAITER_BYTES) return undefined;
  const waiter = stringOf(parseObject(bytes.toString("utf8"))?.claude_orch_waiter);
  // It becomes part of a path.
  return waiter !== null && /^\d+-\d+$/.test(waiter) ? waiter : undefined;
}

const MAX_WAITER_BYTES = 100;

function details(name: string, json: JsonObject): Partial<HookEvent> {
  const toolName = stringOf(json.tool_name);
  if (toolName !== null) {
    const suggestions = json.permission_suggestions;
    const permissionMode = stringOf(json.permission_mode);
    return {
      tool: { name: toolName, input: json.tool_input ?? {}, useId: stringOf(json.tool_use_id) },
      ...(Array.isArray(suggestions) ? { suggestions } : {}),
      ...(permissionMode === null ? {} : { permissionMode }),
      ...(name === "PermissionDenied" ? { reason: stringOf(json.reason) ?? "" } : {}),
    };
  }
  switch (name) {
    case "UserPromptSubmit":
      return { prompt: stringOf(json.prompt) ?? "" };
    case "Stop":
    case "StopFailure": {
      const tasks = json.background_tasks;
      return {
        lastMessage: stringOf(json.last_assistant_message),
        backgroundTasks: Array.isArray(tasks) ? tasks.filter(isRunning).length : 0,
        ...(name === "StopFailure" ? { error: stringOf(json.error) ?? "unknown" } : {}),
      };
    }
    case "SessionStart":
      return { source: stringOf(json.source) ?? "" };
    case "SessionEnd":
      return { reason: stringOf(json.reason) ?? "" };
    default:
      return {};
  }
}

function isRunning(task: unknown): boolean {
  return isObject(task) && task.status === "running";
}

/** Stable id of a request: the same event gives the same id in every process and at every read. */
export function requestIdOf(parts: readonly unknown[]): string {
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest();
  return `req_${BigInt(`0x${digest.toString("hex")}`)
    .toString(36)
    .padStart(26, "0")
    .slice(-26)}`;
}
