import type { ServerClock } from "../server-clock.ts";
import { ScriptedProgram } from "./scripted-program.ts";

/** Ends by itself after a while. */
export class ExitingProgram extends ScriptedProgram {
  readonly jobName = "exiting";
  readonly #clock: ServerClock;
  readonly #ms: number;
  readonly #lastWords: string;

  constructor(clock: ServerClock, ms: number, lastWords = "bye") {
    super();
    this.#clock = clock;
    this.#ms = ms;
    this.#lastWords = lastWords;
  }

  protected override started(): void {
    this.#clock.after(this.#ms, () => {
      this.print(`${this.#lastWords}\n`);
      this.exit();
    });
  }

  protected received(): void {}
}
