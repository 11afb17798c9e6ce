/** What can go wrong. Texts may change; codes stay. */
export type Iterm2ErrorCode =
  /** iTerm2 does not run. The client never starts it. */
  | "NOT_RUNNING"
  /** No socket, or nobody behind it: `details.reason` is `no-socket`, `stale-socket` or `no-access`. */
  | "UNREACHABLE"
  /** iTerm2 runs with its Python API switched off. */
  | "API_DISABLED"
  /** macOS does not let this program send Apple events to iTerm2. */
  | "AUTOMATION_DENIED"
  /** osascript is missing, hung, or said something else. */
  | "SCRIPT_FAILED"
  /** iTerm2 refused the cookie twice, or the person said no. */
  | "UNAUTHORIZED"
  /** Answer other than 101 and 401 to the upgrade: the two sides do not fit. */
  | "HANDSHAKE_REJECTED"
  | "HANDSHAKE_TIMEOUT"
  /** The socket closed during the handshake: iTerm2 is stopping or starting. */
  | "HANDSHAKE_DROPPED"
  /** The connection ended while a request was under way. */
  | "CONNECTION_LOST"
  /** `close` was called. */
  | "CLOSED"
  /** No answer in time. */
  | "REQUEST_TIMEOUT"
  /** iTerm2 answered with a status other than OK: `details.status`. */
  | "REQUEST_FAILED"
  /** iTerm2 did not understand the request. */
  | "REQUEST_UNKNOWN"
  /** An answer without content, or with content that makes no sense. */
  | "BAD_ANSWER"
  /** The caller asked for what must not be sent. Nothing was. */
  | "INVALID_ARGUMENT"
  | "ABORTED";

export interface Iterm2ErrorDetails {
  /** Kind of the request, such as `createTab`. */
  request?: string;
  /** Name of iTerm2's status, such as `SESSION_NOT_FOUND`; `STATUS_<n>` for one that this client does not know. */
  status?: string;
  /** Ids that the request was about. */
  ids?: readonly string[];
  /**
   * Whether iTerm2 acted: `none` it did not, `unknown` it may have. After `unknown` a request that is not idempotent
   * must not be sent again before a look at what is there.
   */
  outcome?: "none" | "unknown";
  [detail: string]: unknown;
}

/** The only class of errors that this client throws. Never holds cookie or key. */
export class Iterm2Error extends Error {
  override readonly name = "Iterm2Error";
  readonly code: Iterm2ErrorCode;
  /** What to do, one sentence. */
  readonly hint?: string;
  readonly details: Iterm2ErrorDetails;

  constructor(
    code: Iterm2ErrorCode,
    message: string,
    options: { hint?: string; details?: Iterm2ErrorDetails; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    if (options.hint !== undefined) this.hint = options.hint;
    this.details = options.details ?? {};
  }
}

/** Whether it is this error; with `codes`, one of these. */
export function isIterm2Error(error: unknown, ...codes: Iterm2ErrorCode[]): error is Iterm2Error {
  return error instanceof Iterm2Error && (codes.length === 0 || codes.includes(error.code));
}

export function aborted(signal: AbortSignal | undefined, details?: Iterm2ErrorDetails): Iterm2Error {
  return new Iterm2Error("ABORTED", "Aborted", { cause: signal?.reason, ...(details && { details }) });
}
