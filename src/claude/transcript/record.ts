import type { Usage } from "../../core/message.ts";
import { countOf, isObject, type JsonObject, parseObject, stringOf, timeOf } from "./json-fields.ts";
import type { Line } from "./lines.ts";
import { type UserRole, userRole } from "./user-role.ts";

interface Base {
  offset: number;
  end: number;
  /** Null for records outside the tree. */
  uuid: string | null;
  /** `parentUuid`, or across a compaction `logicalParentUuid`. */
  parent: string | null;
  /** Written by a subagent: not part of the conversation. */
  isSidechain: boolean;
  /** Epoch ms. */
  at: number | null;
}

export interface ToolResult {
  toolUseId: string;
  isError: boolean;
  text: string;
}

export type Block =
  | { kind: "text"; text: string }
  | { kind: "thinking"; text: string }
  | { kind: "tool_use"; id: string; name: string; input: unknown };

export interface UserRecord extends Base {
  type: "user";
  role: UserRole;
  promptId: string | null;
  text: string;
  results: ToolResult[];
}

/** One content block of an API message: the message's other blocks are records of their own (facts §4). */
export interface AssistantRecord extends Base {
  type: "assistant";
  messageId: string | null;
  requestId: string | null;
  model: string | null;
  stopReason: string | null;
  blocks: Block[];
  usage: Usage | null;
  /** Set for the messages that Claude Code writes itself when a request failed; the value of `error`. */
  apiError: string | null;
  /** Epoch ms when the plan's limit that refused the request is reset; 2.1.330 writes it, 2.1.197 does not. */
  limitResetsAt: number | null;
}

export interface SystemRecord extends Base {
  type: "system";
  subtype: string;
  durationMs: number | null;
  text: string;
}

export interface AttachmentRecord extends Base {
  type: "attachment";
  kind: string;
  /** Prompt of a `queued_command`: a message that a running turn took up. */
  prompt: string | null;
  /** It is no message: background work has ended. */
  isNotification: boolean;
}

export type TranscriptRecord = UserRecord | AssistantRecord | SystemRecord | AttachmentRecord;

/**
 * Records that start with their type and are none of ours are never parsed: 2.1.329's `api-request*` hold whole
 * conversations and look like messages inside (facts §4).
 */
const TYPE_FIRST = Buffer.from('{"type":"');
const OURS = new Set(["user", "assistant", "system", "attachment"]);

/** Reads a transcript line; undefined for what is of no use here, unknown, or broken. Never throws. */
export function parseRecord(line: Line): TranscriptRecord | undefined {
  const first = typeAtStart(line.bytes);
  if (first !== undefined && !OURS.has(first)) return undefined;
  const json = parseObject(line.bytes.toString("utf8"));
  return json && recordOf(json, line);
}

/** The type of a record that begins with it. */
export function typeAtStart(bytes: Buffer): string | undefined {
  if (bytes.compare(TYPE_FIRST, 0, TYPE_FIRST.length, 0, Math.min(TYPE_FIRST.length, bytes.length)) !== 0) {
    return undefined;
  }
  const end = bytes.indexOf(0x22, TYPE_FIRST.length);
  return end < 0 ? "" : bytes.toString("latin1", TYPE_FIRST.length, end);
}

function recordOf(json: JsonObject, line: Line): TranscriptRecord | undefined {
  const base: Base = {
    offset: line.offset,
    end: line.end,
    uuid: stringOf(json.uuid),
    parent: stringOf(json.parentUuid) ?? stringOf(json.logicalParentUuid),
    isSidechain: json.isSidechain === true,
    at: timeOf(json.timestamp),
  };
  switch (json.type) {
    case "user":
      return userRecord(base, json);
    case "assistant":
      return assistantRecord(base, json);
    case "system":
      return {
        ...base,
        type: "system",
        subtype: stringOf(json.subtype) ?? "",
        durationMs: typeof json.durationMs === "number" ? json.durationMs : null,
        text: stringOf(json.content) ?? "",
      };
    case "attachment": {
      const attachment = isObject(json.attachment) ? json.attachment : {};
      const prompt = attachment.type === "queued_command" ? textOf(attachment.prompt) : null;
      return {
        ...base,
        type: "attachment",
        kind: stringOf(attachment.type) ?? "",
        prompt,
        isNotification: prompt !== null && isNotification(attachment, prompt),
      };
    }
    default:
      return undefined;
  }
}

/** A person's or our own words may begin so, too: those have a human origin. */
function isNotification({ origin }: JsonObject, prompt: string): boolean {
  return prompt.startsWith("<task-notification>") && !(isObject(origin) && origin.kind === "human");
}

function userRecord(base: Base, json: JsonObject): UserRecord {
  const message = isObject(json.message) ? json.message : {};
  const content = message.content;
  const results = (Array.isArray(content) ? content : []).filter(isObject).flatMap((block) => {
    const toolUseId = block.type === "tool_result" ? stringOf(block.tool_use_id) : null;
    if (toolUseId === null) return [];
    return [{ toolUseId, isError: block.is_error === true, text: textOf(block.content) }];
  });
  const text = textOf(content);
  return {
    ...base,
    type: "user",
    role: userRole(json, text, results.length > 0),
    promptId: stringOf(json.promptId),
    text,
    results,
  };
}

function assistantRecord(base: Base, json: JsonObject): AssistantRecord {
  const message = isObject(json.message) ? json.message : {};
  const content = Array.isArray(message.content) ? message.content : [];
  return {
    ...base,
    type: "assistant",
    messageId: stringOf(message.id),
    requestId: stringOf(json.requestId),
    model: stringOf(message.model),
    stopReason: stringOf(message.stop_reason),
    blocks: content.filter(isObject).flatMap(blockOf),
    usage: usageOf(message.usage),
    apiError: json.isApiErrorMessage === true ? (stringOf(json.error) ?? "unknown") : null,
    limitResetsAt: resetOf(json.quotaLimits),
  };
}

/** Claude Code counts in epoch seconds. */
function resetOf(quota: unknown): number | null {
  const seconds = isObject(quota) && quota.status === "rejected" ? countOf(quota.resetsAt) : 0;
  return seconds === 0 ? null : seconds * 1000;
}

function blockOf(block: JsonObject): Block[] {
  switch (block.type) {
    case "text":
      return [{ kind: "text", text: stringOf(block.text) ?? "" }];
    case "thinking":
      return [{ kind: "thinking", text: stringOf(block.thinking) ?? "" }];
    case "tool_use":
      return [
        {
          kind: "tool_use",
          id: stringOf(block.id) ?? "",
          name: stringOf(block.name) ?? "",
          input: block.input ?? {},
        },
      ];
    default:
      return [];
  }
}

/** Text of a message's content: a string, or the text blocks of an array one below the other. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .filter(isObject)
    .flatMap((block) => (block.type === "text" ? [stringOf(block.text) ?? ""] : []))
    .join("\n");
}

export function usageOf(value: unknown): Usage | null {
  if (!isObject(value)) return null;
  return {
    inputTokens: countOf(value.input_tokens),
    outputTokens: countOf(value.output_tokens),
    cacheCreationTokens: countOf(value.cache_creation_input_tokens),
    cacheReadTokens: countOf(value.cache_read_input_tokens),
  };
}
