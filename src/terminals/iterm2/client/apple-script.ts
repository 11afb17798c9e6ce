import { Credentials } from "./credentials.ts";
import { aborted, Iterm2Error, type Iterm2ErrorDetails } from "./errors.ts";
import type { ScriptResult, ScriptRunner } from "./options.ts";

const OSASCRIPT = "/usr/bin/osascript";
const API_HINT = "Switch on iTerm2 > Settings > General > Magic > Enable Python API.";
const AUTOMATION_HINT =
  "Allow it in System Settings > Privacy & Security > Automation, for the app that this program was started from.";

interface Scripting {
  processes: ScriptRunner;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/**
 * Asks iTerm2 for a cookie, good for one handshake.
 * @throws NOT_RUNNING, API_DISABLED, AUTOMATION_DENIED, UNAUTHORIZED, SCRIPT_FAILED, ABORTED
 */
export async function requestCredentials(name: string, scripting: Scripting): Promise<Credentials> {
  // Asked first and alone: only to compile a script that tells iTerm2 something, macOS looks for the application.
  if ((await run(IS_RUNNING, "see whether iTerm2 runs", scripting)) !== "true") throw notRunning();
  const answer = await run(cookieScript(name), "ask iTerm2 for a cookie", scripting);
  if (answer === GONE) throw notRunning();
  const [, cookie, key] = /^([0-9a-f]{32})(?: ([0-9A-F-]{36}))?$/i.exec(answer) ?? [];
  // Without the answer itself: half a cookie is a secret, too.
  if (cookie === undefined) {
    throw new Iterm2Error("SCRIPT_FAILED", "iTerm2's answer to the request for a cookie makes no sense");
  }
  return new Credentials(cookie, key);
}

const IS_RUNNING = 'application "iTerm2" is running';
const GONE = "not running";

/** Looks again, since it may have quit meanwhile: an application that is told something is launched. */
function cookieScript(name: string): string {
  return [
    `if ${IS_RUNNING} then`,
    `  tell application "iTerm2" to request cookie and key for app named ${quoted(name)}`,
    "else",
    `  return "${GONE}"`,
    "end if",
  ].join("\n");
}

function notRunning(details?: Iterm2ErrorDetails): Iterm2Error {
  return new Iterm2Error("NOT_RUNNING", "iTerm2 is not running", {
    hint: "Start iTerm2.",
    ...(details && { details }),
  });
}

async function run(script: string, purpose: string, { processes, timeoutMs, signal }: Scripting): Promise<string> {
  // On stdin: arguments can be seen by everybody on the machine.
  const result = await processes.run(OSASCRIPT, [], { input: script, timeoutMs, ...(signal && { signal }) });
  if (signal?.aborted) throw aborted(signal, { outcome: "none" });
  if (result.reason === "exited" && result.exitCode === 0) return result.stdout.trim();
  throw failure(result, purpose);
}

function failure({ reason, stderr }: ScriptResult, purpose: string): Iterm2Error {
  if (reason === "not-found") {
    return new Iterm2Error("SCRIPT_FAILED", `${OSASCRIPT} is missing: this is not macOS`, { details: { reason } });
  }
  if (reason === "timed-out") {
    return new Iterm2Error("SCRIPT_FAILED", `osascript did not ${purpose} in time`, {
      hint: "Is macOS asking whether this program may control iTerm2, or iTerm2 showing a dialog?",
      details: { reason },
    });
  }
  // The number of the error is the only part that is not translated: "… execution error: … (-1743)".
  const number = Number(/\((-?\d+)\)\s*$/.exec(stderr)?.[1]);
  const details = { reason, number: Number.isNaN(number) ? null : number };
  switch (number) {
    case -1743:
      return new Iterm2Error("AUTOMATION_DENIED", "macOS does not let this program control iTerm2", {
        hint: AUTOMATION_HINT,
        details,
      });
    case -600:
    case -1728:
      return notRunning(details);
    case 1:
      return new Iterm2Error("API_DISABLED", "iTerm2's Python API is off", { hint: API_HINT, details });
    case 2:
      return new Iterm2Error("UNAUTHORIZED", "iTerm2 was told not to let this program in", { details });
    case -2740:
    case -2741:
      return new Iterm2Error("SCRIPT_FAILED", "This iTerm2 is too old to hand out cookies", {
        hint: "Update iTerm2.",
        details,
      });
    default:
      return new Iterm2Error("SCRIPT_FAILED", `osascript could not ${purpose}`, { details });
  }
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&").replace(/\p{Cc}/gu, " ")}"`;
}
