import { constants } from "node:os";
import type { TerminalRef } from "../../core/agent.ts";
import type { ProcessIdentity } from "../../core/ports/process-runner.ts";
import { commandFailed, isServerAbsent, type TmuxCommand } from "./command.ts";
import { ADOPTED_PROGRAM, ADOPTED_TAG, carriesTag } from "./pane.ts";

export interface PaneRow {
  id: string;
  isRunning: boolean;
  exitCode?: number;
  exitSignal?: number;
  /** Absent where the program has ended and tmux forgets its pid then (3.8). */
  pid?: number;
  serverPid: number;
  startCommand: string;
  /** Where a person opened the pane and we adopted the program in it. */
  adoption?: { tag: string; program: ProcessIdentity };
}

/** Free text comes last, so that nothing in it can be taken for another field. */
const FORMAT = [
  ...["#{pane_id}", "#{pane_dead}", "#{pane_dead_status}", "#{pane_dead_signal}", "#{pane_pid}", "#{pid}"],
  ...[`#{${ADOPTED_TAG}}`, `#{${ADOPTED_PROGRAM}}`, "#{pane_start_command}"],
].join("|");
const ROW = /^(%\d+)\|([01]?)\|(\d*)\|(\w*)\|(\d*)\|(\d+)\|([^|]*)\|([^|]*)\|(.*)$/;

/** All panes of the server in one call; none when there is no server. */
export async function listPanes(tmux: TmuxCommand, signal?: AbortSignal): Promise<PaneRow[]> {
  const commands = [["list-panes", "-a", "-F", FORMAT]];
  const result = await tmux.attempt(commands, { signal });
  if (result.exitCode === 0) return result.stdout.split("\n").flatMap(parseRow);
  if (isServerAbsent(result)) return [];
  throw commandFailed(commands, result);
}

export function findPane(rows: readonly PaneRow[], ref: Pick<TerminalRef, "tag" | "id">): PaneRow | undefined {
  return rows.find((row) => row.id === ref.id && carriesTag(row, ref.tag));
}

function parseRow(line: string): PaneRow[] {
  const match = ROW.exec(line);
  if (!match) return [];
  const [, id = "", dead, status = "", signal = "", pid = "", serverPid, tag = "", program = "", startCommand = ""] =
    match;
  const exitSignal = signalNumber(signal);
  const adopted = programOf(program);
  return [
    {
      id,
      // The status is known before the pane is dead while a grandchild still holds the terminal.
      isRunning: dead !== "1" && status === "" && signal === "",
      ...(status === "" ? {} : { exitCode: Number(status) }),
      ...(exitSignal === undefined ? {} : { exitSignal }),
      ...(pid === "" ? {} : { pid: Number(pid) }),
      serverPid: Number(serverPid),
      startCommand,
      ...(tag !== "" && adopted ? { adoption: { tag, program: adopted } } : {}),
    },
  ];
}

function programOf(text: string): ProcessIdentity | undefined {
  const [, pid, startedAt = ""] = /^(\d+) (.*)$/.exec(text) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), startedAt };
}

/** tmux 3.3 and newer report a number or a name without SIG; 3.2 nothing. */
function signalNumber(text: string): number | undefined {
  if (text === "") return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const name = text.toUpperCase().replace(/^(?:SIG)?/, "SIG");
  return Object.entries(constants.signals).find(([known]) => known === name)?.[1];
}
