import type { TurnError } from "./api-error.ts";
import type { FakeState, Queued } from "./state.ts";

/** Records of a transcript in the shape of 2.1.329 (claude-code-facts §4), without what nobody reads. */

type Content = Record<string, unknown>[];

export interface RecordBase {
  uuid: string;
  at: number;
}

export function openingRecords(state: FakeState): Record<string, unknown>[] {
  return [
    { type: "mode", mode: "normal", sessionId: state.conversationId },
    { type: "permission-mode", permissionMode: state.launch.permissionMode, sessionId: state.conversationId },
  ];
}

export function promptRecord(
  state: FakeState,
  base: RecordBase,
  { promptId, text, isNotification }: Queued,
): Record<string, unknown> {
  return {
    ...head(state),
    promptId,
    type: "user",
    message: { role: "user", content: text },
    uuid: base.uuid,
    timestamp: iso(base.at),
    permissionMode: state.launch.permissionMode,
    origin: { kind: isNotification ? "task-notification" : "human" },
    promptSource: isNotification ? "system" : "typed",
    ...(isNotification ? {} : { turnOrigin: "human" }),
    turnPosition: { promptIndex: state.prompts, turnIndex: state.prompts },
    ...foot(state),
  };
}

export function assistantRecord(
  state: FakeState,
  base: RecordBase,
  message: { id: string; requestId: string; content: Content; stopReason: string | null },
): Record<string, unknown> {
  return {
    ...head(state),
    message: {
      id: message.id,
      type: "message",
      role: "assistant",
      model: state.launch.model,
      content: message.content,
      stop_reason: message.stopReason,
      stop_sequence: null,
      usage: usage(JSON.stringify(message.content).length),
      stop_details: null,
    },
    apiBlockIndex: 0,
    requestId: message.requestId,
    requestedModel: state.launch.model,
    type: "assistant",
    uuid: base.uuid,
    timestamp: iso(base.at),
    ...foot(state),
  };
}

export function errorRecord(
  state: FakeState,
  base: RecordBase,
  error: TurnError & { id: string; requestId: string },
): Record<string, unknown> {
  return {
    ...head(state),
    type: "assistant",
    uuid: base.uuid,
    timestamp: iso(base.at),
    message: {
      id: error.id,
      model: "<synthetic>",
      role: "assistant",
      stop_reason: "stop_sequence",
      stop_sequence: "",
      type: "message",
      usage: { ...usage(0), input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
      content: [{ type: "text", text: error.text }],
    },
    requestId: error.requestId,
    error: error.kind,
    isApiErrorMessage: true,
    apiErrorStatus: error.status,
    ...(error.quotaLimits ? { quotaLimits: error.quotaLimits } : {}),
    ...foot(state),
  };
}

export function toolResultRecord(
  state: FakeState,
  base: RecordBase,
  result: {
    promptId: string;
    toolUseId: string;
    text: string;
    isError: boolean;
    response: unknown;
    sourceId: string | null;
  },
): Record<string, unknown> {
  const block = { tool_use_id: result.toolUseId, type: "tool_result", content: result.text, is_error: result.isError };
  return {
    ...head(state),
    promptId: result.promptId,
    type: "user",
    message: { role: "user", content: [block] },
    uuid: base.uuid,
    timestamp: iso(base.at),
    toolUseResult: result.response,
    sourceToolAssistantUUID: result.sourceId,
    ...foot(state),
  };
}

export function interruptionRecord(state: FakeState, base: RecordBase, promptId: string, duringTool: boolean) {
  const text = duringTool ? "[Request interrupted by user for tool use]" : "[Request interrupted by user]";
  return {
    ...head(state),
    promptId,
    type: "user",
    message: { role: "user", content: [{ type: "text", text }] },
    uuid: base.uuid,
    timestamp: iso(base.at),
    ...foot(state),
  };
}

export function turnDurationRecord(state: FakeState, base: RecordBase, durationMs: number): Record<string, unknown> {
  return {
    ...head(state),
    type: "system",
    subtype: "turn_duration",
    durationMs,
    timestamp: iso(base.at),
    uuid: base.uuid,
    isMeta: false,
    ...foot(state),
  };
}

export function queueRecord(state: FakeState, at: number, operation: "enqueue" | "dequeue", content?: string) {
  return {
    type: "queue-operation",
    operation,
    timestamp: iso(at),
    sessionId: state.conversationId,
    ...(content === undefined ? {} : { content }),
  };
}

function head(state: FakeState) {
  return { parentUuid: state.leaf, isSidechain: false };
}

function foot(state: FakeState) {
  return {
    userType: "external",
    entrypoint: "cli",
    cwd: state.launch.cwd,
    sessionId: state.conversationId,
    version: state.launch.claudeVersion,
    gitBranch: "",
  };
}

function usage(characters: number) {
  return {
    input_tokens: 12,
    cache_creation_input_tokens: 1000,
    cache_read_input_tokens: 5000,
    output_tokens: Math.ceil(characters / 4),
    service_tier: "standard",
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
