import { throwIfAborted } from "../../core/abort.ts";
import { LAYOUTS, type TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type {
  BackendCapabilities,
  BackendProbe,
  InputStep,
  OpenRequest,
  Screen,
  TerminalBackend,
  TerminalStatus,
} from "../../core/ports/terminal-backend.ts";
import { closeHeadless } from "./close.ts";
import { performInput } from "./input.ts";
import { filesOf, isCutShort, statusOf } from "./life.ts";
import { openHeadless } from "./open.ts";
import type { HeadlessOptions } from "./options.ts";
import { probeHeadless } from "./probe.ts";

/**
 * Agents without any terminal: each is a process of its own that reads its input from a FIFO and writes its output into
 * a file. It belongs to no process of ours and needs none: whoever has the home folder can go on with it.
 */
export class HeadlessBackend implements TerminalBackend {
  readonly name = "headless";
  /** Every layout is taken: an agent that appears nowhere appears in no wrong place. */
  readonly capabilities: BackendCapabilities = { focus: false, layouts: LAYOUTS, screen: false };
  readonly #options: HeadlessOptions;

  constructor(options: HeadlessOptions) {
    this.#options = options;
  }

  probe(): Promise<BackendProbe> {
    return probeHeadless(this.#options);
  }

  async open(request: OpenRequest, signal?: AbortSignal): Promise<TerminalRef> {
    throwIfAborted(signal);
    return openHeadless(this.#options, request);
  }

  async find(tag: string, signal?: AbortSignal): Promise<TerminalRef | undefined> {
    throwIfAborted(signal);
    const ref: TerminalRef = { backend: "headless", tag, id: tag };
    const isThere = (await statusOf(this.#options, ref)).exists || isCutShort(this.#options, tag);
    return isThere ? ref : undefined;
  }

  /** Nobody opens such a terminal by hand. */
  async adopt(): Promise<undefined> {
    return undefined;
  }

  async status(refs: readonly TerminalRef[], signal?: AbortSignal): Promise<TerminalStatus[]> {
    throwIfAborted(signal);
    return Promise.all(refs.map((ref) => statusOf(this.#options, ref)));
  }

  async input(ref: TerminalRef, steps: readonly InputStep[], signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    return performInput(this.#options, ref, steps, signal);
  }

  async screen(_ref: TerminalRef, _options?: object, signal?: AbortSignal): Promise<Screen> {
    throwIfAborted(signal);
    throw new AppError("UNSUPPORTED_BY_BACKEND", "A headless agent has no screen", {
      hint: "Read what it said with claude-orch agent read.",
    });
  }

  async focus(): Promise<{ attachCommand?: string[] }> {
    throw new AppError("UNSUPPORTED_BY_BACKEND", "A headless agent has no terminal that could come to the front", {
      hint: "Read what it said with claude-orch agent read, or follow it with --follow.",
    });
  }

  async close(ref: TerminalRef, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    if (filesOf(this.#options, ref.tag)) await closeHeadless(this.#options, ref, signal);
  }

  attachCommand(): undefined {
    return undefined;
  }
}
