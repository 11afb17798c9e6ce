import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

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
