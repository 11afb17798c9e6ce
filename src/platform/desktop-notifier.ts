import type { Notifier } from "../core/ports/notifier.ts";
import type { ProcessRunner } from "../core/ports/process-runner.ts";

interface DesktopNotifierOptions {
  processes: Pick<ProcessRunner, "run" | "which">;
  /** Names the desktop's session (DISPLAY, DBUS_SESSION_BUS_ADDRESS …). */
  environment: Record<string, string>;
  platform?: NodeJS.Platform;
}

const TIMEOUT_MS = 5_000;

/** `osascript` on macOS, `notify-send` elsewhere; texts of agents travel as arguments and are never part of a script. */
export class DesktopNotifier implements Notifier {
  readonly #options: DesktopNotifierOptions;

  constructor(options: DesktopNotifierOptions) {
    this.#options = options;
  }

  async desktop({ title, body }: { title: string; body: string }): Promise<boolean> {
    const { processes, environment, platform = process.platform } = this.#options;
    const [program, args] = platform === "darwin" ? macOs(title, body) : freedesktop(title, body);
    const file = await processes.which(program, environment.PATH ?? "").catch(() => undefined);
    if (file === undefined) return false;
    const result = await processes.run(file, args, { env: environment, timeoutMs: TIMEOUT_MS });
    return result.reason === "exited" && result.exitCode === 0;
  }
}

/** The first argument behind the script ends its options: it is ours, and begins with a letter. */
function macOs(title: string, body: string): [string, string[]] {
  const script = ["on run argv", "display notification (item 3 of argv) with title (item 2 of argv)", "end run"];
  return ["osascript", [...script.flatMap((line) => ["-e", line]), "notify", title, body]];
}

/** The body is markup by the desktop's specification. */
function freedesktop(title: string, body: string): [string, string[]] {
  const escaped = body.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  return ["notify-send", ["--app-name=claude-orch", "--", title, escaped]];
}
