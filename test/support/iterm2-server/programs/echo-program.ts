import { ScriptedProgram } from "./scripted-program.ts";

/** Shows what it gets, as a shell's line editor would: `\r` ends a line. */
export class EchoProgram extends ScriptedProgram {
  readonly jobName = "echo";
  readonly #greeting: string;

  constructor(greeting = "") {
    super();
    this.#greeting = greeting;
  }

  protected override started(): void {
    if (this.#greeting !== "") this.print(this.#greeting);
  }

  protected received(data: Buffer): void {
    this.print(data.toString("utf8").replaceAll("\r", "\n"));
  }
}
