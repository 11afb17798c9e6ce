import type { TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { ProcessRunner } from "../../core/ports/process-runner.ts";
import type { TerminalStatus } from "../../core/ports/terminal-backend.ts";
import type { TmuxCommand } from "./command.ts";
import { findPane, listPanes, type PaneRow } from "./list.ts";
import type { TmuxServers } from "./servers.ts";

/** Status of each terminal, in order, with one call for all those of one server. */
export async function statuses(
  servers: TmuxServers,
  processes: ProcessRunner,
  refs: readonly TerminalRef[],
  signal?: AbortSignal,
): Promise<TerminalStatus[]> {
  const places = refs.map((ref) => servers.of(ref));
  const rows = new Map<TmuxCommand, PaneRow[]>();
  for (const { tmux, isOwn } of places) {
    if (rows.has(tmux)) continue;
    const panes = places.filter((place) => place.tmux === tmux).map(({ pane }) => pane);
    rows.set(tmux, isOwn ? await reapedPanes(tmux, processes, panes, signal) : await personsPanes(tmux, signal));
  }
  return places.map(({ tmux, pane }) => statusOf(findPane(rows.get(tmux) ?? [], pane), pane, processes));
}

/**
 * All panes of our server, with how the programs of these terminals ended.
 *
 * tmux 3.3a was seen to leave an ended program unreaped until the next SIGCHLD (10 of 24 runs): the pane is dead and its
 * exit status unknown. A SIGCHLD of ours makes the server look; it does nothing else.
 */
async function reapedPanes(
  tmux: TmuxCommand,
  processes: ProcessRunner,
  refs: readonly TerminalRef[],
  signal?: AbortSignal,
): Promise<PaneRow[]> {
  const rows = await listPanes(tmux, signal);
  const unreaped = refs
    .map((ref) => findPane(rows, ref))
    .find((row) => row && !row.isRunning && row.exitCode === undefined && row.exitSignal === undefined);
  if (!unreaped) return rows;
  processes.kill(unreaped.serverPid, "SIGCHLD");
  return listPanes(tmux, signal);
}

/** A person's server in trouble must not keep the states of all other agents from being told. */
async function personsPanes(tmux: TmuxCommand, signal?: AbortSignal): Promise<PaneRow[]> {
  try {
    return await listPanes(tmux, signal);
  } catch (error) {
    if (error instanceof AppError && error.code === "BACKEND_COMMAND_FAILED") return [];
    throw error;
  }
}

function statusOf(
  row: PaneRow | undefined,
  { tag }: Pick<TerminalRef, "tag">,
  processes: Pick<ProcessRunner, "isAlive">,
): TerminalStatus {
  if (!row) return { exists: false, isRunning: false };
  if (row.adoption?.tag === tag) {
    // The pane's own process is the person's shell, which stays.
    const { program } = row.adoption;
    const isRunning = row.isRunning && processes.isAlive(program);
    return { exists: true, isRunning, ...(isRunning ? { pid: program.pid } : {}) };
  }
  return {
    exists: true,
    isRunning: row.isRunning,
    ...(row.exitCode === undefined ? {} : { exitCode: row.exitCode }),
    ...(row.exitSignal === undefined ? {} : { exitSignal: row.exitSignal }),
    ...(row.isRunning && row.pid !== undefined ? { pid: row.pid } : {}),
  };
}
