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
import { closePane } from "./close.ts";
import { TmuxCommand } from "./command.ts";
import { focusPane } from "./focus.ts";
import { performInput } from "./input.ts";
import { listPanes, listTerminals, statusOf } from "./list.ts";
import { literalName } from "./name.ts";
import { openPane } from "./open.ts";
import type { TmuxOptions } from "./options.ts";
import { carriesTag, isTag, onPane } from "./pane.ts";
import { probeTmux } from "./probe.ts";
import { readScreen } from "./screen.ts";

/** Agents as panes of a tmux server of our own; people look at them with `tmux attach`. */
export class TmuxBackend implements TerminalBackend {
  readonly name = "tmux";
  readonly capabilities: BackendCapabilities = {
    focus: true,
    layouts: ["tab", "window", "split-vertical", "split-horizontal", "auto"],
    screen: true,
  };
  readonly #options: TmuxOptions;
  readonly #tmux: TmuxCommand;

  constructor(options: TmuxOptions) {
    this.#options = options;
    this.#tmux = new TmuxCommand(options);
  }

  async probe(signal?: AbortSignal): Promise<BackendProbe> {
    return probeTmux(this.#tmux, this.#options.socket, signal);
  }

  async open(request: OpenRequest, signal?: AbortSignal): Promise<TerminalRef> {
    throwIfAborted(signal);
    return openPane(this.#tmux, request, signal);
  }

  async find(tag: string, signal?: AbortSignal): Promise<TerminalRef | undefined> {
    throwIfAborted(signal);
    if (!isTag(tag)) return undefined;
    const row = (await listPanes(this.#tmux, signal)).find((pane) => carriesTag(pane.startCommand, tag));
    return row && { backend: "tmux", tag, id: row.id };
  }

  async status(refs: readonly TerminalRef[], signal?: AbortSignal): Promise<TerminalStatus[]> {
    throwIfAborted(signal);
    if (refs.length === 0) return [];
    const rows = await listTerminals(this.#tmux, this.#options.processes, refs, signal);
    return rows.map(statusOf);
  }

  async input(ref: TerminalRef, steps: readonly InputStep[], signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    const { clock, ids } = this.#options;
    return performInput({ tmux: this.#tmux, clock, ids }, ref, steps, signal);
  }

  async screen(
    ref: TerminalRef,
    options: { history?: number; isRaw?: boolean } = {},
    signal?: AbortSignal,
  ): Promise<Screen> {
    throwIfAborted(signal);
    return readScreen(this.#tmux, ref, options, signal);
  }

  async focus(ref: TerminalRef, signal?: AbortSignal): Promise<{ attachCommand?: string[] }> {
    throwIfAborted(signal);
    const isSeen = await focusPane(this.#tmux, ref, signal);
    return isSeen ? {} : { attachCommand: this.attachCommand(ref) };
  }

  async close(ref: TerminalRef, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    const { processes, clock } = this.#options;
    return closePane({ tmux: this.#tmux, processes, clock }, ref, signal);
  }

  attachCommand(ref: TerminalRef): string[] {
    const attach = ["tmux", "-L", this.#options.socket, "attach-session", "-t", ref.id];
    // tmux refuses to attach inside another tmux unless TMUX is unset.
    return this.#options.env.TMUX ? ["env", "-u", "TMUX", ...attach] : attach;
  }

  /** Names the tmux window when the agent has it alone, else the pane's border. */
  async setTitle(ref: TerminalRef, title: string, signal?: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    const name = literalName(title);
    const panes = await onPane(this.#tmux, ref, [["display-message", "-p", "-t", ref.id, "#{window_panes}"]], {
      signal,
    });
    const command =
      panes.trim() === "1" ? ["rename-window", "-t", ref.id, "--", name] : ["select-pane", "-t", ref.id, "-T", name];
    await onPane(this.#tmux, ref, [command], { signal });
  }
}
