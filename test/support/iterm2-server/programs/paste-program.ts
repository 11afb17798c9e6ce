import type { ServerClock } from "../server-clock.ts";
import { ScriptedProgram } from "./scripted-program.ts";

/** Bytes that come closer together than this are one burst. */
const BURST_MS = 40;
const PASTE = /\u001b\[200~([\s\S]*?)\u001b\[201~/g;

/**
 * A TUI with an input box, as agents have one: a bracketed paste goes into the box whole, and a `\r` sends what is in the
 * box only when it comes alone. In one burst with other text it is part of what was pasted (iterm2-facts §4, "Send text").
 */
export class PasteProgram extends ScriptedProgram {
  readonly jobName = "paste-tui";
  /** What was sent, in order. */
  readonly submitted: string[] = [];
  readonly #clock: ServerClock;
  #box = "";
  #lastByteAt = Number.NEGATIVE_INFINITY;
  /** Start of a paste whose end has not come yet. */
  #open = "";

  constructor(clock: ServerClock) {
    super();
    this.#clock = clock;
  }

  /** What stands in the box, not sent. */
  get draft(): string {
    return this.#box;
  }

  protected override started(): void {
    this.#draw();
  }

  protected received(data: Buffer): void {
    const isNewBurst = this.#clock.now() - this.#lastByteAt >= BURST_MS;
    this.#lastByteAt = this.#clock.now();
    const input = this.#open + data.toString("utf8");
    this.#open = "";
    if (input === "\r") {
      if (isNewBurst) this.#submit();
      else this.#box += "\n";
    } else if (input.lastIndexOf("\u001b[200~") > input.lastIndexOf("\u001b[201~")) this.#open = input;
    else this.#box += input.replaceAll(PASTE, "$1").replaceAll("\r", "\n");
    this.#draw();
  }

  #submit(): void {
    if (this.#box === "") return;
    this.submitted.push(this.#box);
    this.#box = "";
  }

  #draw(): void {
    this.screen.clear();
    this.print(`${this.submitted.map((text) => `sent: ${text}\n`).join("")}> ${this.#box}`);
  }
}
