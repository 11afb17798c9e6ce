import { throwIfAborted } from "../../core/abort.ts";
import type { TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type {
  BackendCapabilities,
  BackendProbe,
  InputStep,
  Key,
  OpenRequest,
  Screen,
  TerminalBackend,
  TerminalStatus,
} from "../../core/ports/terminal-backend.ts";
import { press, type } from "./keyboard.ts";
import { end } from "./life.ts";
import type { Moment } from "./moment.ts";
import { openFake } from "./open.ts";
import type { FakeOptions } from "./options.ts";
import { Outbox } from "./outbox.ts";
import { renderScreen } from "./screen.ts";
import { dueAt, type FakeState } from "./state.ts";
import { StateFiles, terminalGone } from "./state-files.ts";
import { advance } from "./turn.ts";

/**
 * Scripted agents that a person can select: no Claude Code, no account, no terminal program and no process, so a
 * hundred of them cost nothing. They leave the same files behind as real ones. What an agent does later is kept in its
 * state and played by whoever looks at it, and by a timer in the process that set it going.
 */
export class FakeBackend implements TerminalBackend {
  readonly name = "fake";
  readonly capabilities: BackendCapabilities = {
    focus: false,
    layouts: ["tab", "window", "split-vertical", "split-horizontal", "auto"],
    screen: true,
  };
  readonly #options: FakeOptions;
  readonly #files: StateFiles;
  /** The timer of each terminal that goes on by itself. */
  readonly #timers = new Map<string, () => void>();

  constructor(options: FakeOptions) {
    this.#options = options;
    this.#files = new StateFiles(options);
  }

  async probe(): Promise<BackendProbe> {
    return { isUsable: true, version: "1" };
  }

  async open(request: OpenRequest, signal?: AbortSignal): Promise<TerminalRef> {
    throwIfAborted(signal);
    const state = await openFake(this.#files, this.#options.ids, this.#options.clock.now(), request);
    return { backend: "fake", tag: state.tag, id: state.id };
  }

  async find(tag: string, signal?: AbortSignal): Promise<TerminalRef | undefined> {
    throwIfAborted(signal);
    const state = (await this.#files.all()).find((one) => one.tag === tag);
    return state && { backend: "fake", tag, id: state.id };
  }

  /** Nobody starts a scripted agent by hand. */
  async adopt(): Promise<undefined> {
    return undefined;
  }

  async status(refs: readonly TerminalRef[], signal?: AbortSignal): Promise<TerminalStatus[]> {
    throwIfAborted(signal);
    return Promise.all(refs.map(async (ref) => statusOf(await this.#current(ref, signal))));
  }

  async input(ref: TerminalRef, steps: readonly InputStep[], signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    for (const burst of splitAtPauses(steps)) {
      if (typeof burst === "number") await this.#options.clock.sleep(burst, signal);
      else await this.#perform(ref, burst, signal);
    }
  }

  async screen(
    ref: TerminalRef,
    options: { history?: number; isRaw?: boolean } = {},
    signal?: AbortSignal,
  ): Promise<Screen> {
    throwIfAborted(signal);
    const state = await this.#current(ref, signal);
    if (!state) throw terminalGone(ref);
    return renderScreen(state, options);
  }

  async focus(): Promise<{ attachCommand?: string[] }> {
    throw new AppError("UNSUPPORTED_BY_BACKEND", "A fake agent has no terminal that could come to the front", {
      hint: "Look at it with claude-orch agent screen.",
    });
  }

  async close(ref: TerminalRef, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    try {
      await this.#change(
        ref,
        (moment) => {
          if (moment.state.process.kind === "running") end(moment, 129, "other");
          return false;
        },
        signal,
      );
    } catch (error) {
      if (!(error instanceof AppError && error.code === "TERMINAL_GONE")) throw error;
    }
  }

  attachCommand(): undefined {
    return undefined;
  }

  /** The state after everything that is due was played; undefined when the terminal is gone. */
  async #current(ref: TerminalRef, signal?: AbortSignal): Promise<FakeState | undefined> {
    const state = await this.#files.find(ref);
    const due = state && dueAt(state);
    if (due === undefined || due > this.#options.clock.now()) return state;
    try {
      return await this.#change(ref, () => true, signal);
    } catch (error) {
      if (error instanceof AppError && error.code === "TERMINAL_GONE") return undefined;
      throw error;
    }
  }

  async #perform(ref: TerminalRef, steps: readonly InputStep[], signal?: AbortSignal): Promise<void> {
    await this.#change(
      ref,
      (moment) => {
        if (moment.state.process.kind !== "running") throw terminalGone(ref);
        for (const stroke of strokes(steps)) {
          // What is left after the program has ended goes nowhere.
          if (moment.state.process.kind !== "running") break;
          if (typeof stroke === "string") press(moment, stroke);
          else type(moment, stroke.text);
        }
        return true;
      },
      signal,
    );
  }

  /** One change of one agent: plays what is due, changes, plays again, writes everything down. */
  async #change(ref: TerminalRef, change: (moment: Moment) => boolean, signal?: AbortSignal): Promise<FakeState> {
    const state = await this.#files.update(
      ref,
      async (current) => {
        const now = this.#options.clock.now();
        const moment: Moment = { state: current, outbox: new Outbox(), ids: this.#options.ids, at: now };
        advance(moment, now);
        moment.at = now;
        const isKept = change(moment);
        advance(moment, now);
        moment.outbox.deliver(current);
        return isKept;
      },
      signal,
    );
    this.#schedule(ref, state);
    return state;
  }

  #schedule(ref: TerminalRef, state: FakeState): void {
    this.#timers.get(ref.id)?.();
    this.#timers.delete(ref.id);
    const due = dueAt(state);
    if (due === undefined) return;
    const stop = this.#options.clock.every(Math.max(1, due - this.#options.clock.now()), () => {
      stop();
      // Whoever looks next plays what this could not.
      this.#current(ref).catch(() => undefined);
    });
    this.#timers.set(ref.id, stop);
  }
}

function strokes(steps: readonly InputStep[]): (Key | { text: string })[] {
  const result: (Key | { text: string })[] = [];
  for (const step of steps) {
    if (step.kind === "text") result.push(step);
    else if (step.kind === "keys") result.push(...step.keys);
  }
  return result;
}

function statusOf(state: FakeState | undefined): TerminalStatus {
  if (!state) return { exists: false, isRunning: false };
  const { process } = state;
  if (process.kind === "running") return { exists: true, isRunning: true, pid: state.pid };
  const how = process.kind === "exited" ? { exitCode: process.code } : { exitSignal: process.signal };
  return { exists: true, isRunning: false, ...how };
}

/** Runs of steps, and between them the length of a pause. */
function splitAtPauses(steps: readonly InputStep[]): (InputStep[] | number)[] {
  const parts: (InputStep[] | number)[] = [];
  for (const step of steps) {
    const last = parts.at(-1);
    if (step.kind === "pause") parts.push(step.ms);
    else if (Array.isArray(last)) last.push(step);
    else parts.push([step]);
  }
  return parts;
}
