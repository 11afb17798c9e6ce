import { lstat, rename, rm } from "node:fs/promises";
import type { RemoveRequest } from "../../core/ports/work-trees.ts";
import type { Git } from "./git.ts";
import { adminDirOf, commonDirOf } from "./repository.ts";

/**
 * The folder goes in one step, by being renamed: a crash at any moment leaves it whole under one of two names, never half of
 * it. Then git forgets it, and what is left is deleted.
 */
export async function removeTree(git: Git, request: RemoveRequest, signal?: AbortSignal): Promise<void> {
  const { repository, path, trash, branch } = request;
  const commonDir = await commonDirOf(git, repository, signal);
  const isKnown = (await adminDirOf(commonDir, path)) !== undefined;
  // Without git's entry, a folder there is not the worktree that we mean.
  if (isKnown && (await isThere(path)) && !(await isThere(trash))) await rename(path, trash);
  if (isKnown && !(await isThere(path))) {
    await git.run(["worktree", "remove", "--force", path], { cwd: repository, signal });
  }
  await rm(trash, { recursive: true, force: true, maxRetries: 3 });
  // Git refuses while it is checked out elsewhere, and rightly so.
  if (branch !== null) await git.ask(["branch", "--quiet", "-D", "--", branch], { cwd: repository, signal });
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}
