import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { InputStep } from "../../src/core/ports/terminal-backend.ts";

/** A tmux server of its own for tests that need a real terminal but not the product's backend. */
export class TmuxDriver {
  readonly #socket = `orch-test-${process.pid}-${randomBytes(4).toString("hex")}`;
  readonly #env: Record<string, string>;

  /** `env` is the whole environment of the tmux server. */
  constructor(env: Record<string, string>) {
    this.#env = env;
  }

  /** Runs `file` (a path without arguments) in a new terminal; returns its pane id. */
  async open(file: string, cwd: string): Promise<string> {
    // `env --` keeps tmux from handing a single word to a shell.
    const command = [
      "new-session",
      "-d",
      "-x",
      "140",
      "-y",
      "50",
      "-P",
      "-F",
      "#{pane_id}",
      "-c",
      cwd,
      "env",
      "--",
      file,
    ];
    return (await this.#tmux(["-f", "/dev/null", "set", "-g", "remain-on-exit", "on", ";", ...command])).trim();
  }

  async input(pane: string, steps: readonly InputStep[]): Promise<void> {
    let commands: string[] = [];
    let text = "";
    const flush = async () => {
      if (commands.length > 0) await this.#tmux(commands, text);
      commands = [];
      text = "";
    };
    for (const step of steps) {
      if (step.kind === "keys") commands.push(...then(commands), "send-keys", "-t", pane, ...step.keys);
      else if (step.kind === "pause") {
        await flush();
        await delay(step.ms);
      } else {
        if (text !== "") await flush();
        text = step.text;
        const buffer = randomBytes(6).toString("hex");
        const paste = ["paste-buffer", ...(step.isBracketed ? ["-p"] : []), "-r", "-d", "-b", buffer, "-t", pane];
        commands.push(...then(commands), "load-buffer", "-b", buffer, "-", ";", ...paste);
      }
    }
    await flush();
  }

  async screen(pane: string): Promise<string> {
    return this.#tmux(["capture-pane", "-p", "-J", "-t", pane]);
  }

  /** Ends the server with everything in it; returns when it is gone. */
  async dispose(): Promise<void> {
    await this.#tmux(["kill-server"]).catch(() => undefined);
    const folder = path.join(this.#env.TMUX_TMPDIR ?? "/tmp", `tmux-${process.getuid?.()}`);
    await rm(path.join(folder, this.#socket), { force: true });
  }

  #tmux(args: readonly string[], input = ""): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = execFile(
        "tmux",
        ["-u", "-L", this.#socket, ...args],
        { env: this.#env },
        (error, stdout, stderr) => {
          if (error) reject(new Error(`tmux ${args.join(" ")}: ${stderr || error.message}`));
          else resolve(stdout);
        },
      );
      // A tmux client that reads no input may be gone before it is written.
      child.stdin?.on("error", () => undefined).end(input);
    });
  }
}

function then(commands: readonly string[]): string[] {
  return commands.length > 0 ? [";"] : [];
}
