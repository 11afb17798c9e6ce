import type { TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import { type CallOptions, commandFailed, isServerAbsent, type TmuxArgs, type TmuxCommand } from "./command.ts";

/**
 * The argv of a pane. With a single argument tmux hands it to a shell as text; with several it executes them directly.
 * The tag is `$0` of a constant one-line script, so tmux itself records it in `pane_start_command` before the program
 * runs: there is no instant at which the pane exists without its tag (a user option could only be set afterwards).
 */
export function paneArgv(tag: string, launcher: string): string[] {
  return ["/bin/sh", "-c", 'exec "$1"', tag, launcher];
}

const TAG = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

/** Tags appear in tmux formats, where other characters would have a meaning. */
export function isTag(tag: string): boolean {
  return TAG.test(tag);
}

/** Pane options of a pane that a person opened and we adopted: its tag, and which program in it is the agent. */
export const ADOPTED_TAG = "@claude_orch_tag";
/** pid and start time. */
export const ADOPTED_PROGRAM = "@claude_orch_program";
/** What tmux calls it while it is in the foreground: when it has ended, or sleeps, the shell under it has another name. */
export const ADOPTED_COMMAND = "@claude_orch_command";

export function carriesTag(pane: { startCommand: string; adoption?: { tag: string } }, tag: string): boolean {
  return pane.startCommand.includes(` ${tag} `) || pane.adoption?.tag === tag;
}

function hasPaneId(ref: TerminalRef): boolean {
  return ref.backend === "tmux" && /^%\d+$/.test(ref.id) && isTag(ref.tag);
}

const MISSING = "claude-orch-missing";

export interface OnPaneOptions extends CallOptions {
  /** The program must still run. */
  needsProgram?: boolean;
  /** Run first, whatever becomes of the pane; may read standard input. */
  before?: readonly TmuxArgs[];
  /** Run instead when the pane is not ours any more. */
  otherwise?: readonly TmuxArgs[];
}

/**
 * Runs commands on a pane only if it is still ours, decided inside the server in the same breath: pane ids start again
 * at %0 with each server, so an id alone could be another agent's; and tmux 3.3a dies of a paste into a dead pane.
 * @returns what the commands print
 * @throws TERMINAL_GONE
 */
export async function onPane(
  tmux: TmuxCommand,
  ref: TerminalRef,
  commands: readonly TmuxArgs[],
  options: OnPaneOptions = {},
): Promise<string> {
  if (!hasPaneId(ref)) throw terminalGone(ref);
  const condition = options.needsProgram ? runsProgramOf(ref.tag) : isPaneOf(ref.tag);
  const otherwise = [...(options.otherwise ?? []), ["display-message", "-p", MISSING]];
  const guarded = ["if-shell", "-F", "-t", ref.id, condition, script(commands), script(otherwise)];
  const result = await tmux.attempt([...(options.before ?? []), guarded], options);
  if (result.exitCode === 0 && result.stdout.trimEnd() !== MISSING) return result.stdout;
  if (result.exitCode === 0 || isServerAbsent(result)) throw terminalGone(ref);
  throw commandFailed(commands, result);
}

function isPaneOf(tag: string): string {
  return `#{||:${wasOpenedFor(tag)},${wasAdoptedFor(tag)}}`;
}

/** In an adopted pane a shell waits under the program: what was typed after its end would be run as commands. */
function runsProgramOf(tag: string): string {
  const isInForeground = `#{==:#{pane_current_command},#{${ADOPTED_COMMAND}}}`;
  return `#{||:#{&&:${wasOpenedFor(tag)},#{?pane_dead,0,1}},#{&&:${wasAdoptedFor(tag)},${isInForeground}}}`;
}

function wasOpenedFor(tag: string): string {
  return `#{m:* ${tag} *,#{pane_start_command}}`;
}

function wasAdoptedFor(tag: string): string {
  return `#{==:#{${ADOPTED_TAG}},${tag}}`;
}

function terminalGone(ref: TerminalRef): AppError {
  return new AppError("TERMINAL_GONE", `The tmux pane ${ref.id} is gone, or its program has ended`, {
    details: { terminal: ref.id },
  });
}

/** Commands in tmux's own command language. */
function script(commands: readonly TmuxArgs[]): string {
  return commands.map((command) => command.map(quoted).join(" ")).join(" ; ");
}

function quoted(word: string): string {
  return /^[A-Za-z0-9_-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
