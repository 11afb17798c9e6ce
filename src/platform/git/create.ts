import { lstat, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError, type ErrorCode } from "../../core/errors.ts";
import type { CreateRequest } from "../../core/ports/work-trees.ts";
import { ATTEMPTS, type Git, gitFailure, isInPassing, WHOLE_TREE_MS } from "./git.ts";
import { copyFiles, listedFiles } from "./listed-files.ts";
import { removeTree } from "./remove.ts";
import { findRepository } from "./repository.ts";
import { Tree } from "./tree.ts";

/** What git says, in its versions since 2.20, when a branch cannot be had. */
const REFUSALS: readonly [RegExp, ErrorCode][] = [
  [/already checked out at|already used by worktree at/, "BRANCH_IN_USE"],
  [/a branch named .* already exists/i, "BRANCH_TAKEN"],
];

/** The same as makeTree, and once more where another worktree was being made at that moment. */
export async function createTree(
  git: Git,
  request: CreateRequest,
  signal?: AbortSignal,
): Promise<{ head: string; copied: string[] }> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await makeTree(git, request, signal);
    } catch (error) {
      if (!isInPassing(error) || attempt === ATTEMPTS) throw error;
      await git.pause(attempt, signal);
    }
  }
}

/** @throws REPOSITORY_WITHOUT_COMMIT, WORKTREE_TARGET_EXISTS, BRANCH_TAKEN, BRANCH_IN_USE */
async function makeTree(
  git: Git,
  request: CreateRequest,
  signal?: AbortSignal,
): Promise<{ head: string; copied: string[] }> {
  const { path, branch } = request;
  const repository = await findRepository(git, request.repository, signal);
  const start = request.start ?? repository.head;
  if (start === null && request.isNewBranch) {
    throw new AppError("REPOSITORY_WITHOUT_COMMIT", `The repository ${repository.root} has no commit yet`, {
      details: { repository: repository.root },
    });
  }
  // What is there is not ours to take back after a failure.
  if (await lstat(path).catch(() => undefined)) {
    throw new AppError("WORKTREE_TARGET_EXISTS", `There is something at ${path} already`, { details: { path } });
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await addTree(git, request, { root: repository.root, start, signal });
    const head = (await git.run(["rev-parse", "HEAD"], { cwd: path, signal })).trim();
    if (request.prefix !== "") await mkdir(join(path, request.prefix), { recursive: true });
    if (repository.isBare) return { head, copied: [] };
    const main = new Tree(git, { path: repository.root, gitDir: await gitDirOf(git, repository.root), signal });
    return { head, copied: await copyFiles(repository.root, path, await listedFiles(main, request.copy)) };
  } catch (error) {
    // Nobody has worked in it: all that is in it are copies.
    const cwd = repository.root;
    await removeTree(git, { repository: cwd, path, trash: `${path}.unmade`, branch: null }).catch(() => undefined);
    const isOurs = !(error instanceof AppError && error.code === "BRANCH_TAKEN");
    // Git makes the branch before the tree. Where it has moved on, somebody else works on it.
    if (request.isNewBranch && isOurs && start !== null) {
      await git.ask(["update-ref", "-d", `refs/heads/${branch}`, start], { cwd }).catch(() => undefined);
    }
    throw error;
  }
}

interface From {
  root: string;
  start: string | null;
  signal: AbortSignal | undefined;
}

async function addTree(git: Git, request: CreateRequest, { root, start, signal }: From): Promise<void> {
  const { path, branch } = request;
  const where = request.isNewBranch ? ["--no-track", "-b", branch, path, start ?? "HEAD"] : [path, branch];
  const add = ["worktree", "add", "--quiet", ...where];
  // As the user's own command would: their post-checkout hook prepares a tree (git-lfs installs one).
  const added = await git.ask(add, { cwd: root, signal, timeoutMs: WHOLE_TREE_MS, withHooks: true });
  // A hook that fails leaves a whole tree; git itself leaves nothing.
  if (added.exitCode === 0 || (await lstat(join(path, ".git")).catch(() => undefined))) return;
  const failure = gitFailure(add, added);
  const code = REFUSALS.find(([words]) => words.test(added.stderr))?.[1];
  throw code === undefined ? failure : new AppError(code, failure.message, { details: { branch, ...failure.details } });
}

async function gitDirOf(git: Git, cwd: string): Promise<string> {
  return (await git.run(["rev-parse", "--absolute-git-dir"], { cwd })).trimEnd();
}
