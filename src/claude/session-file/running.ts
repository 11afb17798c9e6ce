import type { RunningProgram } from "../../core/ports/agent-program.ts";
import type { ProcessRunner } from "../../core/ports/process-runner.ts";
import { isSessionAlive, listSessionFiles } from "./session-file.ts";

/**
 * Interactive Claude Codes that live and keep their files in this folder, oldest first. Files that dead processes left
 * behind do not count, also where their pid was given again.
 */
export async function runningPrograms(
  configDir: string,
  runner: Pick<ProcessRunner, "isAlive" | "identify">,
): Promise<RunningProgram[]> {
  const files = await listSessionFiles(configDir);
  const running = files.flatMap((file): RunningProgram[] => {
    const process = file.isInteractive && isSessionAlive(file, runner) ? runner.identify(file.pid) : undefined;
    if (!process) return [];
    return [
      {
        pid: file.pid,
        startedAt: process.startedAt,
        conversationId: file.sessionId,
        cwd: file.cwd ?? "",
        name: file.name,
        status: file.status,
        version: file.version ?? "unknown",
        launchedAt: file.startedAt,
      },
    ];
  });
  return running.sort((a, b) => (a.launchedAt ?? 0) - (b.launchedAt ?? 0) || a.pid - b.pid);
}
