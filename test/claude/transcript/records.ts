import { randomUUID } from "node:crypto";
import { parseRecord, type TranscriptRecord } from "../../../src/claude/transcript/record.ts";

type Json = Record<string, unknown>;

const USAGE = {
  input_tokens: 10,
  output_tokens: 5,
  cache_creation_input_tokens: 2,
  cache_read_input_tokens: 3,
};

/** Writes transcript records shaped like Claude Code's, each hanging off the one before. */
export class TranscriptWriter {
  readonly lines: string[] = [];
  last: string | null = null;
  #seconds = 0;

  add(json: Json): string {
    const uuid = randomUUID();
    this.#seconds += 1;
    const timestamp = new Date(Date.UTC(2026, 10, 21, 6, 0, this.#seconds)).toISOString();
    this.lines.push(JSON.stringify({ parentUuid: this.last, isSidechain: false, ...json, uuid, timestamp }));
    this.last = uuid;
    return uuid;
  }

  prompt(promptId: string, text: string, more: Json = {}): string {
    return this.add({
      promptId,
      type: "user",
      message: { role: "user", content: text },
      origin: { kind: "human" },
      ...more,
    });
  }

  user(text: string, more: Json = {}): string {
    return this.add({ type: "user", message: { role: "user", content: text }, ...more });
  }

  result(promptId: string, id: string, content: string, isError?: boolean): string {
    const block = {
      type: "tool_result",
      tool_use_id: id,
      content,
      ...(isError === undefined ? {} : { is_error: isError }),
    };
    return this.add({ promptId, type: "user", message: { role: "user", content: [block] } });
  }

  interruption(promptId: string): string {
    const content = [{ type: "text", text: "[Request interrupted by user]" }];
    return this.add({ promptId, type: "user", message: { role: "user", content } });
  }

  /** One line per block, as Claude Code writes them. */
  assistant(id: string, stopReason: string | null, blocks: Json[], more: Json = {}): void {
    for (const block of blocks) {
      const message = {
        id,
        type: "message",
        role: "assistant",
        model: "claude-x",
        content: [block],
        stop_reason: stopReason,
        usage: USAGE,
      };
      this.add({ message, requestId: `req_${id}`, type: "assistant", ...more });
    }
  }

  text(id: string, text: string, stopReason: string | null = "end_turn"): void {
    this.assistant(id, stopReason, [{ type: "text", text }]);
  }

  apiError(text: string, error: string): void {
    this.assistant(randomUUID(), "stop_sequence", [{ type: "text", text }], { isApiErrorMessage: true, error });
  }

  duration(durationMs: number): void {
    this.add({ type: "system", subtype: "turn_duration", durationMs });
  }

  other(json: Json): void {
    this.lines.push(JSON.stringify(json));
  }

  get content(): string {
    return this.lines.map((line) => `${line}\n`).join("");
  }

  get records(): TranscriptRecord[] {
    return recordsOf(this.content);
  }
}

/** The records of a transcript's text. */
export function recordsOf(content: string): TranscriptRecord[] {
  let offset = 0;
  return content.split("\n").flatMap((line) => {
    const bytes = Buffer.from(line);
    const end = offset + bytes.length + 1;
    const record = parseRecord({ offset, end, bytes });
    offset = end;
    return record ? [record] : [];
  });
}
