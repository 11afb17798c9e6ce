import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new directory (real path) and the function that removes it. */
export async function temporaryDirectory(
  name = "claude-orch-test",
): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await realpath(await mkdtemp(join(tmpdir(), `${name}-`)));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 25 }) };
}
