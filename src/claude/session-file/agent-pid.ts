import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ProcessRunner } from "../../core/ports/process-runner.ts";

/** What the launcher wrote just before it became Claude Code: its pid, and when. */
export interface RecordedPid {
  pid: number;
  /** Epoch ms. */
  recordedAt: number;
}

/**
 * The pid recorded in an agent's folder; undefined before the first launch, and while it is being written. Read at once:
 * of a file this small the thread pool would make ten times the work, and `status` reads it of every agent.
 */
export async function readAgentPid(agentDir: string): Promise<RecordedPid | undefined> {
  const path = join(agentDir, "pid");
  try {
    const pid = Number.parseInt(readFileSync(path, "utf8"), 10);
    const { mtimeMs } = statSync(path);
    return Number.isInteger(pid) && pid > 0 ? { pid, recordedAt: mtimeMs } : undefined;
  } catch {
    return undefined;
  }
}

/** The clock of files and that of processes may differ by this much. */
const CLOCK_SLACK_MS = 2_000;

/** Does the very process live that was recorded? After a reboot its pid belongs to somebody else. */
export function isRecordedAlive(
  { pid, recordedAt }: RecordedPid,
  agentDir: string,
  runner: Pick<ProcessRunner, "isAlive" | "identify">,
): boolean {
  const found = runner.identify(pid)?.startedAt ?? "";
  if (/^\d+$/.test(found)) return runner.isAlive({ pid, startedAt: recordedStart(agentDir) });
  // macOS tells a time of day, in UTC: a process that began after its pid was recorded is another one.
  const began = Date.parse(`${found} UTC`);
  if (Number.isFinite(began) && began > recordedAt + CLOCK_SLACK_MS) return false;
  return runner.isAlive({ pid, startedAt: "" });
}

/** Field 22 of the process's `/proc/<pid>/stat`, which the launcher kept; "" where there is no such thing. */
function recordedStart(agentDir: string): string {
  try {
    const stat = readFileSync(join(agentDir, "process"), "latin1");
    // The command (field 2) stands in parentheses and may itself contain blanks and parentheses.
    const startedAt = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
    return /^\d+$/.test(startedAt) ? startedAt : "";
  } catch {
    return "";
  }
}
