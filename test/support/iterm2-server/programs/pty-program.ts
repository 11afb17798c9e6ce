import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { appendFile, rm } from "node:fs/promises";
import path from "node:path";
import type { GridSize, Launch, Program, ProgramHost, Snapshot } from "./program.ts";
import { TmuxControl } from "./tmux-control.ts";
import { wrappedRows } from "./wrapped-rows.ts";

/** Bytes that still go as keys. */
const WRITE_SIZE = 256;
/** A redraw comes in several pieces; one notification is enough for them. */
const REDRAW_MS = 16;
const REMINDER_MS = 50;
const DIED = "died";

/**
 * A real child process on a real pty. The terminal around it is a tmux server with this one pane, on a socket of its own:
 * a server for each program, since tmux wakes every child of its own that is stopped, and so must be stopped itself while
 * a program is paused.
 */
export class PtyProgram implements Program {
  readonly #launch: Launch;
  readonly #socket: string;
  readonly #folder: string;
  readonly jobName: string;
  pid: number | undefined;
  tty: string | undefined;
  #serverPid: number | undefined;
  #control: TmuxControl | undefined;
  #host: ProgramHost | undefined;
  #hasExited = false;
  #redraw: NodeJS.Timeout | undefined;
  #started: Promise<void> | undefined;
  #reminder: NodeJS.Timeout | undefined;
  #historySize = 0;
  #overflow = 0;
  #insertions = 0;

  /** `folder` (0700) gets the sockets of tmux. */
  constructor(launch: Launch, folder: string) {
    this.#launch = launch;
    this.#folder = folder;
    this.#socket = path.join(folder, `${launch.sessionId.slice(-12)}-${Math.random().toString(36).slice(2, 8)}`);
    this.jobName = path.basename(launch.argv[0] ?? "sh");
  }

  start(host: ProgramHost, size: GridSize): Promise<void> {
    this.#started = this.#start(host, size);
    return this.#started;
  }

  write(data: Buffer): void {
    const isLong = data.length > WRITE_SIZE;
    // Fails only when the pane is gone: its exit tells.
    this.#control
      ?.run(isLong ? this.#insertion(data) : [["send-keys", "-H", ...hexCodes(data)]])
      .catch(() => undefined);
  }

  /** Keys cost tmux some microseconds each: a megabyte of them takes ten seconds. */
  #insertion(data: Buffer): string[][] {
    const name = `long-${++this.#insertions}`;
    const file = `${this.#socket}.${name}`;
    writeFileSync(file, data, { mode: 0o600 });
    return [
      ["load-buffer", "-b", name, file],
      ["paste-buffer", "-r", "-d", "-b", name],
    ];
  }

  resize(size: GridSize): void {
    this.#control?.run([["resize-window", "-x", `${size.width}`, "-y", `${size.height}`]]).catch(() => undefined);
  }

  async snapshot(scrollback: number): Promise<Snapshot> {
    if (!this.#control) throw new Error("The program was not started");
    const range = ["-S", `${-scrollback}`];
    const [facts, rows = [], joined = []] = await this.#control.run([
      ["display-message", "-p", "#{history_size} #{cursor_x} #{cursor_y} #{alternate_on} #{pane_height}"],
      ["capture-pane", "-p", "-N", ...range],
      ["capture-pane", "-p", "-J", ...range],
    ]);
    const [history = 0, x = 0, y = 0, alternate = 0, height = 0] = (facts?.[0] ?? "").split(" ").map(Number);
    // A program may clear the scrollback; line numbers go on all the same.
    this.#overflow += Math.max(0, this.#historySize - history);
    this.#historySize = history;
    const screenTop = this.#overflow + history;
    const above = Math.max(0, rows.length - height);
    return {
      rows: wrappedRows(rows, joined),
      firstLine: screenTop - above,
      screenTop,
      overflow: this.#overflow,
      cursor: { x, y: screenTop + y },
      isAlternate: alternate === 1,
    };
  }

  show(data: Buffer): void {
    if (this.tty === undefined || this.#hasExited) return;
    // What is written to the program's side of the pty is what the program printed.
    appendFile(this.tty, data).catch(() => undefined);
  }

  pause(): void {
    signal(this.#serverPid, "SIGSTOP");
    if (!this.#hasExited && this.pid !== undefined) signal(-this.pid, "SIGSTOP");
  }

  resume(): void {
    if (!this.#hasExited && this.pid !== undefined) signal(-this.pid, "SIGCONT");
    signal(this.#serverPid, "SIGCONT");
  }

  hangUp(): void {
    if (!this.#hasExited && this.pid !== undefined) signal(-this.pid, "SIGHUP");
    this.resume();
    this.#control?.run([["kill-server"]]).catch(() => undefined);
  }

  async destroy(): Promise<void> {
    // Only now it is known what there is to end.
    await this.#started?.catch(() => undefined);
    if (!this.#hasExited && this.pid !== undefined) signal(-this.pid, "SIGKILL");
    signal(this.#serverPid, "SIGCONT");
    signal(this.#serverPid, "SIGTERM");
    clearTimeout(this.#redraw);
    clearInterval(this.#reminder);
    await this.#control?.ended;
    await rm(this.#socket, { force: true });
  }

  async #start(host: ProgramHost, size: GridSize): Promise<void> {
    this.#host = host;
    const { argv, cwd, env } = this.#launch;
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    // Quietly: not every tmux has every option.
    const set = (name: string, value: string) => ["set-option", "-gq", name, value];
    const commands = [
      ["start-server"],
      set("remain-on-exit", "on"),
      set("remain-on-exit-format", ""),
      set("history-limit", "20000"),
      set("default-terminal", "xterm-256color"),
      set("status", "off"),
      ["set-hook", "-g", "pane-died", `wait-for -S ${DIED}`],
      ["new-session", "-x", `${size.width}`, "-y", `${size.height}`, "-c", cwd, "--"],
    ];
    const program = ["/usr/bin/env", "-i", "--", ...variables, ...(argv.length > 0 ? argv : ["/bin/sh"])];
    const words = commands.flatMap((command) => [...command, ";"]).slice(0, -1);
    this.#control = new TmuxControl(
      ["-u", "-S", this.#socket, "-f", "/dev/null", "-C", ...words, ...program.map(escapeSemicolon)],
      { PATH: process.env.PATH ?? "/usr/bin:/bin", HOME: this.#folder, TERM: "xterm-256color", LANG: "C.UTF-8" },
      {
        output: () => this.#changed(),
        ended: () => this.#exited(),
      },
    );
    const [facts] = await this.#control.run([["display-message", "-p", "#{pane_pid} #{pid} #{pane_dead} #{pane_tty}"]]);
    const [pid, serverPid, isDead, tty] = (facts?.[0] ?? "").split(" ");
    this.pid = Number(pid);
    this.#serverPid = Number(serverPid);
    this.tty = tty;
    if (isDead === "1") this.#exited();
    else this.#awaitEnd();
  }

  /** A client of its own, since a waiting client does nothing else, and since tmux tells no client what a hook did. */
  #awaitEnd(): void {
    const child = spawn("tmux", ["-S", this.#socket, "wait-for", DIED], { stdio: "ignore" });
    child.once("error", () => this.#exited()).once("close", () => this.#exited());
    // tmux 3.3a misses the end of its child now and then (13 of 60 times for a program that ends at its first input): it
    // stays a zombie until the next SIGCHLD, whoever sends it.
    this.#reminder = setInterval(() => signal(this.#serverPid, "SIGCHLD"), REMINDER_MS).unref();
  }

  #exited(): void {
    if (this.#hasExited) return;
    this.#hasExited = true;
    clearInterval(this.#reminder);
    this.#host?.exited();
  }

  #changed(): void {
    this.#redraw ??= setTimeout(() => {
      this.#redraw = undefined;
      this.#host?.screenChanged();
    }, REDRAW_MS).unref();
  }
}

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, name);
  } catch {
    // It has gone already.
  }
}

function hexCodes(data: Buffer): string[] {
  return [...data].map((byte) => byte.toString(16).padStart(2, "0"));
}

/** tmux takes a `;` at the end of any argument for the end of the command. */
function escapeSemicolon(argument: string): string {
  return argument.endsWith(";") ? `${argument.slice(0, -1)}\\;` : argument;
}
