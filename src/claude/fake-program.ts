import { join } from "node:path";
import type { Agent } from "../core/agent.ts";
import type { InputPlan, ProgramProbe } from "../core/ports/agent-program.ts";
import { ClaudeProgram, type ClaudeProgramOptions } from "./claude-program.ts";
import { checkInput } from "./input/plan-input.ts";

/**
 * The program of the fake backend's agents: everything is read and written as for real ones, but there is nothing to
 * install, and their files lie in our home instead of the person's Claude Code folder.
 */
export class FakeProgram extends ClaudeProgram {
  readonly #configDir: string;
  /** Its dialogs take keys at once. */
  protected override readonly settleMs = 0;

  constructor(options: ClaudeProgramOptions) {
    super(options);
    this.#configDir = join(options.home, "fake", "claude");
  }

  override async probe(): Promise<ProgramProbe> {
    return { isInstalled: true, path: "fake", version: "fake" };
  }

  override configDir(): string {
    return this.#configDir;
  }

  /** A scripted agent moves on when its terminal is asked: never proved by files alone, so that it always is. */
  override async isAlive(): Promise<boolean> {
    return false;
  }

  /** The fake's input box takes any text as a paste; it has no editor. */
  override async planInput(_agent: Agent, text: string, options: { isExact: boolean }): Promise<InputPlan> {
    const { expected, normalised } = checkInput(text, options);
    return {
      expected,
      normalised,
      via: "paste",
      fill: [{ kind: "text", text: expected, isBracketed: true }],
      submit: [{ kind: "keys", keys: ["Home", "Enter"] }],
    };
  }
}
