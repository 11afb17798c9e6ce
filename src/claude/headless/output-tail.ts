import type { HookEvent } from "../spool/hook-event.ts";
import { type ByteSource, type OpenBytes, withBytes } from "../transcript/byte-source.ts";
import { isObject, type JsonObject, parseObject, stringOf } from "../transcript/json-fields.ts";
import { linesBackward } from "../transcript/lines.ts";

/** What the end of a headless agent's output (stream-json) tells. */
export interface OutputTail {
  /** Where its newest turn stands; `silent` before the first. */
  phase: "silent" | "running" | "over";
  /** How it ended, when it is over. */
  result: TurnResult | undefined;
  /** The failed request that is being tried again, in words; undefined when there is none. */
  retry: string | undefined;
  /** Requests that nobody has answered, oldest first. */
  asked: AskedUse[];
  /** Epoch ms of the last write; null when there is no output. */
  writtenAt: number | null;
}

export interface TurnResult {
  isError: boolean;
  /** Somebody stopped it, which is no failure. */
  isInterrupted: boolean;
  /** The kind of error in the words of StopFailure, as far as the result tells. */
  error: string;
  text: string;
}

/** A `can_use_tool` request, told like a PermissionRequest event; its offset is that of its line in the output. */
export interface AskedUse {
  controlId: string;
  event: HookEvent;
}

export const NO_OUTPUT: OutputTail = {
  phase: "silent",
  result: undefined,
  retry: undefined,
  asked: [],
  writtenAt: null,
};

/** A subagent in the background may still ask from before the newest turn: this much is looked through for it. */
const LEAST_BYTES = 64 * 1024;
const MOST_BYTES = 8 * 1024 * 1024;

/** Reads backwards to where the newest turn began or ended, and a little further. */
export async function readOutputTail(openBytes: OpenBytes, path: string): Promise<OutputTail> {
  return withBytes(openBytes, path, NO_OUTPUT, (source) => read(source));
}

async function read(source: ByteSource): Promise<OutputTail> {
  const tail: OutputTail = { ...NO_OUTPUT, asked: [], writtenAt: source.modifiedAt };
  const settled = new Set<string>();
  let isTurnTold = false;
  for await (const { bytes, offset } of linesBackward(source)) {
    const json = parseObject(bytes.toString("utf8"));
    if (json) take(tail, settled, json, offset);
    isTurnTold ||= isBoundary(json);
    const seen = source.size - offset;
    if ((isTurnTold && seen >= LEAST_BYTES) || seen >= MOST_BYTES) break;
  }
  return tail;
}

function isBoundary(json: JsonObject | undefined): boolean {
  return json?.type === "result" || (json?.type === "system" && json.subtype === "init");
}

/** Takes in one line; those after it are known already. */
function take(tail: OutputTail, settled: Set<string>, json: JsonObject, offset: number): void {
  const reach = (phase: OutputTail["phase"]) => {
    if (tail.phase === "silent") tail.phase = phase;
  };
  switch (json.type) {
    case "result":
      if (tail.phase === "silent") tail.result = resultOf(json);
      reach("over");
      break;
    case "system":
      if (json.subtype === "api_retry" && tail.phase === "silent") tail.retry = retryOf(json);
      if (json.subtype === "init" || json.subtype === "api_retry") reach("running");
      break;
    case "assistant":
      if (isMain(json)) reach("running");
      break;
    case "user":
      for (const id of resultIds(json)) settled.add(id);
      // An echo of what was sent may stand behind the end of its turn.
      if (isMain(json) && json.isReplay !== true) reach("running");
      break;
    case "control_response":
    case "control_cancel_request":
      settled.add(answeredId(json));
      break;
    case "control_request": {
      const asked = askedUse(json, offset);
      const isSettled = asked && (settled.has(asked.controlId) || settled.has(asked.event.tool?.useId ?? ""));
      if (asked && !isSettled) tail.asked.unshift(asked);
      break;
    }
  }
}

/**
 * Without a terminal every failed request is tried again ten times, over some minutes, a refused login too (2.1.197 and
 * 2.1.330).
 */
function retryOf(json: JsonObject): string {
  const { error, error_status: status, attempt, max_retries: max, retry_delay_ms: delayMs } = json;
  const what = [stringOf(error) ?? "a failed request", ...(typeof status === "number" ? [`(${status})`] : [])].join(
    " ",
  );
  const seconds = typeof delayMs === "number" ? `, in ${Math.ceil(delayMs / 1000)} s` : "";
  return `${what}${seconds}, attempt ${attempt}/${max}`;
}

/** Subagents in the background go on when the turn is over. */
function isMain(json: JsonObject): boolean {
  return stringOf(json.parent_tool_use_id) === null;
}

function resultOf(json: JsonObject): TurnResult {
  const { subtype, api_error_status: status, terminal_reason: reason } = json;
  const isInterrupted = subtype === "error_during_execution" && (stringOf(reason) ?? "aborted").startsWith("aborted");
  return {
    isError: json.is_error === true,
    isInterrupted,
    error: status === 401 || status === 403 ? "authentication_failed" : status === 429 ? "rate_limit" : "unknown",
    text: stringOf(json.result) ?? stringOf(subtype) ?? "",
  };
}

/** Ids of the tool uses whose results a user line holds. */
export function resultIds(json: JsonObject): string[] {
  const content = isObject(json.message) ? json.message.content : undefined;
  if (!Array.isArray(content)) return [];
  return content.filter(isObject).flatMap((block) => stringOf(block.tool_use_id) ?? []);
}

/** Id of the request that a response or its withdrawal is about. */
export function answeredId(json: JsonObject): string {
  const response = isObject(json.response) ? json.response : json;
  return stringOf(response.request_id) ?? "";
}

function askedUse(json: JsonObject, offset: number): AskedUse | undefined {
  const { request } = json;
  const controlId = stringOf(json.request_id);
  if (!isObject(request) || request.subtype !== "can_use_tool" || controlId === null) return undefined;
  const { tool_name: name, input, tool_use_id: useId, permission_suggestions: suggestions } = request;
  const event: HookEvent = {
    offset,
    name: "PermissionRequest",
    sessionId: controlId,
    promptId: null,
    transcriptPath: null,
    subagentId: stringOf(request.agent_id),
    tool: { name: stringOf(name) ?? "", input: input ?? {}, useId: stringOf(useId) },
    ...(Array.isArray(suggestions) ? { suggestions } : {}),
  };
  return { controlId, event };
}
