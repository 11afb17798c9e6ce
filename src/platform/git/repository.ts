import { readdir, readFile, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { AppError } from "../../core/errors.ts";
import type { Repository } from "../../core/ports/work-trees.ts";
import { type Git, gitFailure } from "./git.ts";

/** The repository that holds a folder. @throws SESSION_ROOT_NOT_A_REPOSITORY, GIT_COMMAND_FAILED */
export async function findRepository(git: Git, folder: string, signal?: AbortSignal): Promise<Repository> {
  const about = ["rev-parse", "--is-bare-repository", "--is-inside-work-tree", "--git-dir"];
  const found = await git.ask(about, { cwd: folder, signal });
  // Only in these words: a repository of somebody else's, which git does not trust, is one all the same.
  if (found.exitCode !== 0 && /not a git repository/i.test(found.stderr)) throw notARepository(folder);
  if (found.exitCode !== 0) throw gitFailure(about, found);
  const [isBare, isInside, gitDir = "."] = found.stdout.split("\n");
  const head = await headOf(git, folder, signal);
  if (isBare === "true") return { root: await realpath(resolve(folder, gitDir)), prefix: "", isBare: true, head };
  if (isInside !== "true") throw notARepository(folder);
  const where = await git.run(["rev-parse", "--show-toplevel", "--show-prefix"], { cwd: folder, signal });
  const [root = folder, prefix = ""] = where.split("\n");
  return { root: await realpath(root), prefix: prefix.replace(/\/$/, ""), isBare: false, head };
}

function notARepository(folder: string): AppError {
  return new AppError("SESSION_ROOT_NOT_A_REPOSITORY", `${folder} is in no git repository`, { details: { folder } });
}

async function headOf(git: Git, cwd: string, signal?: AbortSignal): Promise<string | null> {
  const { exitCode, stdout } = await git.ask(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { cwd, signal });
  return exitCode === 0 ? stdout.trim() : null;
}

/** Git directory that all worktrees of a repository share; a real path. */
export async function commonDirOf(git: Git, repository: string, signal?: AbortSignal): Promise<string> {
  const found = await git.run(["rev-parse", "--git-common-dir"], { cwd: repository, signal });
  return realpath(resolve(repository, found.trimEnd()));
}

/**
 * A worktree's own git directory, by the path that git has it under; undefined where git has none there. Never asked from
 * within the folder: where its `.git` is lost, git would answer for the tree around it.
 */
export async function adminDirOf(commonDir: string, path: string): Promise<string | undefined> {
  const wanted = await canonical(path);
  for (const name of await readdir(join(commonDir, "worktrees")).catch(() => [])) {
    const folder = join(commonDir, "worktrees", name);
    const pointer = await readFile(join(folder, "gitdir"), "utf8").catch(() => undefined);
    if (pointer === undefined) continue;
    const file = resolve(folder, pointer.trimEnd());
    if (basename(file) === ".git" && (await canonical(dirname(file))) === wanted) return folder;
  }
  return undefined;
}

/** The real path, also of something that is gone. */
async function canonical(path: string): Promise<string> {
  const parent = await realpath(dirname(path)).catch(() => dirname(path));
  return join(parent, basename(path));
}
