import type { Readable, Writable } from "node:stream";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import {
  ErrorCode,
  type JSONRPCMessage,
  JSONRPCMessageSchema,
  type RequestId,
} from "@modelcontextprotocol/sdk/types.js";

/** A longer line is refused, so that a client cannot fill the memory. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * One JSON-RPC message a line. Beyond the SDK's own transport it answers what is not JSON-RPC instead of staying
 * silent, notices both ends closing, and knows which requests still wait for their answer to be written.
 */
export class StdioTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: ((message: JSONRPCMessage) => void) | undefined;

  /** Resolves with the reason when the client closed its end of either stream. */
  readonly hungUp: Promise<"input ended" | "output closed">;

  readonly #input: Readable;
  readonly #output: Writable;
  readonly #unanswered = new Set<RequestId>();
  readonly #writes = new Set<Promise<void>>();
  #line: Buffer[] = [];
  #lineBytes = 0;
  #isOverlong = false;
  #isOutputClosed = false;
  #answered: (() => void) | undefined;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
    this.hungUp = new Promise((resolve) => {
      const inputEnded = () => resolve("input ended");
      for (const event of ["end", "close", "error"]) input.once(event, inputEnded);
      // Stays for good: a write that fails after the end (EPIPE) must not become an uncaught error.
      const outputClosed = () => {
        this.#isOutputClosed = true;
        this.#answered?.();
        resolve("output closed");
      };
      output.on("error", outputClosed);
      output.once("close", outputClosed);
    });
  }

  async start(): Promise<void> {
    this.#input.on("data", this.#onData);
  }

  send(message: JSONRPCMessage): Promise<void> {
    const written = this.#write(message);
    if (!("method" in message) && message.id !== undefined) this.#settle(message.id);
    return written;
  }

  /** Resolves when every request that came in has been answered and written out, or cannot be any more. */
  async drained(): Promise<void> {
    if (this.#unanswered.size > 0 && !this.#isOutputClosed) {
      await new Promise<void>((resolve) => {
        this.#answered = resolve;
      });
    }
    await Promise.allSettled(this.#writes);
  }

  async close(): Promise<void> {
    this.#input.off("data", this.#onData);
    this.#input.pause();
    if (!this.#isOutputClosed) await Promise.allSettled(this.#writes);
    this.onclose?.();
  }

  readonly #onData = (chunk: Buffer | string) => {
    let rest = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      this.#collect(rest.subarray(0, end));
      this.#endLine();
      rest = rest.subarray(end + 1);
    }
    this.#collect(rest);
  };

  #collect(part: Buffer): void {
    if (this.#isOverlong || part.length === 0) return;
    this.#line.push(part);
    this.#lineBytes += part.length;
    if (this.#lineBytes <= MAX_LINE_BYTES) return;
    this.#line = [];
    this.#isOverlong = true;
  }

  #endLine(): void {
    const line = Buffer.concat(this.#line).toString("utf8").trim();
    const isOverlong = this.#isOverlong;
    this.#line = [];
    this.#lineBytes = 0;
    this.#isOverlong = false;
    if (isOverlong) this.#refuse(null, ErrorCode.InvalidRequest, `Message over ${MAX_LINE_BYTES} bytes`);
    else if (line !== "") this.#receive(line);
  }

  #receive(line: string): void {
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      this.#refuse(null, ErrorCode.ParseError, "Not JSON");
      return;
    }
    const parsed = JSONRPCMessageSchema.safeParse(json);
    if (parsed.success) this.#dispatch(parsed.data);
    else this.#refuse(requestId(json), ErrorCode.InvalidRequest, "Not a JSON-RPC 2.0 message");
  }

  #dispatch(message: JSONRPCMessage): void {
    if ("method" in message && "id" in message) this.#unanswered.add(message.id);
    // The SDK sends no answer to a cancelled request.
    if ("method" in message && message.method === "notifications/cancelled") {
      const id = message.params?.requestId;
      if (typeof id === "string" || typeof id === "number") this.#settle(id);
    }
    this.onmessage?.(message);
  }

  #refuse(id: RequestId | null, code: number, message: string): void {
    this.onerror?.(new Error(message));
    void this.#write({ jsonrpc: "2.0", id, error: { code, message } });
  }

  #settle(id: RequestId): void {
    this.#unanswered.delete(id);
    if (this.#unanswered.size === 0) this.#answered?.();
  }

  #write(message: object): Promise<void> {
    if (this.#isOutputClosed) return Promise.resolve();
    const written = new Promise<void>((resolve) => {
      this.#output.write(`${JSON.stringify(message)}\n`, () => resolve());
    });
    this.#writes.add(written);
    return written.finally(() => this.#writes.delete(written));
  }
}

function requestId(json: unknown): RequestId | null {
  if (typeof json !== "object" || json === null || !("id" in json)) return null;
  return typeof json.id === "string" || typeof json.id === "number" ? json.id : null;
}
