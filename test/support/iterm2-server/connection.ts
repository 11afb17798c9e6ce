import type { Socket } from "node:net";
import type { Fault, Injection } from "./injection.ts";
import type { Iterm2Model } from "./model/model.ts";
import type { RequestContext } from "./requests/context.ts";
import { HANDLERS } from "./requests/handlers.ts";
import { Subscriptions } from "./requests/subscriptions.ts";
import type { ServerClock } from "./server-clock.ts";
import type { Violations } from "./violations.ts";
import { type Codec, Undecodable } from "./wire/codec.ts";
import { type Frame, FrameReader, frame, OPCODE } from "./wire/frames.ts";
import { child, type Message, number } from "./wire/message.ts";

/** More pongs than these that nobody reads, and iTerm2 gives the connection up. */
const MAX_UNFLUSHED_PONGS = 256;

/** One request that reached the server. */
export interface SeenRequest {
  /** 1 for the first connection of the server's life, and so on. */
  connection: number;
  /** `send_text` and so on. */
  name: string;
  body: Message;
}

export interface ConnectionOptions {
  number: number;
  socket: Socket;
  codec: Codec;
  model: Iterm2Model;
  inject: Injection;
  violations: Violations;
  version: "3.6" | "3.7";
  clock: ServerClock;
  /** Cookies and keys, which have no place in any message. */
  secrets(): readonly string[];
  saw(request: SeenRequest): void;
  /** Drops every connection, as a crash does. */
  crash(why: string): void;
}

/** One accepted WebSocket. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #frames = new FrameReader();
  readonly #context: RequestContext;
  readonly #stopListening: () => void;
  #unflushedPongs = 0;
  #hasEnded = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { model, violations, version, crash, socket } = options;
    const subscriptions = new Subscriptions(model, (notification) => this.#send({ notification }));
    this.#stopListening = model.listen(subscriptions);
    this.#context = { model, violations, version, subscriptions, crash };
    socket.on("data", (data) => this.receive(data));
    socket.on("error", () => undefined);
    socket.on("close", () => this.#end());
  }

  receive(data: Buffer): void {
    for (const one of this.#frames.push(data)) this.#receiveFrame(one);
  }

  /** Ends without a close frame (the client sees 1006). */
  drop(): void {
    this.#end();
    this.#options.socket.destroy();
  }

  /** Ends with an empty close frame (the client sees 1005). */
  close(): void {
    this.#end();
    this.#options.socket.end(frame(OPCODE.close));
  }

  /** Any bytes, for failure injection. */
  sendBytes(data: Uint8Array): void {
    if (this.#options.socket.writable) this.#options.socket.write(data);
  }

  #end(): void {
    this.#hasEnded = true;
    this.#stopListening();
  }

  #receiveFrame({ isFinal, isMasked, opcode, payload }: Frame): void {
    // The real server's handling of continuations aborts the connection.
    if (!isFinal || opcode === OPCODE.continuation || !isMasked) this.drop();
    else if (opcode === OPCODE.binary) void this.#receiveMessage(payload);
    else if (opcode === OPCODE.ping) this.#pong(payload);
    else if (opcode === OPCODE.close) this.close();
  }

  #pong(payload: Buffer): void {
    if (++this.#unflushedPongs > MAX_UNFLUSHED_PONGS) this.drop();
    else this.#options.socket.write(frame(OPCODE.pong, payload), () => this.#unflushedPongs--);
  }

  async #receiveMessage(payload: Buffer): Promise<void> {
    const { codec, violations, inject, saw, secrets } = this.#options;
    if (secrets().some((secret) => payload.includes(secret)))
      violations.record("A message contains the cookie or the key");
    let message: Message;
    try {
      message = codec.decode("ClientOriginatedMessage", payload);
    } catch (error) {
      if (!(error instanceof Undecodable)) throw error;
      if (error.hasSurrogate) violations.record("A message contains half a character (a lone surrogate)");
      // Not a word about it: the client must not wait for ever.
      return;
    }
    const id = number(message, "id") ?? 0;
    const field = Object.keys(message).find((key) => key.endsWith("_request"));
    const name = field?.slice(0, -"_request".length) ?? "";
    const request = field === undefined ? undefined : child(message, field);
    const handler = HANDLERS[name];
    await inject.mainThread();
    if (!request || !handler) return this.#send({ id, error: "Unrecognized submessage" });
    saw({ connection: this.#options.number, name, body: request });
    try {
      await this.#answer(id, name, async () => handler(request, this.#context), inject.take(name));
    } catch (error) {
      // What a request still waited for may have gone with the connection, or with the whole server.
      if (this.#hasEnded) return;
      violations.record(`The fake server itself failed on ${name}: ${error instanceof Error ? error.stack : error}`);
    }
  }

  async #answer(
    id: number,
    name: string,
    run: () => Promise<Message | undefined>,
    fault: Fault | undefined,
  ): Promise<void> {
    const { inject, clock } = this.#options;
    if (fault?.kind === "drop" && fault.when === "before") return this.drop();
    if (fault?.kind === "error") return inject.respond(() => this.#send({ id, error: fault.text }));
    if (fault?.kind === "before") await fault.act();
    const body = fault?.kind === "respond" ? fault.body : await run();
    const response: Message = body ? { id, [`${name}_response`]: body } : { id };
    const send = () => inject.respond(() => this.#send(response));
    switch (fault?.kind) {
      case undefined:
      case "respond":
      case "before":
        return send();
      case "then":
        await fault.act();
        return send();
      case "delay":
        clock.after(fault.ms, send);
        return;
      case "never":
        return;
      case "drop":
        return this.drop();
      case "malformed":
        return this.sendBytes(frame(OPCODE.binary, Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])));
      case "wrong-id":
        return this.#send({ ...response, id: id + 1_000_000 });
      case "no-submessage":
        return this.#send({ id });
      case "huge":
        return this.#sendPadded(response, fault.bytes);
      default:
        throw new Error(`No such fault: ${JSON.stringify(fault satisfies never)}`);
    }
  }

  #send(message: Message): void {
    this.sendBytes(frame(OPCODE.binary, this.#options.codec.encode("ServerOriginatedMessage", message)));
  }

  /** Pads with field 9999, which no schema knows. */
  #sendPadded(message: Message, bytes: number): void {
    const body = this.#options.codec.encode("ServerOriginatedMessage", message);
    const length = [];
    for (let rest = bytes; ; rest = Math.floor(rest / 128)) {
      if (rest < 128) {
        length.push(rest);
        break;
      }
      length.push((rest % 128) | 0x80);
    }
    const key = (9999 << 3) | 2;
    const head = Buffer.from([(key & 0x7f) | 0x80, ((key >> 7) & 0x7f) | 0x80, key >> 14, ...length]);
    this.sendBytes(frame(OPCODE.binary, Buffer.concat([body, head, Buffer.alloc(bytes)])));
  }
}
