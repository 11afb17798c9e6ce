import type { TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { ProcessIdentity, ProcessRunner } from "../../core/ports/process-runner.ts";
import { releasePane } from "./adopt.ts";
import type { TmuxCommand } from "./command.ts";
import { findPane, listPanes } from "./list.ts";
import { onPane } from "./pane.ts";

/** Claude Code needs up to 500 ms to end by itself (claude-code-facts §10). */
const GRACE_MS = 3_000;
const POLL_MS = 20;

export interface ClosePorts {
  tmux: TmuxCommand;
  processes: ProcessRunner;
  clock: Clock;
}

/**
 * Kills exactly this pane (its program gets SIGHUP), waits for the program's end, and ends it by force after 3 s. A pane
 * that a person opened stays: only the program in it is ended, and the pane is no longer ours.
 */
export async function closePane(ports: ClosePorts, ref: TerminalRef, signal?: AbortSignal): Promise<void> {
  const { tmux, processes } = ports;
  const pane = findPane(await listPanes(tmux, signal), ref);
  if (!pane) return;
  if (pane.adoption?.tag === ref.tag) {
    if (processes.isAlive(pane.adoption.program)) {
      processes.kill(pane.adoption.program.pid, "SIGTERM");
      await untilEnded(ports, pane.adoption.program, { isGroup: false }, signal);
    }
    return releasePane(tmux, ref, signal);
  }
  const program = pane.isRunning && pane.pid !== undefined ? processes.identify(pane.pid) : undefined;
  await killPane(tmux, ref, signal);
  if (program) await untilEnded(ports, program, { isGroup: true }, signal);
}

/** Waits for the end of a program that was told to end; after 3 s it is ended by force. */
async function untilEnded(
  { processes, clock }: ClosePorts,
  program: ProcessIdentity,
  { isGroup }: { isGroup: boolean },
  signal?: AbortSignal,
): Promise<void> {
  const deadline = clock.monotonic() + GRACE_MS;
  while (processes.isAlive(program)) {
    if (clock.monotonic() >= deadline) {
      processes.kill(program.pid, "SIGKILL", { group: isGroup });
      return;
    }
    await clock.sleep(POLL_MS, signal);
  }
}

async function killPane(tmux: TmuxCommand, ref: TerminalRef, signal?: AbortSignal): Promise<void> {
  try {
    await onPane(tmux, ref, [["kill-pane", "-t", ref.id]], { signal });
  } catch (error) {
    if (!(error instanceof AppError && error.code === "TERMINAL_GONE")) throw error;
  }
}
