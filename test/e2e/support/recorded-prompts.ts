import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

export interface RecordedPrompt {
  promptId: string;
  text: string;
  /** Epoch ms, Claude Code's own clock. */
  at: number;
}

interface TranscriptRecord {
  type?: string;
  isMeta?: boolean;
  isSidechain?: boolean;
  promptId?: string;
  timestamp?: string;
  message?: { content?: string | { type: string; text?: string }[] };
}

/**
 * The prompts that a conversation's transcript holds, in the order of the file: read by hand, so that the product's
 * reader is not held against itself.
 */
export async function recordedPrompts(configDir: string, conversationId: string): Promise<RecordedPrompt[]> {
  const folder = path.join(configDir, "projects");
  // Claude Code makes the folder with the first prompt.
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  const file = files.find((name) => path.basename(name) === `${conversationId}.jsonl`);
  if (file === undefined) return [];
  const lines = (await readFile(path.join(folder, file), "utf8")).split("\n").slice(0, -1);
  return lines.flatMap((line) => promptOf(JSON.parse(line) as TranscriptRecord));
}

function promptOf({ type, isMeta, isSidechain, promptId, timestamp, message }: TranscriptRecord): RecordedPrompt[] {
  if (type !== "user" || isMeta === true || isSidechain === true) return [];
  const content = message?.content ?? "";
  const blocks = typeof content === "string" ? [{ type: "text", text: content }] : content;
  if (blocks.some((block) => block.type === "tool_result")) return [];
  // All blocks: a text that came with an attachment is not the text alone.
  const text = blocks.map((block) => (block.type === "text" ? (block.text ?? "") : `<${block.type}>`)).join("");
  return [{ promptId: promptId ?? "", text, at: Date.parse(timestamp ?? "") }];
}
