import type { TerminalRef } from "../../core/agent.ts";
import { TmuxCommand } from "./command.ts";
import type { TmuxOptions } from "./options.ts";

export interface TmuxServer {
  tmux: TmuxCommand;
  isOwn: boolean;
}

/** The id of a pane on a server that is not ours: the server's socket, a colon, and tmux's own pane id. */
const ELSEWHERE = /^(\/.+):(%\d+)$/;

/** Our own tmux server, and those of the person in which there may be panes that we adopted. */
export class TmuxServers {
  readonly own: TmuxCommand;
  readonly #options: TmuxOptions;
  readonly #elsewhere = new Map<string, TmuxCommand>();

  constructor(options: TmuxOptions) {
    this.#options = options;
    this.own = new TmuxCommand(options);
  }

  /** The server of a terminal, and the terminal as that server knows it. */
  of(ref: TerminalRef): { tmux: TmuxCommand; pane: TerminalRef; isOwn: boolean } {
    const [, socket, id] = ELSEWHERE.exec(ref.id) ?? [];
    if (socket === undefined || id === undefined) return { tmux: this.own, pane: ref, isOwn: true };
    return { tmux: this.#at(socket), pane: { ...ref, id }, isOwn: false };
  }

  /** Our own server, the one that the caller sits in, and the one that a bare `tmux` would use. None need run. */
  reachable(): TmuxServer[] {
    const [callers = ""] = (this.#options.env.TMUX ?? "").split(",");
    return [
      { tmux: this.own, isOwn: true },
      ...(callers.startsWith("/") ? [{ tmux: this.#at(callers), isOwn: false }] : []),
      { tmux: new TmuxCommand(this.#options, ["-L", "default"]), isOwn: this.#options.socket === "default" },
    ];
  }

  /** The words with which a person attaches to the server of this terminal. */
  attachCommand(ref: TerminalRef): string[] {
    const [, socket, id] = ELSEWHERE.exec(ref.id) ?? [];
    const server = socket === undefined ? ["-L", this.#options.socket] : ["-S", socket];
    return ["tmux", ...server, "attach-session", "-t", id ?? ref.id];
  }

  #at(socket: string): TmuxCommand {
    const known = this.#elsewhere.get(socket);
    if (known) return known;
    const tmux = new TmuxCommand(this.#options, ["-S", socket]);
    this.#elsewhere.set(socket, tmux);
    return tmux;
  }
}

export function paneElsewhere(socket: string, id: string): string {
  return `${socket}:${id}`;
}
