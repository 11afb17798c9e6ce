import type { GridSize, Program, ProgramHost, Snapshot } from "./program.ts";
import { TextScreen } from "./text-screen.ts";

/** Above every real process id of Linux and macOS: never anybody's. */
const FIRST_PID = 0x7000_0000;

/** A program that a test wrote: no process, but a screen, and a say in what it does with its input. */
export abstract class ScriptedProgram implements Program {
  abstract readonly jobName: string;
  pid: number | undefined;
  readonly tty = "/dev/ttys000";
  #screen: TextScreen | undefined;
  #host: ProgramHost | undefined;
  #held: Buffer[] | undefined;
  #hasExited = false;

  /** Called once the program runs. */
  protected started(): void {}
  /** Called with each burst of bytes. */
  protected abstract received(data: Buffer): void;

  get screen(): TextScreen {
    if (!this.#screen) throw new Error("The program was not started");
    return this.#screen;
  }

  print(text: string): void {
    this.screen.print(text);
    this.#host?.screenChanged();
  }

  exit(): void {
    if (this.#hasExited) return;
    this.#hasExited = true;
    this.#host?.exited();
  }

  async start(host: ProgramHost, size: GridSize): Promise<void> {
    this.#host = host;
    this.#screen = new TextScreen(size);
    this.pid = FIRST_PID;
    this.started();
  }

  write(data: Buffer): void {
    if (this.#held) this.#held.push(data);
    else if (!this.#hasExited) this.received(data);
  }

  resize(size: GridSize): void {
    this.screen.resize(size);
  }

  async snapshot(scrollback: number): Promise<Snapshot> {
    return this.screen.snapshot(scrollback);
  }

  show(data: Buffer): void {
    this.print(data.toString("utf8"));
  }

  pause(): void {
    this.#held ??= [];
  }

  resume(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const data of held) this.write(data);
  }

  hangUp(): void {
    this.#held = undefined;
    this.exit();
  }

  async destroy(): Promise<void> {
    this.#hasExited = true;
  }
}
