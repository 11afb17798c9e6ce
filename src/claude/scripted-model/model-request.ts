/** One call of the Messages API, as far as the scripted model cares. Times are epoch milliseconds. */
export interface ModelRequest {
  /** 1, 2, 3 … in order of arrival. */
  number: number;
  /**
   * `turn`: an agent (or a subagent) asks for its next message. `side`: Claude Code's own errands: titles, topic
   * detection, warm-up, quota checks.
   */
  kind: "turn" | "side";
  model: string;
  /** The whole system prompt as text. */
  system: string;
  /** The newest prompt of the user, without the reminders that Claude Code adds. */
  prompt: string;
  /** Tool results since that prompt: which piece of the script is due. */
  toolRounds: number;
  /** 1 for the first try, counted up while the same request is sent again. */
  attempt: number;
  toolNames: string[];
  isStreaming: boolean;
  /** What the caller says of itself (`metadata.user_id`), "" when absent; holds Claude Code's session id. */
  userId: string;
  /** When the whole request was in. */
  receivedAt: number;
  /** When the last byte of the reply was handed to the network; undefined while it is being sent or after a cut. */
  repliedAt?: number;
}

export type ParsedRequest = Omit<ModelRequest, "number" | "attempt" | "receivedAt" | "repliedAt">;

/** Reads a Messages API body of any shape; what is missing is empty. */
export function parseModelRequest(body: unknown): ParsedRequest {
  const { model, system, messages, tools, stream, metadata } = record(body);
  const tail = promptOf(list(messages).map(record));
  const toolNames = list(tools).map((tool) => text(record(tool).name));
  return {
    kind: isTurn(toolNames, tail.prompt) ? "turn" : "side",
    model: text(model),
    system: blocks(system).join("\n"),
    ...tail,
    toolNames,
    isStreaming: stream === true,
    userId: text(record(metadata).user_id),
  };
}

/** Claude Code's errands carry no tools; its warm-up asks for nothing but a word. */
function isTurn(toolNames: readonly string[], prompt: string): boolean {
  return toolNames.length > 0 && prompt !== "Warmup";
}

function promptOf(messages: readonly Record<string, unknown>[]): { prompt: string; toolRounds: number } {
  let toolRounds = 0;
  for (const message of messages.toReversed()) {
    if (message.role !== "user") continue;
    const prompt = blocks(afterResults(message.content)).findLast((block) => !isReminder(block));
    if (prompt !== undefined) return { prompt, toolRounds };
    if (hasToolResult(message.content)) toolRounds++;
  }
  return { prompt: "", toolRounds };
}

/** After an interruption or an error, the next prompt is sent in one message with the last tool's result. */
function afterResults(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  return content.slice(content.findLastIndex((block) => record(block).type === "tool_result") + 1);
}

function isReminder(block: string): boolean {
  const isOfTheProgram = block.startsWith("[Request interrupted by user") || block === TOOLS_WERE_FOUND;
  return isOfTheProgram || block.trimStart().startsWith("<system-reminder>");
}

/** What 2.1.330 says below the result of a search for tools. */
const TOOLS_WERE_FOUND = "Tool loaded.";

function hasToolResult(content: unknown): boolean {
  return list(content).some((block) => record(block).type === "tool_result");
}

/** Text blocks of a content that is a string or a list of blocks. */
function blocks(content: unknown): string[] {
  if (typeof content === "string") return [content];
  return list(content)
    .map(record)
    .filter((block) => block.type === "text")
    .map((block) => text(block.text));
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
