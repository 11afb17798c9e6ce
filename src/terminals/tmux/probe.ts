import type { BackendProbe } from "../../core/ports/terminal-backend.ts";
import { isServerAbsent, type TmuxCommand } from "./command.ts";

/** `set-option -p`, `list-panes -F` and `new-session` as used here need it. */
const OLDEST: readonly [number, number] = [3, 2];

/** Looks at the installed tmux and at the server on our socket, if there is one; starts nothing. */
export async function probeTmux(tmux: TmuxCommand, socket: string, signal?: AbortSignal): Promise<BackendProbe> {
  const installed = await tmux.raw(["-V"], { signal });
  if (installed.exitCode !== 0) {
    return {
      isUsable: false,
      problem:
        installed.reason === "not-found"
          ? "tmux is not installed"
          : `tmux does not run: ${installed.stderr.trim() || installed.reason}`,
      fix: "Install tmux 3.2 or newer, for example with: apt install tmux, or brew install tmux.",
    };
  }
  const version = installed.stdout.trim().replace(/^tmux\s+/, "");
  if (isTooOld(version)) {
    return { isUsable: false, version, problem: `tmux ${version} is too old`, fix: "Update tmux to 3.2 or newer." };
  }
  const problem = await serverProblem(tmux, socket, signal);
  return problem ? { isUsable: false, version, ...problem } : { isUsable: true, version };
}

/** `3.3a`, `next-3.5`, `openbsd-7.4`, `master`: what does not look like an old release is taken for a new one. */
export function isTooOld(version: string): boolean {
  const match = /^(?:next-)?(\d+)\.(\d+)/.exec(version);
  if (!match) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

async function serverProblem(tmux: TmuxCommand, socket: string, signal?: AbortSignal) {
  const result = await tmux.raw(["-L", socket, "list-sessions", "-F", "#{session_name}"], { signal });
  // A socket left behind by a dead server is replaced by the next start.
  if (result.exitCode === 0 || isServerAbsent(result)) return undefined;
  if (result.reason === "timed-out") {
    return {
      problem: `The tmux server on socket ${socket} does not answer`,
      fix: `Look at it with: tmux -L ${socket} attach; or choose another socket with the setting tmuxSocket.`,
    };
  }
  return {
    problem: `The tmux server on socket ${socket} cannot be reached: ${result.stderr.trim() || result.reason}`,
    fix: "Make the socket's folder your own (mode 0700), set TMUX_TMPDIR, or choose another socket with the setting tmuxSocket.",
  };
}
