import type { ServerResponse } from "node:http";
import type { Clock } from "../../core/ports/clock.ts";
import { apiError, finished, limitError } from "./api-error.ts";
import type { ReplyStep } from "./directives.ts";
import type { ModelRequest } from "./model-request.ts";
import { serverSentEvent } from "./server-sent-event.ts";

type Block =
  | { type: "text"; text: string }
  | { type: "thinking"; thinking: string; signature: string }
  | { type: "tool_use"; id: string; name: string; input: Record<string, unknown> };

/**
 * Plays the steps of one API message on a response, streamed (server-sent events) or as one JSON document. Resolves
 * `true` when the whole reply was handed to the network, `false` when the script cut the connection.
 * @throws CANCELLED when `signal` aborts (the client went away, the server closes)
 */
export async function playReply(
  response: ServerResponse,
  request: ModelRequest,
  steps: readonly ReplyStep[],
  options: { clock: Clock; signal: AbortSignal },
): Promise<boolean> {
  const { clock, signal } = options;
  const message = new ReplyMessage(response, request);
  for (const step of steps) {
    switch (step.kind) {
      case "text":
        message.text(step.text);
        break;
      case "thinking":
        message.thinking(step.text);
        break;
      case "stream":
        for (let n = 1; n <= step.count; n++) {
          message.text(`${n > 1 ? " " : ""}piece ${n}`);
          await clock.sleep(step.everyMs, signal);
        }
        break;
      case "sleep":
        await clock.sleep(step.ms, signal);
        break;
      case "tool":
        message.tool(step.name, step.input);
        break;
      case "error":
        if (step.times !== undefined && request.attempt > step.times) break;
        await apiError(response, step);
        return true;
      case "limit":
        await limitError(response, step);
        return true;
      case "drop":
        response.destroy();
        return false;
      default:
        step satisfies never;
    }
  }
  await message.end();
  return true;
}

/** The message being said. Adjacent texts are one block, as a real model's are. */
class ReplyMessage {
  readonly #response: ServerResponse;
  readonly #request: ModelRequest;
  readonly #blocks: Block[] = [];
  #hasBegun = false;

  constructor(response: ServerResponse, request: ModelRequest) {
    this.#response = response;
    this.#request = request;
  }

  text(text: string): void {
    const open = this.#blocks.at(-1);
    if (open?.type === "text") open.text += text;
    else this.#open({ type: "text", text }, { type: "text", text: "" });
    this.#delta({ type: "text_delta", text });
  }

  thinking(thinking: string): void {
    this.#open(
      { type: "thinking", thinking, signature: "scripted" },
      { type: "thinking", thinking: "", signature: "" },
    );
    this.#delta({ type: "thinking_delta", thinking });
    this.#delta({ type: "signature_delta", signature: "scripted" });
  }

  tool(name: string, input: Record<string, unknown>): void {
    const id = `toolu_scripted_${this.#request.number}_${this.#blocks.length}`;
    this.#open({ type: "tool_use", id, name, input }, { type: "tool_use", id, name, input: {} });
    this.#delta({ type: "input_json_delta", partial_json: JSON.stringify(input) });
  }

  begin(): void {
    if (this.#hasBegun || !this.#request.isStreaming) return;
    this.#hasBegun = true;
    this.#response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    const usage = { ...this.#usage(), output_tokens: 1 };
    this.#event("message_start", { message: { ...this.#envelope(), content: [], stop_reason: null, usage } });
  }

  async end(): Promise<void> {
    const stopReason = this.#blocks.at(-1)?.type === "tool_use" ? "tool_use" : "end_turn";
    if (!this.#request.isStreaming) {
      const message = { ...this.#envelope(), content: this.#blocks, stop_reason: stopReason, usage: this.#usage() };
      this.#response.writeHead(200, { "content-type": "application/json" });
      return finished(this.#response, JSON.stringify(message));
    }
    this.begin();
    this.#closeBlock();
    this.#event("message_delta", {
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage: { output_tokens: this.#usage().output_tokens },
    });
    return finished(this.#response, serverSentEvent("message_stop", {}));
  }

  #open(block: Block, start: Block): void {
    this.begin();
    this.#closeBlock();
    this.#blocks.push(block);
    this.#event("content_block_start", { index: this.#blocks.length - 1, content_block: start });
  }

  #closeBlock(): void {
    if (this.#blocks.length > 0) this.#event("content_block_stop", { index: this.#blocks.length - 1 });
  }

  #delta(delta: Record<string, unknown>): void {
    this.#event("content_block_delta", { index: this.#blocks.length - 1, delta });
  }

  #event(type: string, fields: Record<string, unknown>): void {
    if (this.#request.isStreaming) this.#response.write(serverSentEvent(type, fields));
  }

  #envelope() {
    return {
      id: `msg_scripted_${this.#request.number}`,
      type: "message",
      role: "assistant",
      model: this.#request.model,
      stop_sequence: null,
    };
  }

  /** Four characters a token, near enough for a usage report to have something to add up. */
  #usage() {
    const said = this.#blocks.reduce((sum, block) => sum + JSON.stringify(block).length, 0);
    return {
      input_tokens: Math.ceil((this.#request.prompt.length + this.#request.system.length) / 4),
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: Math.ceil(said / 4),
    };
  }
}
