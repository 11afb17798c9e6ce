import { throwIfAborted } from "../../core/abort.ts";
import type { TerminalRef } from "../../core/agent.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { InputStep, Key } from "../../core/ports/terminal-backend.ts";
import { ancestors } from "../ancestors.ts";
import type { Iterm2Client } from "./client/client.ts";
import { sendText } from "./client/send-text.ts";
import { KEY_BYTES } from "./keys.ts";
import { terminalGone } from "./life.ts";
import type { Iterm2Link } from "./link.ts";
import type { Iterm2Options } from "./options.ts";
import { bracketedPaste } from "./paste.ts";
import type { SessionRow } from "./session-row.ts";
import { inSession, terminalOf } from "./terminal.ts";

/** A program that watches for pastes takes an Enter that comes right behind a text for a part of it (iterm2-facts §4). */
const BEFORE_ENTER_MS = 150;

/**
 * Performs the steps, each burst in requests of its own. What has begun is not interrupted (an abort takes effect between
 * two bursts) and never sent again: after a lost answer nobody knows whether it was typed.
 */
export async function performInput(
  link: Iterm2Link,
  options: Iterm2Options,
  ref: TerminalRef,
  steps: readonly InputStep[],
  signal?: AbortSignal,
): Promise<void> {
  await inSession(link, options, ref, { needsProgram: true, signal }, async (client, session) => {
    if (!isInForeground(options, ref, session)) throw terminalGone(ref);
    const typist = new Typist(client, session.id, options.clock);
    for (const step of steps) {
      throwIfAborted(signal);
      if (step.kind === "pause") await options.clock.sleep(step.ms, signal);
      else if (step.kind === "text") await typist.type(step);
      else for (const keys of bursts(step.keys)) await typist.press(keys, signal);
    }
  });
}

class Typist {
  readonly #client: Iterm2Client;
  readonly #session: string;
  readonly #clock: Clock;
  #lastTextAt = Number.NEGATIVE_INFINITY;

  constructor(client: Iterm2Client, session: string, clock: Clock) {
    this.#client = client;
    this.#session = session;
    this.#clock = clock;
  }

  async type({ text, isBracketed }: { text: string; isBracketed: boolean }): Promise<void> {
    if (text === "") return;
    await sendText(this.#client, this.#session, isBracketed ? bracketedPaste(text) : text);
    this.#lastTextAt = this.#clock.monotonic();
  }

  async press(keys: readonly Key[], signal?: AbortSignal): Promise<void> {
    if (keys.includes("Enter")) {
      const early = this.#lastTextAt + BEFORE_ENTER_MS - this.#clock.monotonic();
      if (early > 0) await this.#clock.sleep(early, signal);
    }
    throwIfAborted(signal);
    await sendText(this.#client, this.#session, keys.map((key) => KEY_BYTES[key]).join(""));
  }
}

/** Enter and Escape go alone: one would be part of a paste, the other the beginning of a key sequence. */
function bursts(keys: readonly Key[]): Key[][] {
  const result: Key[][] = [];
  let isOpen = false;
  for (const key of keys) {
    const isAlone = key === "Enter" || key === "Escape";
    if (isOpen && !isAlone) result.at(-1)?.push(key);
    else result.push([key]);
    isOpen = !isAlone;
  }
  return result;
}

/** In an adopted session a shell waits under the program: what was typed after its end would be run as commands. */
function isInForeground({ home, processes }: Iterm2Options, ref: TerminalRef, { jobPid }: SessionRow): boolean {
  const program = terminalOf({ home }, ref)?.record.adopted;
  if (!program) return true;
  return jobPid !== undefined && (jobPid === program.pid || ancestors(processes, jobPid).includes(program.pid));
}
