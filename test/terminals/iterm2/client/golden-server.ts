import { createServer } from "node:http";
import { join } from "node:path";
import { type WebSocket, WebSocketServer } from "ws";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

/** A server that knows nothing of the protocol: it keeps the frames it gets, and sends the bytes it is told to. */
export interface GoldenServer {
  socketPath: string;
  /** Binary frames received, in hex with blanks between the bytes. */
  frames: string[];
  /** Headers of each handshake. */
  handshakes: Record<string, string | string[] | undefined>[];
  sockets: WebSocket[];
  dispose(): Promise<void>;
}

/** @param answer the frames to send for a frame, in hex */
export async function startGoldenServer(answer: (frame: string) => string[]): Promise<GoldenServer> {
  const directory = await temporaryDirectory("golden iterm2");
  const socketPath = join(directory.path, "socket");
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  const golden: GoldenServer = {
    socketPath,
    frames: [],
    handshakes: [],
    sockets: [],
    async dispose() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await new Promise((resolve) => http.close(resolve));
      await directory.remove();
    },
  };
  server.on("headers", (headers) => headers.push("X-iTerm2-Protocol-Version: 1.11"));
  server.on("connection", (socket, request) => {
    golden.handshakes.push(request.headers);
    golden.sockets.push(socket);
    socket.on("message", (data, isBinary) => {
      if (!isBinary) throw new Error("iTerm2 ignores text frames");
      const frame = toHex(data as Buffer);
      golden.frames.push(frame);
      for (const bytes of answer(frame)) socket.send(fromHex(bytes));
    });
  });
  await new Promise<void>((resolve) => http.listen(socketPath, resolve));
  return golden;
}

function toHex(bytes: Buffer): string {
  return bytes.toString("hex").replace(/..(?=.)/g, "$& ");
}

export function fromHex(hex: string): Buffer {
  return Buffer.from(hex.replace(/\s/g, ""), "hex");
}
