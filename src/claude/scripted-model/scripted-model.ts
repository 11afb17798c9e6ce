import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../core/ports/clock.ts";
import { apiError } from "./api-error.ts";
import { parseDirectives, type ReplyStep, scriptSegment } from "./directives.ts";
import { type ModelRequest, parseModelRequest } from "./model-request.ts";
import { playReply } from "./reply-stream.ts";
import { sideReply } from "./side-reply.ts";

/** What to answer to a turn; undefined leaves it to the directives in the prompt. */
export type ReplyHandler = (request: ModelRequest) => readonly ReplyStep[] | undefined;

export interface ScriptedModel {
  /** `http://127.0.0.1:<port>`, for ANTHROPIC_BASE_URL. */
  url: string;
  /** Every call so far, in order of arrival. */
  requests: readonly ModelRequest[];
  /** Cuts every connection and refuses new ones until `accept`, as when the network or the service is gone. */
  refuse(): Promise<void>;
  /** Listens again, on the same port. */
  accept(): Promise<void>;
  /** Ends running replies and closes the port. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a Messages API on a free port of 127.0.0.1 for Claude Code to talk to: no account, no network, and answers
 * that the prompts themselves script (see `parseDirectives`).
 */
export async function startScriptedModel(options: { clock: Clock; reply?: ReplyHandler }): Promise<ScriptedModel> {
  const requests: ModelRequest[] = [];
  const attempts = new Map<string, number>();
  const closing = new AbortController();

  async function answerMessages(request: ModelRequest, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const steps = request.kind === "side" ? sideReply(request) : turnSteps(request, options.reply);
    const signal = AbortSignal.any([gone.signal, closing.signal]);
    if (await playReply(response, request, steps, { clock: options.clock, signal })) {
      request.repliedAt = options.clock.now();
    }
  }

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(incoming.url ?? "/", "http://127.0.0.1").pathname;
    const body = await readBody(incoming);
    const receivedAt = options.clock.now();
    if (incoming.method !== "POST") return json(response, 200, {});
    if (path !== "/v1/messages" && path !== "/v1/messages/count_tokens") return apiError(response, { status: 404 });
    const parsed = parseJson(body);
    if (parsed === undefined) return apiError(response, { status: 400 });
    if (path.endsWith("/count_tokens")) return json(response, 200, { input_tokens: Math.ceil(body.length / 4) });
    const request: ModelRequest = {
      ...parseModelRequest(parsed),
      number: requests.length + 1,
      attempt: nextAttempt(attempts, parsed),
      receivedAt,
    };
    requests.push(request);
    return answerMessages(request, response);
  }

  const server = createServer((incoming, response) => {
    // A client that goes away in the middle of a reply is everyday life: Esc, a killed agent.
    answer(incoming, response).catch(() => response.destroy());
  });
  const listen = (on: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(on, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  const stopListening = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    refuse: stopListening,
    accept: () => listen(port),
    async close() {
      closing.abort();
      await stopListening();
    },
  };
}

function turnSteps(request: ModelRequest, reply: ReplyHandler | undefined): ReplyStep[] {
  const script = reply?.(request) ?? parseDirectives(request.prompt);
  return scriptSegment(script, request.toolRounds);
}

/** A retry repeats the conversation to the letter; the same prompt said again comes with a longer conversation. */
function nextAttempt(attempts: Map<string, number>, body: object): number {
  const { messages, model } = body as { messages?: unknown; model?: unknown };
  const key = createHash("sha256")
    .update(JSON.stringify([model, messages]))
    .digest("base64");
  const attempt = (attempts.get(key) ?? 0) + 1;
  attempts.set(key, attempt);
  return attempt;
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
