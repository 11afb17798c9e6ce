import type { AgentState, Layout, TerminalRef } from "../agent.ts";
import type { BackendName } from "../session.ts";

export interface BackendProbe {
  isUsable: boolean;
  /** Version of what holds the terminals, when it could be found. */
  version?: string;
  /** Why it is not usable, in one sentence. */
  problem?: string;
  /** One imperative next step. */
  fix?: string;
  /** Made for another kind of machine: unless somebody asks for it, it is not worth a word. */
  isForeign?: boolean;
}

export interface OpenRequest {
  /** Absolute path of the launcher script; executed directly (argv of one), never through a shell string. */
  launcher: string;
  cwd: string;
  title: string;
  /** What the agent is, such as its role; shown where the terminal has room for it. */
  subtitle?: string;
  layout: Layout;
  /** Unguessable nonce; `find` must return this terminal for it as long as it lives. */
  tag: string;
  /** Groups the agents of one session in one window or terminal session. */
  group: { id: string; name: string };
  /** Terminal to split, for the split layouts: the newest terminal of the same group. */
  splitFrom?: TerminalRef;
}

export interface TerminalStatus {
  /** Whether the terminal itself still exists. */
  exists: boolean;
  /** Why nobody could tell, where what holds the terminal cannot be reached; `exists` is false then. No backend sets it. */
  problem?: string;
  /** Whether the program in it still runs. */
  isRunning: boolean;
  /** Exit code of the program, when the backend learned it. */
  exitCode?: number;
  /** Signal number that ended the program, when the backend learned it. */
  exitSignal?: number;
  pid?: number;
}

export interface Screen {
  /** Visible lines, top to bottom, right-trimmed. */
  lines: string[];
  /** The program's title, if the terminal has one. */
  title?: string;
}

export type Key =
  | "Enter"
  | "Escape"
  | "Home"
  | "End"
  | "Up"
  | "Down"
  | "Left"
  | "Right"
  | "Tab"
  | "C-c"
  | "C-g"
  | "C-s"
  | "C-u"
  | "C-d";

export type InputStep =
  /** One burst of text; `isBracketed` frames it as a paste where the program asked for bracketed paste. */
  | { kind: "text"; text: string; isBracketed: boolean }
  | { kind: "keys"; keys: Key[] }
  /** Gap between two bursts, so that the program reads them apart. */
  | { kind: "pause"; ms: number };

export interface BackendCapabilities {
  /** Can bring a terminal to the front. */
  focus: boolean;
  layouts: readonly Layout[];
  /** Has a screen that a person sees and `screen` reads. Without one there is no key but Enter. */
  screen: boolean;
}

/**
 * What holds the agents' terminals. Thin: waiting, draft clearing and the choice of route exist once above this port.
 *
 * All methods take an AbortSignal and reject with CANCELLED when it aborts; an abort never leaves half of one burst
 * typed. A missing optional ability rejects with UNSUPPORTED_BY_BACKEND, never silently. A command of the terminal
 * program that fails rejects with BACKEND_COMMAND_FAILED; a terminal that no longer exists with TERMINAL_GONE.
 */
export interface TerminalBackend {
  readonly name: BackendName;
  readonly capabilities: BackendCapabilities;

  /** Is the backend usable on this machine? Never throws, starts nothing. */
  probe(signal?: AbortSignal): Promise<BackendProbe>;

  /**
   * Opens a terminal that executes the launcher, tagged so that `find(tag)` finds it from the first instant the
   * program runs. Never steals focus. Safe from many processes at once.
   */
  open(request: OpenRequest, signal?: AbortSignal): Promise<TerminalRef>;

  /** The terminal that carries the tag, or undefined. Works from any process and after the orchestrator's restart. */
  find(tag: string, signal?: AbortSignal): Promise<TerminalRef | undefined>;

  /**
   * Tags the terminal that holds this process and that a person opened, so that it can be used like one of ours; undefined
   * when none of the terminals within reach holds it. It then belongs to the agent, but is never closed by `close`: only
   * the program in it is ended. With null instead of a tag it only looks: nothing is changed, and the tag answered is "".
   */
  adopt(pid: number, tag: string | null, signal?: AbortSignal): Promise<TerminalRef | undefined>;

  /** Status of each terminal, in order, in as few calls to the terminal program as possible. Never throws for a missing one. */
  status(refs: readonly TerminalRef[], signal?: AbortSignal): Promise<TerminalStatus[]>;

  /** Performs the steps in order in this terminal alone. Text is delivered literally, whatever it starts with. */
  input(ref: TerminalRef, steps: readonly InputStep[], signal?: AbortSignal): Promise<void>;

  /** What the terminal shows now; with `history`, up to that many lines above the visible part; with `isRaw`, with escape sequences. */
  screen(ref: TerminalRef, options?: { history?: number; isRaw?: boolean }, signal?: AbortSignal): Promise<Screen>;

  /** Brings the terminal to the front, or rejects with a hint how to attach. */
  focus(ref: TerminalRef, signal?: AbortSignal): Promise<{ attachCommand?: string[] }>;

  /**
   * Shows the state of its agent on the terminal, as a colour; null takes it back. Only where the terminal program has
   * something to colour: without this method there is nothing to do.
   */
  decorate?(ref: TerminalRef, state: AgentState | null, signal?: AbortSignal): Promise<void>;

  /**
   * Resolves when one of these terminals may have changed in a way that no file tells (it ended, was closed or brought
   * back, its screen came to rest, what holds it was restarted), or after `maxMs`. Answers those that have another id
   * now. A change between two calls may be missed: callers look after every return. Trouble with the terminal program is
   * no failure, only silence. For processes that live long; only where the terminal program tells such things by itself.
   */
  watch?(refs: readonly TerminalRef[], maxMs: number, signal?: AbortSignal): Promise<TerminalRef[]>;

  /** Ends the program if it still runs and removes the terminal. Idempotent; a missing terminal is success. */
  close(ref: TerminalRef, signal?: AbortSignal): Promise<void>;

  /** Words a person types to look at the terminal, as an argv array. */
  attachCommand(ref: TerminalRef): string[] | undefined;
}
