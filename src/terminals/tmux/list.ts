import { constants } from "node:os";
import type { TerminalRef } from "../../core/agent.ts";
import type { ProcessRunner } from "../../core/ports/process-runner.ts";
import type { TerminalStatus } from "../../core/ports/terminal-backend.ts";
import { commandFailed, isServerAbsent, type TmuxCommand } from "./command.ts";
import { carriesTag } from "./pane.ts";

export interface PaneRow {
  id: string;
  isRunning: boolean;
  exitCode?: number;
  exitSignal?: number;
  pid: number;
  serverPid: number;
  startCommand: string;
}

/** Free text comes last, so that nothing in it can be taken for another field. */
const FORMAT =
  "#{pane_id}|#{pane_dead}|#{pane_dead_status}|#{pane_dead_signal}|#{pane_pid}|#{pid}|#{pane_start_command}";
const ROW = /^(%\d+)\|([01]?)\|(\d*)\|(\w*)\|(\d+)\|(\d+)\|(.*)$/;

/**
 * The panes of these terminals, in order, with how their programs ended.
 *
 * tmux 3.3a was seen to leave an ended program unreaped until the next SIGCHLD (10 of 24 runs): the pane is dead and its
 * exit status unknown. A SIGCHLD of ours makes the server look; it does nothing else.
 */
export async function listTerminals(
  tmux: TmuxCommand,
  processes: ProcessRunner,
  refs: readonly TerminalRef[],
  signal?: AbortSignal,
): Promise<(PaneRow | undefined)[]> {
  const list = async () => {
    const rows = await listPanes(tmux, signal);
    return refs.map((ref) => findPane(rows, ref));
  };
  const rows = await list();
  const unreaped = rows.find(
    (row) => row && !row.isRunning && row.exitCode === undefined && row.exitSignal === undefined,
  );
  if (!unreaped) return rows;
  processes.kill(unreaped.serverPid, "SIGCHLD");
  return list();
}

/** All panes of the server in one call; none when there is no server. */
export async function listPanes(tmux: TmuxCommand, signal?: AbortSignal): Promise<PaneRow[]> {
  const commands = [["list-panes", "-a", "-F", FORMAT]];
  const result = await tmux.attempt(commands, { signal });
  if (result.exitCode === 0) return result.stdout.split("\n").flatMap(parseRow);
  if (isServerAbsent(result)) return [];
  throw commandFailed(commands, result);
}

export function findPane(rows: readonly PaneRow[], ref: Pick<TerminalRef, "tag" | "id">): PaneRow | undefined {
  return rows.find((row) => row.id === ref.id && carriesTag(row.startCommand, ref.tag));
}

export function statusOf(row: PaneRow | undefined): TerminalStatus {
  if (!row) return { exists: false, isRunning: false };
  return {
    exists: true,
    isRunning: row.isRunning,
    ...(row.exitCode === undefined ? {} : { exitCode: row.exitCode }),
    ...(row.exitSignal === undefined ? {} : { exitSignal: row.exitSignal }),
    ...(row.isRunning ? { pid: row.pid } : {}),
  };
}

function parseRow(line: string): PaneRow[] {
  const match = ROW.exec(line);
  if (!match) return [];
  const [, id = "", dead, status = "", signal = "", pid, serverPid, startCommand = ""] = match;
  const exitSignal = signalNumber(signal);
  return [
    {
      id,
      // The status is known before the pane is dead while a grandchild still holds the terminal.
      isRunning: dead !== "1" && status === "" && signal === "",
      ...(status === "" ? {} : { exitCode: Number(status) }),
      ...(exitSignal === undefined ? {} : { exitSignal }),
      pid: Number(pid),
      serverPid: Number(serverPid),
      startCommand,
    },
  ];
}

/** tmux 3.3 and newer report a number or a name without SIG; 3.2 nothing. */
function signalNumber(text: string): number | undefined {
  if (text === "") return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const name = text.toUpperCase().replace(/^(?:SIG)?/, "SIG");
  return Object.entries(constants.signals).find(([known]) => known === name)?.[1];
}
