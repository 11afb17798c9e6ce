import { statSync } from "node:fs";
import type { BackendProbe } from "../../core/ports/terminal-backend.ts";
import { listSessions } from "./client/listing.ts";
import { isAbsent, toBackendError, unreachable } from "./failure.ts";
import { isInstalled } from "./installed.ts";
import type { Iterm2Link } from "./link.ts";
import type { Iterm2Options } from "./options.ts";

const MISSING: BackendProbe = {
  isUsable: false,
  problem: "iTerm2 was not found on this Mac",
  fix: "Install iTerm2 (brew install --cask iterm2), start it, and switch on Settings > General > Magic > Enable Python API; or use --backend tmux.",
};

/**
 * Connects to the iTerm2 that runs, and asks it something: only that shows that nothing is in the way (the API is on, macOS
 * permits it, no dialog is open). Never starts iTerm2. Elsewhere than on macOS nothing is even loaded.
 */
export async function probeIterm2(
  link: Iterm2Link,
  options: Iterm2Options,
  signal?: AbortSignal,
): Promise<BackendProbe> {
  const { platform, socketPath } = options;
  if (platform !== "darwin" && !isThere(socketPath)) {
    return { isUsable: false, isForeign: true, problem: "iTerm2 runs on macOS only", fix: "Use --backend tmux." };
  }
  try {
    return await link.raw(async (client) => {
      const { protocolVersion } = await client.capabilities(signal);
      await listSessions(client, { signal });
      return { isUsable: true, version: `API ${protocolVersion.major}.${protocolVersion.minor}` };
    });
  } catch (error) {
    if (isAbsent(error) && (await isInstalled(options, signal)) === false) return MISSING;
    const why = unreachable(error);
    if (why) return { isUsable: false, problem: why.problem, fix: why.fix };
    const failure = toBackendError(error);
    const message = failure instanceof Error ? failure.message : String(failure);
    return {
      isUsable: false,
      problem: message,
      fix: "Look at iTerm2: answer a dialog that is open there, then try again; or use --backend tmux.",
    };
  }
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
