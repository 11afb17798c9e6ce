import { AppError } from "../../core/errors.ts";
import { type Iterm2Error, type Iterm2ErrorCode, isIterm2Error } from "./client/errors.ts";

const AUTOMATION_FIX =
  "Allow your terminal app to control iTerm2 in System Settings > Privacy & Security > Automation. Over ssh (sshd-keygen-wrapper), from launchd or a tmux server macOS judges that program instead, and somebody at the Mac must answer when it asks; else run the command in a window of iTerm2, choose iTerm2 > Settings > General > Magic > Allow all apps to connect, or use --backend tmux.";
const API_FIX = "Switch on iTerm2 > Settings > General > Magic > Enable Python API; or use --backend tmux.";
const RUNNING_FIX =
  "Start iTerm2, and switch on Settings > General > Magic > Enable Python API; or use --backend tmux.";
const DIALOG_FIX = "Look at iTerm2: answer a dialog or a permission prompt that is open there, then try again.";

interface Explanation {
  problem: string;
  fix: string;
}

/** Why iTerm2 cannot be reached, and the one next step. Everything else is a failed command. */
const UNREACHABLE: Partial<Record<Iterm2ErrorCode, (error: Iterm2Error) => Explanation>> = {
  NOT_RUNNING: () => ({ problem: "iTerm2 is not running", fix: RUNNING_FIX }),
  UNREACHABLE: ({ details }) => ({
    problem:
      details.reason === "no-access"
        ? "iTerm2's API socket belongs to somebody else"
        : "nothing answers at iTerm2's API socket: iTerm2 is not running, or its Python API is off",
    fix: RUNNING_FIX,
  }),
  API_DISABLED: ({ message, cause }) => ({
    problem: message,
    fix: isIterm2Error(cause, "AUTOMATION_DENIED") ? `${API_FIX} ${AUTOMATION_FIX}` : API_FIX,
  }),
  AUTOMATION_DENIED: () => ({ problem: "macOS does not let this program control iTerm2", fix: AUTOMATION_FIX }),
  SCRIPT_FAILED: (error) => ({
    problem: error.message,
    fix: error.details.reason === "timed-out" ? DIALOG_FIX : (error.hint ?? RUNNING_FIX),
  }),
  UNAUTHORIZED: () => ({
    problem: "iTerm2 did not let this program in",
    fix: "Allow it when iTerm2 asks, or look at iTerm2 > Settings > General > Magic; or use --backend tmux.",
  }),
  HANDSHAKE_REJECTED: () => ({
    problem: "this version of iTerm2 is not supported",
    fix: "Update iTerm2, or use --backend tmux.",
  }),
  HANDSHAKE_TIMEOUT: () => ({ problem: "iTerm2 is busy (dialog open?)", fix: DIALOG_FIX }),
  HANDSHAKE_DROPPED: () => ({ problem: "iTerm2 is starting or stopping", fix: "Try again in a moment." }),
};

/** Why iTerm2 cannot be reached; undefined for every other failure. */
export function unreachable(error: unknown): Explanation | undefined {
  return isIterm2Error(error) ? UNREACHABLE[error.code]?.(error) : undefined;
}

/**
 * The client's failure as one of ours. Never holds cookie or key: the client's errors do not either.
 * BACKEND_UNAVAILABLE when iTerm2 cannot be reached, CANCELLED, else BACKEND_COMMAND_FAILED.
 */
export function toBackendError(error: unknown): unknown {
  if (!isIterm2Error(error)) return error;
  if (error.code === "ABORTED") return new AppError("CANCELLED", "Cancelled", { cause: error });
  const { code, details } = error;
  const about = { reason: code, request: details.request ?? null, status: details.status ?? null };
  const why = unreachable(error);
  if (why) {
    return new AppError("BACKEND_UNAVAILABLE", `Could not connect to iTerm2: ${why.problem}`, {
      hint: why.fix,
      details: about,
      cause: error,
    });
  }
  const hint = code === "REQUEST_TIMEOUT" ? DIALOG_FIX : undefined;
  const busy = code === "REQUEST_TIMEOUT" ? ": it is busy (dialog open?)" : "";
  return new AppError("BACKEND_COMMAND_FAILED", `${error.message}${busy}`, {
    ...(hint === undefined ? {} : { hint }),
    details: { ...about, outcome: details.outcome ?? null, ids: details.ids ?? [] },
    cause: error,
  });
}

/** Whether iTerm2 said that there is no such session, window or tab (or that its program has ended). */
export function isMissing(error: unknown): boolean {
  const status = isIterm2Error(error) ? error.details.status : undefined;
  return ["SESSION_NOT_FOUND", "WINDOW_NOT_FOUND", "TAB_NOT_FOUND", "BAD_IDENTIFIER", "INVALID_WINDOW_ID"].includes(
    status ?? "",
  );
}

/** Whether iTerm2 itself is not there, as against being there and not letting us in. */
export function isAbsent(error: unknown): boolean {
  return (
    isIterm2Error(error, "NOT_RUNNING") || (isIterm2Error(error, "UNREACHABLE") && error.details.reason !== "no-access")
  );
}
