import { connect, type Socket } from "node:net";
import { Codec } from "./wire/codec.ts";
import { FrameReader, frame, OPCODE } from "./wire/frames.ts";
import { child, type Message, number, text } from "./wire/message.ts";

const MASK = [0x37, 0xfa, 0x21, 0x3d] as const;

/** An upgrade that a real iTerm2 accepts, but for the cookie. */
export const GOOD_HEADERS: Readonly<Record<string, string>> = {
  Host: "localhost",
  Origin: "ws://localhost/",
  Upgrade: "websocket",
  Connection: "Upgrade",
  "Sec-WebSocket-Protocol": "api.iterm2.com",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  "x-iterm2-library-version": "node 1.0",
  "x-iterm2-disable-auth-ui": "true",
};

/** A client of the fewest lines, for the fake server's own tests: it writes what it is told, right or wrong. */
export class RawClient {
  /** Of the answer to the upgrade; 0 when the connection ended without one. */
  readonly status: number;
  /** Everything that was received before the frames. */
  readonly head: string;
  /** Contents of the notifications so far. */
  readonly notifications: Message[] = [];
  /** Resolves with the opcodes of all frames that were received, when the connection has ended. */
  readonly ended: Promise<number[]>;
  readonly #socket: Socket;
  readonly #codec = new Codec();
  readonly #frames = new FrameReader();
  readonly #opcodes: number[] = [];
  readonly #waiting = new Map<number, (message: Message) => void>();
  #lastId = 0;

  private constructor(socket: Socket, head: string, rest: Buffer) {
    this.#socket = socket;
    this.head = head;
    this.status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0);
    this.ended = new Promise((resolve) => socket.once("close", () => resolve(this.#opcodes)));
    socket.on("data", (data) => this.#receive(data));
    this.#receive(rest);
    if (socket.destroyed) socket.emit("close");
  }

  /** Resolves with the server's answer, whatever it is. A header that is undefined is left out. */
  static open(
    socketPath: string,
    headers: Record<string, string | undefined> = {},
    requestLine = "GET / HTTP/1.1",
  ): Promise<RawClient> {
    const all = Object.entries({ ...GOOD_HEADERS, ...headers }).filter(([, value]) => value !== undefined);
    const socket = connect(socketPath);
    socket.write(`${[requestLine, ...all.map(([name, value]) => `${name}: ${value}`)].join("\r\n")}\r\n\r\n`);
    return new Promise((resolve, reject) => {
      let received = Buffer.alloc(0);
      const settle = () => {
        socket
          .off("data", read)
          .off("close", settle)
          .off("error", reject)
          .on("error", () => undefined);
        const end = received.indexOf("\r\n\r\n");
        const cut = end < 0 ? received.length : end + 4;
        resolve(new RawClient(socket, received.subarray(0, cut).toString(), received.subarray(cut)));
      };
      const read = (data: Buffer) => {
        received = Buffer.concat([received, data]);
        if (received.includes("\r\n\r\n")) settle();
      };
      socket.on("data", read).once("close", settle).once("error", reject);
    });
  }

  /** The whole response message to one request. */
  exchange(name: string, body: Message): Promise<Message> {
    const id = ++this.#lastId;
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    this.send(this.#codec.encode("ClientOriginatedMessage", { id, [`${name}_request`]: body }));
    return answer;
  }

  /** The submessage of the response. @throws Error when there is none */
  async request(name: string, body: Message = {}): Promise<Message> {
    const answer = await this.exchange(name, body);
    const response = child(answer, `${name}_response`);
    if (!response) throw new Error(`No response to ${name}: ${text(answer, "error") ?? "no submessage"}`);
    return response;
  }

  /** One frame with these bytes. */
  send(payload: Uint8Array, { opcode = OPCODE.binary as number, isFinal = true } = {}): void {
    this.#socket.write(frame(opcode, payload, { mask: MASK, isFinal }));
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(data: Buffer): void {
    for (const { opcode, payload } of this.#frames.push(data)) {
      this.#opcodes.push(opcode);
      if (opcode !== OPCODE.binary) continue;
      const message = this.#codec.decode("ServerOriginatedMessage", payload);
      const notification = child(message, "notification");
      if (notification) this.notifications.push(notification);
      this.#waiting.get(number(message, "id") ?? 0)?.(message);
    }
  }
}
