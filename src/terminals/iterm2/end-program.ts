import type { ProcessIdentity } from "../../core/ports/process-runner.ts";
import { holderOf, isRunning, programPid } from "./life.ts";
import type { Iterm2Options } from "./options.ts";
import type { Terminal } from "./terminal.ts";

/** Claude Code needs up to 500 ms to end by itself (claude-code-facts §10). */
const GRACE_MS = 3_000;
const KILL_MS = 2_000;
const POLL_MS = 10;

/** Asks the program to end; after 3 s it is ended by force, with all that it started. Nothing happens to the pane. */
export async function endProgram(
  options: Iterm2Options,
  { files, record }: Pick<Terminal, "files" | "record">,
  signal?: AbortSignal,
): Promise<void> {
  const { processes } = options;
  const program = record.adopted?.pid ?? programPid(files);
  // The holder leads the group of its program and whatever that has started. An adopted one shares it with a shell.
  const holder: ProcessIdentity | undefined = record.adopted ? undefined : holderOf(files, record);
  const isHeld = () => holder !== undefined && processes.isAlive(holder);
  const runs = () => isRunning(processes, files, record) || isHeld();
  if (!runs()) return;
  if (program !== undefined) processes.kill(program, "SIGTERM");
  if (await untilEnded(options, runs, GRACE_MS, signal)) return;
  if (program !== undefined) processes.kill(program, "SIGKILL");
  if (holder && isHeld()) processes.kill(holder.pid, "SIGKILL", { group: true });
  await untilEnded(options, runs, KILL_MS, signal);
}

async function untilEnded(
  { clock }: Iterm2Options,
  runs: () => boolean,
  maxMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const deadline = clock.monotonic() + maxMs;
  while (runs()) {
    if (clock.monotonic() >= deadline) return false;
    await clock.sleep(POLL_MS, signal);
  }
  return true;
}
