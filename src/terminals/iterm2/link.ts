import type { Iterm2Client } from "./client/client.ts";
import { toBackendError } from "./failure.ts";
import type { Iterm2Options } from "./options.ts";

/** How long a call goes on trying after iTerm2 has dropped the connection: it may be restarting. */
const RECONNECT_MS = 3_000;

/**
 * Our one connection to iTerm2, opened when first needed, and again after iTerm2 was restarted. What speaks the protocol
 * is loaded then, too: it costs more than all the rest of this backend.
 */
export class Iterm2Link {
  readonly #options: Iterm2Options;
  #client: Promise<Iterm2Client> | undefined;

  constructor(options: Iterm2Options) {
    this.#options = options;
  }

  /** Runs requests; what fails comes as one of our errors. @throws BACKEND_UNAVAILABLE, BACKEND_COMMAND_FAILED, CANCELLED */
  async use<T>(work: (client: Iterm2Client) => Promise<T>): Promise<T> {
    try {
      return await this.raw(work);
    } catch (error) {
      throw toBackendError(error);
    }
  }

  /** The same with the client's own errors. */
  async raw<T>(work: (client: Iterm2Client) => Promise<T>): Promise<T> {
    this.#client ??= this.#load();
    return await work(await this.#client);
  }

  /** Ends the connection; the next call opens another one. */
  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await (await client)?.close();
  }

  async #load(): Promise<Iterm2Client> {
    const { Iterm2Client } = await import("./client/client.ts");
    const { clock, ids, processes, logger, socketPath, credentials, timeoutMs } = this.#options;
    return new Iterm2Client({
      name: "claude-orch",
      socketPath,
      clock,
      random: () => ids.random(4).readUInt32BE() / 2 ** 32,
      logger,
      processes,
      credentials,
      requestTimeoutMs: Math.min(5_000, timeoutMs),
      openTimeoutMs: timeoutMs * 1.5,
      handshakeTimeoutMs: timeoutMs,
      scriptTimeoutMs: timeoutMs * 3,
      reconnectPatienceMs: Math.min(RECONNECT_MS, timeoutMs),
    });
  }
}
