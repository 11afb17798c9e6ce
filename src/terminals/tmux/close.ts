import type { TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { ProcessRunner } from "../../core/ports/process-runner.ts";
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

/** Kills exactly this pane (its program gets SIGHUP), waits for the program's end, and ends it by force after 3 s. */
export async function closePane(ports: ClosePorts, ref: TerminalRef, signal?: AbortSignal): Promise<void> {
  const { tmux, processes, clock } = ports;
  const pane = findPane(await listPanes(tmux, signal), ref);
  if (!pane) return;
  const program = pane.isRunning ? processes.identify(pane.pid) : undefined;
  await killPane(tmux, ref, signal);
  if (!program) return;

  const deadline = clock.monotonic() + GRACE_MS;
  while (processes.isAlive(program)) {
    if (clock.monotonic() >= deadline) {
      processes.kill(program.pid, "SIGKILL", { group: true });
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
