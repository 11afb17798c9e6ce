import { throwIfAborted } from "../../core/abort.ts";
import type { TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Ids } from "../../core/ports/ids.ts";
import type { InputStep } from "../../core/ports/terminal-backend.ts";
import type { TmuxArgs, TmuxCommand } from "./command.ts";
import { onPane } from "./pane.ts";

export interface InputPorts {
  tmux: TmuxCommand;
  clock: Clock;
  ids: Ids;
}

/**
 * Performs the steps with as few tmux processes as possible: a text and the keys after it go in one. A call that has
 * begun is not interrupted (it takes milliseconds), so an abort never leaves half of a burst, nor a paste buffer.
 */
export async function performInput(
  ports: InputPorts,
  ref: TerminalRef,
  steps: readonly InputStep[],
  signal?: AbortSignal,
): Promise<void> {
  for (const burst of bursts(steps)) {
    throwIfAborted(signal);
    if (burst.pauseMs > 0) await ports.clock.sleep(burst.pauseMs, signal);
    else await send(ports, ref, burst);
  }
}

interface Burst {
  pauseMs: number;
  text?: { text: string; isBracketed: boolean };
  keys: string[];
}

/** One burst is one tmux process: at most one text (standard input can carry only one), then keys. */
function bursts(steps: readonly InputStep[]): Burst[] {
  const result: Burst[] = [];
  for (const step of steps) {
    const last = result.at(-1);
    if (step.kind === "pause") {
      if (step.ms > 0) result.push({ pauseMs: step.ms, keys: [] });
    } else if (step.kind === "text") {
      if (step.text !== "") result.push({ pauseMs: 0, text: step, keys: [] });
    } else if (step.keys.length === 0) {
      // Nothing to press.
    } else if (last && last.pauseMs === 0) last.keys.push(...step.keys);
    else result.push({ pauseMs: 0, keys: [...step.keys] });
  }
  return result;
}

async function send(ports: InputPorts, ref: TerminalRef, { text, keys }: Burst): Promise<void> {
  const ready: TmuxArgs[] = [
    // In copy mode (a person has scrolled) keys would be commands of that mode.
    ["copy-mode", "-q", "-t", ref.id],
    // With it on, keys would reach every pane of the window. A person may have switched it on.
    ["set-option", "-p", "-t", ref.id, "synchronize-panes", "off"],
  ];
  const pressed: TmuxArgs[] = keys.length > 0 ? [["send-keys", "-t", ref.id, ...keys]] : [];
  if (text) await paste(ports, ref, text, { ready, pressed });
  else await onPane(ports.tmux, ref, [...ready, ...pressed], { needsProgram: true });
}

async function paste(
  { tmux, ids }: InputPorts,
  ref: TerminalRef,
  { text, isBracketed }: { text: string; isBracketed: boolean },
  around: { ready: TmuxArgs[]; pressed: TmuxArgs[] },
): Promise<void> {
  const buffer = ids.next("nce");
  const insert = ["paste-buffer", ...(isBracketed ? ["-p"] : []), "-r", "-d", "-b", buffer, "-t", ref.id];
  const remove = ["delete-buffer", "-b", buffer];
  try {
    await onPane(tmux, ref, [...around.ready, insert, ...around.pressed], {
      needsProgram: true,
      // Before the look at the pane: it waits for standard input, and the pane could end meanwhile.
      before: [["load-buffer", "-b", buffer, "-"]],
      otherwise: [remove],
      input: text,
    });
  } catch (error) {
    const isRemoved = error instanceof AppError && error.code === "TERMINAL_GONE";
    // After a failure in between, the text must not stay behind in the server.
    if (!isRemoved) await tmux.attempt([remove]).catch(() => undefined);
    throw error;
  }
}
