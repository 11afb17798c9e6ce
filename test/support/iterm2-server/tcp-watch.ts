import { Socket } from "node:net";

/**
 * Watches every connection that this process opens. The client talks to a Unix socket only: whatever listens on the port
 * that iTerm2 once had would get its cookie (iterm2-facts §1 row 4).
 */
export function watchTcp(): { attempts: readonly string[]; stop(): void } {
  const attempts: string[] = [];
  const original = Socket.prototype.connect;
  function watched(this: Socket, ...args: unknown[]): Socket {
    // `net.connect` hands its arguments over as one array.
    const first = Array.isArray(args[0]) ? args[0][0] : args[0];
    const options: { path?: unknown; host?: unknown; port?: unknown } =
      typeof first === "object" && first !== null ? first : { port: first };
    if (options.path === undefined) attempts.push(`${String(options.host ?? "localhost")}:${String(options.port)}`);
    return Reflect.apply(original, this, args) as Socket;
  }
  Socket.prototype.connect = watched as typeof original;
  return {
    attempts,
    stop() {
      Socket.prototype.connect = original;
    },
  };
}
