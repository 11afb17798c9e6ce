import type { BackendProbe } from "../../core/ports/terminal-backend.ts";
import type { HeadlessOptions } from "./options.ts";

/** Usable wherever there are FIFOs and a POSIX shell. */
export async function probeHeadless({ processes, platform, searchPath }: HeadlessOptions): Promise<BackendProbe> {
  if (platform === "win32") {
    return {
      isUsable: false,
      problem: "Windows has no FIFO, which keeps a headless agent's input open",
      fix: "Run claude-orch in the Windows Subsystem for Linux.",
    };
  }
  if ((await processes.which("mkfifo", searchPath)) === undefined) {
    return { isUsable: false, problem: "mkfifo is not on PATH", fix: "Install coreutils, or correct PATH." };
  }
  return { isUsable: true, version: "1" };
}
