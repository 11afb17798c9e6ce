import type { IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { WebSocket } from "ws";
import type { Credentials } from "./credentials.ts";
import { aborted, Iterm2Error } from "./errors.ts";
import { onAbort } from "./on-abort.ts";
import type { ClientOptions } from "./options.ts";
import { type ProtocolVersion, parseProtocolVersion } from "./protocol-version.ts";

const SUBPROTOCOL = "api.iterm2.com";
/** iTerm2 sets no bound; a screen takes some kilobytes, thousands of lines of scrollback some megabytes. */
const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

/** An open WebSocket. Its `error` event is listened to already: an unhandled one would end the process. */
export interface Upgraded {
  socket: WebSocket;
  /** What it runs on. */
  transport: Socket;
  protocolVersion: ProtocolVersion;
}

/**
 * One handshake.
 * @throws UNREACHABLE, UNAUTHORIZED, HANDSHAKE_REJECTED, HANDSHAKE_TIMEOUT, HANDSHAKE_DROPPED, ABORTED
 */
export function upgrade(
  options: ClientOptions,
  credentials: Credentials | undefined,
  signal: AbortSignal | undefined,
): Promise<Upgraded> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(signal, { outcome: "none" }));
    let version: string | undefined;
    const transport = connect({ path: options.socketPath });
    // The path of the socket holds a space, which no ws+unix: address can.
    const socket = new WebSocket("ws://localhost/", [SUBPROTOCOL], {
      createConnection: () => transport,
      origin: "ws://localhost/",
      headers: {
        "x-iterm2-library-version": "node 1.0",
        "x-iterm2-advisory-name": printable(options.name),
        // Without it iTerm2 asks the person in a modal dialog when the cookie is not good.
        "x-iterm2-disable-auth-ui": "true",
        ...credentials?.headers(),
      },
      perMessageDeflate: false,
      maxPayload: MAX_PAYLOAD_BYTES,
      followRedirects: false,
    });
    const timeoutMs = options.handshakeTimeoutMs ?? 10_000;
    const stopTimer = options.clock.every(timeoutMs, () => fail(timedOut(timeoutMs)));
    const forget = onAbort(signal, () => fail(aborted(signal, { outcome: "none" })));
    const settle = () => {
      stopTimer();
      forget();
    };
    const fail = (error: Iterm2Error) => {
      settle();
      reject(error);
      // Makes ws emit one more error, to the same listener, which rejects in vain.
      socket.terminate();
    };
    socket.on("error", (error) => fail(connectFailure(error, options.socketPath)));
    socket.on("unexpected-response", (_request, response) => fail(rejection(response)));
    socket.on("upgrade", (response) => {
      version = String(response.headers["x-iterm2-protocol-version"] ?? "");
    });
    socket.on("open", () => {
      settle();
      socket.removeAllListeners("error");
      socket.on("error", () => {});
      resolve({ socket, transport, protocolVersion: parseProtocolVersion(version) });
    });
  });
}

function rejection({ statusCode }: IncomingMessage): Iterm2Error {
  if (statusCode === 401) return unauthorized();
  return new Iterm2Error("HANDSHAKE_REJECTED", `iTerm2 rejected the connection (HTTP ${statusCode})`, {
    hint: "This version of iTerm2 is not supported.",
    details: { httpStatus: statusCode ?? null },
  });
}

function unauthorized(): Iterm2Error {
  return new Iterm2Error("UNAUTHORIZED", "iTerm2 did not let this program in", {
    hint: "Allow it when iTerm2 asks, or look at iTerm2 > Settings > General > Magic.",
  });
}

const UNREACHABLE: Record<string, string> = {
  ENOENT: "no-socket",
  ENOTDIR: "no-socket",
  ECONNREFUSED: "stale-socket",
  EACCES: "no-access",
  EPERM: "no-access",
};

function connectFailure(error: NodeJS.ErrnoException, socketPath: string): Iterm2Error {
  const reason = UNREACHABLE[error.code ?? ""];
  if (reason !== undefined) {
    return new Iterm2Error("UNREACHABLE", `Nothing answers at iTerm2's socket ${socketPath}`, {
      hint: "Is iTerm2 running, and Settings > General > Magic > Enable Python API on?",
      details: { reason },
      cause: error,
    });
  }
  if (error.code === "ECONNRESET" || error.code === "EPIPE") {
    return new Iterm2Error("HANDSHAKE_DROPPED", "iTerm2 closed the connection during the handshake", { cause: error });
  }
  return new Iterm2Error("HANDSHAKE_REJECTED", "iTerm2 answered the handshake with something else", { cause: error });
}

function timedOut(timeoutMs: number): Iterm2Error {
  return new Iterm2Error("HANDSHAKE_TIMEOUT", `iTerm2 did not answer the handshake within ${timeoutMs} ms`, {
    hint: "iTerm2 is busy (dialog open?)",
  });
}

/** A header holds no other characters. */
function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, "?");
}
