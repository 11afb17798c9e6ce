import type { TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { ProcessIdentity, ProcessRunner } from "../../core/ports/process-runner.ts";
import { ancestors } from "../ancestors.ts";
import type { TmuxCommand } from "./command.ts";
import { ADOPTED_COMMAND, ADOPTED_PROGRAM, ADOPTED_TAG, isTag } from "./pane.ts";
import { paneElsewhere, type TmuxServer } from "./servers.ts";

const FORMAT = "#{pane_id}|#{pane_pid}|#{pane_current_command}|#{socket_path}|#{pane_start_command}";
const ROW = /^(%\d+)\|(\d+)\|([^|]*)\|([^|]*)\|(.*)$/;

/**
 * The pane that a person's program runs in, on any of these servers; undefined when none holds it. With a tag, the pane
 * is marked by options of its own that tell the tag, the program, and its name in the foreground. They go with the pane.
 */
export async function adoptPane(
  { servers, processes }: { servers: readonly TmuxServer[]; processes: ProcessRunner },
  pid: number,
  tag: string | null,
  signal?: AbortSignal,
): Promise<TerminalRef | undefined> {
  if (tag !== null && !isTag(tag)) throw new AppError("INTERNAL", `${JSON.stringify(tag)} cannot be a terminal's tag`);
  const program = processes.identify(pid);
  if (!program) return undefined;
  const line = [pid, ...ancestors(processes, pid)];
  for (const { tmux, isOwn } of servers) {
    const pane = (await personsPanes(tmux, signal)).find((candidate) => line.includes(candidate.pid));
    if (!pane) continue;
    if (tag !== null) await markPane(tmux, pane, { tag, program }, signal);
    return { backend: "tmux", tag: tag ?? "", id: isOwn ? pane.id : paneElsewhere(pane.socket, pane.id) };
  }
  return undefined;
}

/** The adopted pane that carries the tag, on any of these servers. */
export async function findAdopted(
  servers: readonly TmuxServer[],
  tag: string,
  signal?: AbortSignal,
): Promise<TerminalRef | undefined> {
  const format = `#{pane_id}|#{${ADOPTED_TAG}}|#{socket_path}`;
  for (const { tmux, isOwn } of servers) {
    const result = await tmux.attempt([["list-panes", "-a", "-F", format]], { signal });
    if (result.exitCode !== 0) continue;
    const rows = result.stdout.split("\n").map((line) => line.split("|"));
    const [id, , socket = ""] = rows.find(([, found]) => found === tag) ?? [];
    if (id !== undefined) return { backend: "tmux", tag, id: isOwn ? id : paneElsewhere(socket, id) };
  }
  return undefined;
}

/** The pane is the person's alone again. */
export async function releasePane(tmux: TmuxCommand, { id }: Pick<TerminalRef, "id">, signal?: AbortSignal) {
  const marks = [ADOPTED_TAG, ADOPTED_PROGRAM, ADOPTED_COMMAND];
  // It may have gone with its program.
  await tmux.attempt(
    marks.map((mark) => ["set-option", "-p", "-u", "-t", id, mark]),
    { signal },
  );
}

interface PersonsPane {
  id: string;
  pid: number;
  command: string;
  socket: string;
}

async function markPane(
  tmux: TmuxCommand,
  pane: PersonsPane,
  { tag, program }: { tag: string; program: ProcessIdentity },
  signal?: AbortSignal,
): Promise<void> {
  const set = (mark: string, value: string) => ["set-option", "-p", "-t", pane.id, mark, value];
  // The tag last: it is what makes the pane ours.
  await tmux.run(
    [
      set(ADOPTED_PROGRAM, `${program.pid} ${program.startedAt}`),
      set(ADOPTED_COMMAND, pane.command),
      set(ADOPTED_TAG, tag),
    ],
    { signal },
  );
}

/** Panes that were not opened for an agent: what runs below an agent is that agent's own doing. */
async function personsPanes(tmux: TmuxCommand, signal?: AbortSignal): Promise<PersonsPane[]> {
  const result = await tmux.attempt([["list-panes", "-a", "-F", FORMAT]], { signal });
  // A server that does not run, or that we may not talk to, holds nothing for us.
  if (result.exitCode !== 0) return [];
  return result.stdout.split("\n").flatMap((line) => {
    const [, id, pid, command = "", socket = "", startCommand = ""] = ROW.exec(line) ?? [];
    if (id === undefined || / nce_\w+ /.test(startCommand)) return [];
    return [{ id, pid: Number(pid), command, socket }];
  });
}
