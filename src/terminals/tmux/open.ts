import type { Layout, TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { RunResult } from "../../core/ports/process-runner.ts";
import type { OpenRequest } from "../../core/ports/terminal-backend.ts";
import { commandFailed, type TmuxArgs, type TmuxCommand } from "./command.ts";
import { groupSession, literalName, windowSession } from "./name.ts";
import { isTag, onPane, paneArgv } from "./pane.ts";
import { COLUMNS, LINES, WINDOW_SIZE_OPTIONS } from "./window-size.ts";

/** Sizes below which a half is no longer usable for Claude Code's screen. */
const MIN_COLUMNS = 80;
const MIN_LINES = 20;

/** Each round tries an existing tmux session, then a new one; both fail only while others create or end it. */
const ROUNDS = 8;

/**
 * Options that matter to us, whatever the server's configuration says. They stand in the same command list as the
 * creation: `destroy-unattached` and `exit-unattached` would otherwise end the new session before the next command.
 */
const OPTIONS: readonly TmuxArgs[] = [
  ["set-option", "-s", "exit-empty", "on"],
  ["set-option", "-s", "exit-unattached", "off"],
  ["set-option", "-g", "destroy-unattached", "off"],
  ["set-option", "-g", "history-limit", "10000"],
  ["set-option", "-gw", "remain-on-exit", "on"],
  ["set-option", "-gw", "synchronize-panes", "off"],
  ["set-option", "-gw", "allow-rename", "off"],
  ...WINDOW_SIZE_OPTIONS,
];

/**
 * `tab` is a window of the group's tmux session, `window` a tmux session of its own, the splits are panes beside
 * `splitFrom`. Where there is nothing left to split, or no room, the terminal becomes a tab.
 */
export async function openPane(tmux: TmuxCommand, request: OpenRequest, signal?: AbortSignal): Promise<TerminalRef> {
  if (!isTag(request.tag)) throw new AppError("INTERNAL", `${JSON.stringify(request.tag)} cannot be a terminal's tag`);
  const split = await splitFlag(tmux, request, signal);
  const id =
    (split && (await splitPane(tmux, request, split, signal))) ||
    (request.layout === "window"
      ? await newSession(tmux, request, windowSession(request.group, request.tag), signal)
      : await newTab(tmux, request, signal));
  return { backend: "tmux", tag: request.tag, id };
}

async function newTab(tmux: TmuxCommand, request: OpenRequest, signal?: AbortSignal): Promise<string> {
  const session = groupSession(request.group);
  let failure: AppError | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const window = await create(
      tmux,
      request,
      ["new-window", "-n", literalName(request.title), "-t", `=${session}:`],
      signal,
    );
    if (window.exitCode === 0) return paneId(window);
    const first = await create(tmux, request, sessionArgs(request, session), signal);
    if (first.exitCode === 0) return paneId(first);
    failure = commandFailed([["new-window"], ["new-session"]], first);
  }
  throw failure ?? new AppError("INTERNAL", "No attempt was made to open a tmux window");
}

async function newSession(
  tmux: TmuxCommand,
  request: OpenRequest,
  session: string,
  signal?: AbortSignal,
): Promise<string> {
  const result = await create(tmux, request, sessionArgs(request, session), signal);
  if (result.exitCode === 0) return paneId(result);
  throw commandFailed([["new-session"]], result);
}

function sessionArgs(request: OpenRequest, session: string): string[] {
  return ["new-session", "-x", COLUMNS, "-y", LINES, "-n", literalName(request.title), "-s", session];
}

async function splitPane(
  tmux: TmuxCommand,
  request: OpenRequest,
  flag: "-h" | "-v",
  signal?: AbortSignal,
): Promise<string | undefined> {
  const from = request.splitFrom?.id ?? "";
  const result = await create(tmux, request, ["split-window", flag, "-t", from], signal);
  if (result.exitCode !== 0) return undefined;
  const id = paneId(result);
  // The window's name can only name one of its panes; the border names each by its program's title.
  await tmux.attempt([["set-option", "-w", "-t", id, "pane-border-status", "top"]], { signal });
  return id;
}

/**
 * -c is left out on purpose: tmux expands its value as a format, in which a folder called `#(x)` is a command. Without
 * it the new pane starts where the tmux client was started.
 */
function create(tmux: TmuxCommand, request: OpenRequest, args: TmuxArgs, signal?: AbortSignal): Promise<RunResult> {
  const [command = "", ...rest] = args;
  const creation = [command, "-d", "-P", "-F", "#{pane_id}", ...rest, "--", ...paneArgv(request.tag, request.launcher)];
  return tmux.attempt([...OPTIONS, creation], { cwd: request.cwd, signal });
}

function paneId(result: RunResult): string {
  const id = result.stdout.trim();
  if (/^%\d+$/.test(id)) return id;
  throw new AppError("BACKEND_COMMAND_FAILED", `tmux answered ${JSON.stringify(id)} instead of a pane id`);
}

/** How to split, or undefined when the layout (or what is left of the terminal to split) asks for a new window. */
async function splitFlag(
  tmux: TmuxCommand,
  request: OpenRequest,
  signal?: AbortSignal,
): Promise<"-h" | "-v" | undefined> {
  const from = request.splitFrom;
  if (!from || !isSplit(request.layout)) return undefined;
  const size = await paneSize(tmux, from, signal);
  if (!size) return undefined;
  if (request.layout === "split-vertical") return "-h";
  if (request.layout === "split-horizontal") return "-v";
  if (size.columns >= 2 * MIN_COLUMNS + 1) return "-h";
  return size.lines >= 2 * MIN_LINES + 1 ? "-v" : undefined;
}

function isSplit(layout: Layout): boolean {
  return layout === "auto" || layout === "split-vertical" || layout === "split-horizontal";
}

async function paneSize(tmux: TmuxCommand, ref: TerminalRef, signal?: AbortSignal) {
  try {
    const text = await onPane(tmux, ref, [["display-message", "-p", "-t", ref.id, "#{pane_width} #{pane_height}"]], {
      signal,
    });
    const [columns = 0, lines = 0] = text.trim().split(" ").map(Number);
    return { columns, lines };
  } catch (error) {
    if (error instanceof AppError && error.code === "TERMINAL_GONE") return undefined;
    throw error;
  }
}
