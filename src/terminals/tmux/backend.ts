import { throwIfAborted } from "../../core/abort.ts";
import type { TerminalRef } from "../../core/agent.ts";
import type {
  BackendCapabilities,
  BackendProbe,
  InputStep,
  OpenRequest,
  Screen,
  TerminalBackend,
  TerminalStatus,
} from "../../core/ports/terminal-backend.ts";
import { adoptPane, findAdopted } from "./adopt.ts";
import { closePane } from "./close.ts";
import { focusPane } from "./focus.ts";
import { performInput } from "./input.ts";
import { listPanes } from "./list.ts";
import { openPane } from "./open.ts";
import type { TmuxOptions } from "./options.ts";
import { carriesTag, isTag } from "./pane.ts";
import { probeTmux } from "./probe.ts";
import { readScreen } from "./screen.ts";
import { TmuxServers } from "./servers.ts";
import { statuses } from "./statuses.ts";

/**
 * Agents as panes of a tmux server of our own; people look at them with `tmux attach`. Only adopted agents stay where their
 * person started them.
 */
export class TmuxBackend implements TerminalBackend {
  readonly name = "tmux";
  readonly capabilities: BackendCapabilities = {
    focus: true,
    layouts: ["tab", "window", "split-vertical", "split-horizontal", "auto"],
    screen: true,
  };
  readonly #options: TmuxOptions;
  readonly #servers: TmuxServers;

  constructor(options: TmuxOptions) {
    this.#options = options;
    this.#servers = new TmuxServers(options);
  }

  async probe(signal?: AbortSignal): Promise<BackendProbe> {
    return probeTmux(this.#servers.own, this.#options.socket, signal);
  }

  async open(request: OpenRequest, signal?: AbortSignal): Promise<TerminalRef> {
    throwIfAborted(signal);
    return openPane(this.#servers.own, request, signal);
  }

  async find(tag: string, signal?: AbortSignal): Promise<TerminalRef | undefined> {
    throwIfAborted(signal);
    if (!isTag(tag)) return undefined;
    const row = (await listPanes(this.#servers.own, signal)).find((pane) => carriesTag(pane, tag));
    if (row) return { backend: "tmux", tag, id: row.id };
    return findAdopted(this.#servers.reachable(), tag, signal);
  }

  async adopt(pid: number, tag: string | null, signal?: AbortSignal): Promise<TerminalRef | undefined> {
    throwIfAborted(signal);
    const { processes } = this.#options;
    return adoptPane({ servers: this.#servers.reachable(), processes }, pid, tag, signal);
  }

  async status(refs: readonly TerminalRef[], signal?: AbortSignal): Promise<TerminalStatus[]> {
    throwIfAborted(signal);
    return statuses(this.#servers, this.#options.processes, refs, signal);
  }

  async input(ref: TerminalRef, steps: readonly InputStep[], signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    const { clock, ids } = this.#options;
    const { tmux, pane } = this.#servers.of(ref);
    return performInput({ tmux, clock, ids }, pane, steps, signal);
  }

  async screen(
    ref: TerminalRef,
    options: { history?: number; isRaw?: boolean } = {},
    signal?: AbortSignal,
  ): Promise<Screen> {
    throwIfAborted(signal);
    const { tmux, pane } = this.#servers.of(ref);
    return readScreen(tmux, pane, options, signal);
  }

  async focus(ref: TerminalRef, signal?: AbortSignal): Promise<{ attachCommand?: string[] }> {
    throwIfAborted(signal);
    const { tmux, pane } = this.#servers.of(ref);
    const isSeen = await focusPane(tmux, pane, signal);
    return isSeen ? {} : { attachCommand: this.attachCommand(ref) };
  }

  async close(ref: TerminalRef, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    const { processes, clock } = this.#options;
    const { tmux, pane } = this.#servers.of(ref);
    return closePane({ tmux, processes, clock }, pane, signal);
  }

  attachCommand(ref: TerminalRef): string[] {
    const attach = this.#servers.attachCommand(ref);
    // tmux refuses to attach inside another tmux unless TMUX is unset.
    return this.#options.env.TMUX ? ["env", "-u", "TMUX", ...attach] : attach;
  }
}
