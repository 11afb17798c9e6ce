/**
 * What the client needs from its surroundings. It reads neither clock, environment nor home directory by itself and starts
 * no process but through these.
 */
export interface ClientOptions {
  /** How the client calls itself towards iTerm2: shown in its Script Console. */
  name: string;
  /** iTerm2's Unix socket, see `defaultSocketPath`. There is no TCP fallback: whoever listens there would get the cookie. */
  socketPath: string;
  clock: ClientClock;
  /** A number in [0, 1), for the jitter of the back-off. */
  random(): number;
  logger?: ClientLogger;
  /** Runs `osascript`. Without it only `credentials` are tried, and a connection without any. */
  processes?: ScriptRunner;
  /** From ITERM2_COOKIE and ITERM2_KEY. Whoever reads them must delete them from the environment: children inherit it. */
  credentials?: { cookie: string; key?: string | undefined } | undefined;
  /** Default of every request but those that open a pane. Default 5 000. */
  requestTimeoutMs?: number;
  /** For requests that open a pane. Default 15 000. */
  openTimeoutMs?: number;
  /** Default 10 000. */
  handshakeTimeoutMs?: number;
  /** For one osascript; the first one can wait for the person in front of macOS's permission prompt. Default 30 000. */
  scriptTimeoutMs?: number;
  /** How long the first connect keeps trying while iTerm2 is not there. Default 0: one attempt. */
  connectPatienceMs?: number;
  /** The same after a connection was lost. Default 30 000. */
  reconnectPatienceMs?: number;
}

export interface ClientClock {
  /** Monotonic milliseconds. */
  monotonic(): number;
  /** Rejects as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `fn` every `ms` until the returned function is called. Must not keep the process alive. */
  every(ms: number, fn: () => void): () => void;
}

export interface ClientLogger {
  debug(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
}

/** Runs a child to its end and never throws for a failing one. */
export interface ScriptRunner {
  run(
    file: string,
    args: readonly string[],
    options: { input: string; timeoutMs: number; signal?: AbortSignal },
  ): Promise<ScriptResult>;
}

export interface ScriptResult {
  /** `exited`, `timed-out`, `not-found`, …; only these three are told apart. */
  reason: string;
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Path of iTerm2's socket.
 * @param suite value of IT2_SUITE, for builds that keep their data elsewhere
 */
export function defaultSocketPath(home: string, suite = "iTerm2"): string {
  return `${home}/Library/Application Support/${suite}/private/socket`;
}
