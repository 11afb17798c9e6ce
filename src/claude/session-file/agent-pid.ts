import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** What the launcher wrote just before it became Claude Code: its pid, and when. */
export interface RecordedPid {
  pid: number;
  /** Epoch ms. */
  recordedAt: number;
}

/** The pid recorded in an agent's folder; undefined before the first launch, and while it is being written. */
export async function readAgentPid(agentDir: string): Promise<RecordedPid | undefined> {
  const path = join(agentDir, "pid");
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    const pid = Number.parseInt(text, 10);
    return Number.isInteger(pid) && pid > 0 ? { pid, recordedAt: mtimeMs } : undefined;
  } catch {
    return undefined;
  }
}
