import { Authenticator } from "./authenticate.ts";
import { backOffMs } from "./back-off.ts";
import { Connection } from "./connection.ts";
import { aborted, Iterm2Error, isIterm2Error } from "./errors.ts";
import { InOrder } from "./in-order.ts";
import type { RequestKind, Requests, Responses } from "./messages.ts";
import { throwIfAborted } from "./on-abort.ts";
import type { ClientOptions } from "./options.ts";
import { isAtLeast, type ProtocolVersion } from "./protocol-version.ts";
import { SingleFlight } from "./single-flight.ts";
import { statusName } from "./statuses.ts";

export interface RequestOptions {
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
}

export interface CallOptions extends RequestOptions {
  /** What the request is about, for errors. */
  ids?: readonly string[];
  /** Statuses other than OK that the caller deals with. */
  accept?: readonly string[];
}

export interface Capabilities {
  protocolVersion: ProtocolVersion;
  /** Whether `selectTab: false` of `createTab` is honoured (iTerm2 3.7). Older ones select every new tab. */
  selectTab: boolean;
}

/**
 * iTerm2's API over its Unix socket. Connects when first used, once for all callers, and again after iTerm2 was
 * restarted; never starts iTerm2. The functions of this folder (`listSessions`, `createTab`, …) take it as first argument.
 */
export class Iterm2Client {
  readonly #options: ClientOptions;
  readonly #authenticator: Authenticator;
  readonly #connecting = new SingleFlight<Connection>();
  readonly #texts = new InOrder();
  #connection: Connection | undefined;
  #isClosed = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#authenticator = new Authenticator(options);
  }

  /**
   * The open connection, made when there is none. Several callers at once share one attempt.
   * @throws NOT_RUNNING, UNREACHABLE, API_DISABLED, AUTOMATION_DENIED, SCRIPT_FAILED, UNAUTHORIZED, HANDSHAKE_*, CLOSED, ABORTED
   */
  async connect(signal?: AbortSignal): Promise<Connection> {
    if (this.#isClosed) throw closed();
    throwIfAborted(signal);
    if (this.#connection?.isOpen) return this.#connection;
    return await this.#connecting.run((shared) => this.#open(shared), signal);
  }

  /** What this iTerm2 can do. @throws what `connect` does */
  async capabilities(signal?: AbortSignal): Promise<Capabilities> {
    const { protocolVersion } = await this.connect(signal);
    // 1.17 is the version of the sources that were read; which one between 1.11 and 1.17 brought it is not known.
    return { protocolVersion, selectTab: isAtLeast(protocolVersion, 1, 17) };
  }

  /**
   * Sends a request once and checks the status of the answer. Never sends it again: after `details.outcome` "unknown" only
   * a look at what is there tells whether it had its effect.
   * @throws REQUEST_FAILED with `details.status`, and what `connect` and `Connection.send` do
   */
  async call<K extends RequestKind>(kind: K, content: Requests[K], options: CallOptions = {}): Promise<Responses[K]> {
    const connection = await this.connect(options.signal);
    const { signal, ids } = options;
    const response = await connection.send(kind, content, {
      timeoutMs: options.timeoutMs ?? this.requestTimeoutMs,
      signal,
      ...(ids && { ids }),
    });
    const status = statusName(kind, "status" in response ? response.status : 0);
    if (status !== "OK" && !options.accept?.includes(status)) throw requestFailed(kind, status, ids);
    return response;
  }

  /** Bound of a request that says nothing else. */
  get requestTimeoutMs(): number {
    return this.#options.requestTimeoutMs ?? 5_000;
  }

  /** Bound of the requests that open a pane: iTerm2 answers them when the pane is there. */
  get openTimeoutMs(): number {
    return this.#options.openTimeoutMs ?? 15_000;
  }

  /** Runs work on a session's input after all that was asked for before, so that two senders cannot interleave. */
  async inputOf<T>(sessionId: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return await this.#texts.run(sessionId, async () => {
      throwIfAborted(signal);
      return await work();
    });
  }

  /** Ends the connection and every subscription; what is under way fails with CLOSED. Cannot be undone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#connecting.stop();
    await this.#connection?.close();
  }

  async #open(signal: AbortSignal): Promise<Connection> {
    const { clock, logger, connectPatienceMs = 0, reconnectPatienceMs = 30_000 } = this.#options;
    const patienceMs = this.#connection ? reconnectPatienceMs : connectPatienceMs;
    const start = clock.monotonic();
    for (let attempt = 1; ; attempt++) {
      try {
        const connection = new Connection(await this.#authenticator.open(signal), clock, logger);
        // Closed, or given up by everybody, at the very end: nobody would ever close it.
        if (signal.aborted) {
          await connection.close();
          throw this.#stopped(signal);
        }
        this.#connection = connection;
        return connection;
      } catch (error) {
        if (signal.aborted) throw this.#stopped(signal);
        const leftMs = start + patienceMs - clock.monotonic();
        if (leftMs <= 0 || !mayPass(error)) throw error;
        logger?.debug("iterm2.connect.retry", { attempt, code: error.code });
        await this.#wait(Math.min(leftMs, backOffMs(attempt, this.#options.random())), signal);
      }
    }
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.clock.sleep(ms, signal);
    } catch (error) {
      throw signal.aborted ? this.#stopped(signal) : error;
    }
  }

  #stopped(signal: AbortSignal): Iterm2Error {
    return this.#isClosed ? closed() : aborted(signal, { outcome: "none" });
  }
}

/** iTerm2 may be restarting. Anything else would only ask the person again and again. */
function mayPass(error: unknown): error is Iterm2Error {
  return isIterm2Error(error, "NOT_RUNNING", "UNREACHABLE", "HANDSHAKE_DROPPED");
}

function closed(): Iterm2Error {
  return new Iterm2Error("CLOSED", "The client was closed", { details: { outcome: "none" } });
}

/** iTerm2's no to a request; nothing changed, or what `status` says. */
export function requestFailed(
  kind: RequestKind,
  status: string,
  ids: readonly string[] | undefined,
  details: Record<string, unknown> = {},
): Iterm2Error {
  const about = ids?.length ? ` (${ids.join(", ")})` : "";
  return new Iterm2Error("REQUEST_FAILED", `iTerm2 answered ${kind}${about} with ${status}`, {
    details: { request: kind, status, ...(ids && { ids }), outcome: "none", ...details },
  });
}
