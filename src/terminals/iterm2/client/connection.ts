import type { Socket } from "node:net";
import { WebSocket } from "ws";
import { aborted, Iterm2Error, type Iterm2ErrorDetails } from "./errors.ts";
import {
  decodeServerMessage,
  encodeRequest,
  type Notification,
  type RequestKind,
  type Requests,
  type Responses,
  responseOf,
  type ServerMessage,
} from "./messages.ts";
import { onAbort } from "./on-abort.ts";
import type { ClientClock, ClientLogger } from "./options.ts";
import type { ProtocolVersion } from "./protocol-version.ts";
import type { Upgraded } from "./upgrade.ts";
import { isVague } from "./vague-id.ts";

export interface SendOptions {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** For errors. */
  ids?: readonly string[];
}

/** Why a connection is no more: `closed` by us, or `lost`. */
export type ConnectionEnd = "closed" | "lost";

export interface ConnectionListener {
  onNotification(notification: Notification): void;
  onEnd(end: ConnectionEnd): void;
}

/** How long to wait for iTerm2's close frame. */
const CLOSE_TIMEOUT_MS = 1_000;

interface Pending {
  settle(message: ServerMessage): void;
  fail(error: Iterm2Error): void;
}

/** One WebSocket and the requests that are under way on it. Never reopens. */
export class Connection {
  readonly protocolVersion: ProtocolVersion;
  /** How many subscriptions want a topic, by its key; kept by `subscribe`. */
  readonly claims = new Map<string, number>();
  readonly #socket: WebSocket;
  readonly #transport: Socket;
  readonly #clock: ClientClock;
  readonly #logger: ClientLogger | undefined;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<ConnectionListener>();
  readonly #closed: Promise<void>;
  #lastId = 0;
  #end: ConnectionEnd | undefined;

  constructor({ socket, transport, protocolVersion }: Upgraded, clock: ClientClock, logger?: ClientLogger) {
    this.protocolVersion = protocolVersion;
    this.#socket = socket;
    this.#transport = transport;
    // A program that has nothing else to do ends, connected or not; only an answer that is due keeps it.
    transport.unref();
    this.#clock = clock;
    this.#logger = logger;
    socket.on("message", (data, isBinary) => {
      if (isBinary && Buffer.isBuffer(data)) this.#receive(data);
    });
    // iTerm2's close frame carries no code; what tells more (a bad frame, one that is too big) comes as an error before.
    socket.on("error", (error) => this.#logger?.warn("iterm2.connection.error", { message: error.message }));
    this.#closed = new Promise((resolve) => {
      const onClose = () => {
        this.#finish("lost");
        resolve();
      };
      if (socket.readyState === WebSocket.CLOSED) onClose();
      else socket.once("close", onClose);
    });
  }

  get isOpen(): boolean {
    return this.#end === undefined && this.#socket.readyState === WebSocket.OPEN;
  }

  /**
   * Sends a request once and waits for its answer, whatever its status. Answers may come in any order.
   * @throws INVALID_ARGUMENT, REQUEST_TIMEOUT, REQUEST_UNKNOWN, BAD_ANSWER, CONNECTION_LOST, CLOSED, ABORTED, each with the outcome
   */
  send<K extends RequestKind>(kind: K, content: Requests[K], options: SendOptions): Promise<Responses[K]> {
    const { timeoutMs, signal, ids } = options;
    const details: Iterm2ErrorDetails = { request: kind, ...(ids && { ids }) };
    return new Promise((resolve, reject) => {
      if (ids?.some(isVague)) return reject(vague(kind, ids));
      if (signal?.aborted) return reject(aborted(signal, { ...details, outcome: "none" }));
      if (!this.isOpen) return reject(ended(this.#end ?? "lost", { ...details, outcome: "none" }));
      const id = ++this.#lastId;
      const frame = encodeRequest(id, kind, content);
      const finish = () => {
        stopTimer();
        forget();
        this.#pending.delete(id);
        if (this.#pending.size === 0) this.#transport.unref();
      };
      const fail = (error: Iterm2Error) => {
        finish();
        reject(error);
      };
      const unknown = { ...details, outcome: "unknown" } as const;
      const stopTimer = this.#clock.every(timeoutMs, () => fail(timedOut(kind, timeoutMs, unknown)));
      const forget = onAbort(signal, () => fail(aborted(signal, unknown)));
      this.#pending.set(id, {
        fail: (error) => fail(new Iterm2Error(error.code, error.message, { details: unknown })),
        settle: (message) => {
          const response = responseOf(kind, message);
          if (response === undefined) return fail(withoutContent(kind, message.error, details));
          finish();
          resolve(response);
        },
      });
      this.#transport.ref();
      this.#socket.send(frame, { binary: true });
    });
  }

  /** Hears of every notification, and once of the end. Returns what takes it back. */
  listen(listener: ConnectionListener): () => void {
    if (this.#end) listener.onEnd(this.#end);
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the connection; what is under way fails with CLOSED. Resolves when the socket is gone. */
  async close(): Promise<void> {
    this.#finish("closed");
    this.#socket.close();
    const stopTimer = this.#clock.every(CLOSE_TIMEOUT_MS, () => this.#socket.terminate());
    await this.#closed;
    stopTimer();
  }

  #receive(data: Uint8Array): void {
    let message: ServerMessage;
    try {
      message = decodeServerMessage(data);
    } catch (error) {
      // Whose answer it was cannot be told. Its request runs into its time-out.
      this.#logger?.warn("iterm2.message.undecodable", { bytes: data.byteLength, message: String(error) });
      return;
    }
    if (message.notification) {
      for (const listener of [...this.#listeners]) listener.onNotification(message.notification);
      return;
    }
    const pending = this.#pending.get(message.id ?? 0);
    if (pending) pending.settle(message);
    else this.#logger?.debug("iterm2.answer.unexpected", { id: message.id ?? 0 });
  }

  #finish(end: ConnectionEnd): void {
    if (this.#end) return;
    this.#end = end;
    for (const { fail } of [...this.#pending.values()]) fail(ended(end));
    for (const listener of [...this.#listeners]) listener.onEnd(end);
    this.#listeners.clear();
  }
}

function ended(end: ConnectionEnd, details?: Iterm2ErrorDetails): Iterm2Error {
  const [code, message] =
    end === "closed"
      ? (["CLOSED", "The connection to iTerm2 was closed"] as const)
      : (["CONNECTION_LOST", "iTerm2 ended the connection"] as const);
  return new Iterm2Error(code, message, details && { details });
}

function timedOut(kind: string, timeoutMs: number, details: Iterm2ErrorDetails): Iterm2Error {
  return new Iterm2Error("REQUEST_TIMEOUT", `iTerm2 did not answer ${kind} within ${timeoutMs} ms`, {
    hint: "iTerm2 is busy (dialog open?)",
    details,
  });
}

function vague(kind: string, ids: readonly string[]): Iterm2Error {
  return new Iterm2Error("INVALID_ARGUMENT", `${kind} needs the id of one thing`, {
    details: { request: kind, ids, outcome: "none" },
  });
}

/** A bad line range is one way to get an answer without content. */
function withoutContent(kind: string, error: string | null | undefined, details: Iterm2ErrorDetails): Iterm2Error {
  if (error) {
    return new Iterm2Error("REQUEST_UNKNOWN", `iTerm2 does not understand ${kind}: ${error}`, {
      details: { ...details, outcome: "none" },
    });
  }
  return new Iterm2Error("BAD_ANSWER", `iTerm2 answered ${kind} without content`, {
    details: { ...details, outcome: "unknown" },
  });
}
