import { statSync } from "node:fs";
import { join } from "node:path";
import type { Iterm2Options } from "./options.ts";

const SPOTLIGHT = "/usr/bin/mdfind";
const BUNDLE = "kMDItemCFBundleIdentifier == 'com.googlecode.iterm2'";
const SEARCH_MS = 5_000;

/**
 * Whether iTerm2 is on this machine: in one of the usual folders, or wherever Spotlight knows it to be. Undefined where
 * Spotlight cannot be asked. Looks only: an application that is told something is launched.
 */
export async function isInstalled(
  { processes, applications }: Pick<Iterm2Options, "processes" | "applications">,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  const isHere = (folder: string) => statSync(join(folder, "iTerm.app"), { throwIfNoEntry: false }) !== undefined;
  if (applications.some(isHere)) return true;
  const { reason, exitCode, stdout } = await processes.run(SPOTLIGHT, [BUNDLE], {
    timeoutMs: SEARCH_MS,
    ...(signal && { signal }),
  });
  return reason === "exited" && exitCode === 0 ? stdout.trim() !== "" : undefined;
}
