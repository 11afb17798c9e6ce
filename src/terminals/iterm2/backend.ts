import { throwIfAborted } from "../../core/abort.ts";
import type { AgentState, TerminalRef } from "../../core/agent.ts";
import type {
  BackendCapabilities,
  BackendProbe,
  InputStep,
  OpenRequest,
  Screen,
  TerminalBackend,
  TerminalStatus,
} from "../../core/ports/terminal-backend.ts";
import { adoptSession } from "./adopt.ts";
import { closeTerminal } from "./close.ts";
import { colourTab } from "./colour.ts";
import { findTerminal } from "./find.ts";
import { focusSession } from "./focus.ts";
import { performInput } from "./input.ts";
import { Iterm2Link } from "./link.ts";
import { openSession } from "./open.ts";
import type { Iterm2Options } from "./options.ts";
import { probeIterm2 } from "./probe.ts";
import { readScreen } from "./screen.ts";
import { statuses } from "./statuses.ts";
import { TerminalWatch } from "./watch.ts";

/**
 * Agents as tabs and panes of the person's own iTerm2, in a window for each session of ours. Whether a program runs, and
 * how it ended, is told by a small shell around it; iTerm2 is asked only for what it alone knows.
 */
export class Iterm2Backend implements TerminalBackend {
  readonly name = "iterm2";
  readonly capabilities: BackendCapabilities = {
    focus: true,
    layouts: ["tab", "window", "split-vertical", "split-horizontal", "auto"],
    screen: true,
  };
  readonly #options: Iterm2Options;
  readonly #link: Iterm2Link;
  readonly #watch: TerminalWatch;

  constructor(options: Iterm2Options) {
    this.#options = options;
    this.#link = new Iterm2Link(options);
    this.#watch = new TerminalWatch(this.#link, options);
  }

  async probe(signal?: AbortSignal): Promise<BackendProbe> {
    return probeIterm2(this.#link, this.#options, signal);
  }

  async open(request: OpenRequest, signal?: AbortSignal): Promise<TerminalRef> {
    throwIfAborted(signal);
    return openSession(this.#link, this.#options, request, signal);
  }

  async find(tag: string, signal?: AbortSignal): Promise<TerminalRef | undefined> {
    throwIfAborted(signal);
    return findTerminal(this.#link, this.#options, tag, signal);
  }

  async adopt(pid: number, tag: string | null, signal?: AbortSignal): Promise<TerminalRef | undefined> {
    throwIfAborted(signal);
    return adoptSession(this.#link, this.#options, pid, tag, signal);
  }

  async status(refs: readonly TerminalRef[], signal?: AbortSignal): Promise<TerminalStatus[]> {
    throwIfAborted(signal);
    return statuses(this.#link, this.#options, refs, signal);
  }

  async input(ref: TerminalRef, steps: readonly InputStep[], signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    return performInput(this.#link, this.#options, ref, steps, signal);
  }

  async screen(
    ref: TerminalRef,
    options: { history?: number; isRaw?: boolean } = {},
    signal?: AbortSignal,
  ): Promise<Screen> {
    throwIfAborted(signal);
    return readScreen(this.#link, this.#options, ref, options, signal);
  }

  async focus(ref: TerminalRef, signal?: AbortSignal): Promise<{ attachCommand?: string[] }> {
    throwIfAborted(signal);
    await focusSession(this.#link, this.#options, ref, signal);
    return {};
  }

  async decorate(ref: TerminalRef, state: AgentState | null, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    return colourTab(this.#link, this.#options, ref, state, signal);
  }

  async watch(refs: readonly TerminalRef[], maxMs: number, signal?: AbortSignal): Promise<TerminalRef[]> {
    throwIfAborted(signal);
    return this.#watch.wait(refs, maxMs, signal);
  }

  async close(ref: TerminalRef, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    return closeTerminal(this.#link, this.#options, ref, signal);
  }

  /** There is nothing to attach to: it is on the person's screen. */
  attachCommand(): undefined {
    return undefined;
  }

  /** Ends the connection to iTerm2; the next call opens another one. For tests and for programs that stop using it. */
  async disconnect(): Promise<void> {
    this.#watch.stop();
    await this.#link.close();
  }
}
