import { existsSync } from "node:fs";
import { chmod, lstat, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../core/errors.ts";
import type { Snapshot } from "../../core/ports/work-trees.ts";
import { entriesOf, type Git, toBytes, WHOLE_TREE_MS } from "./git.ts";
import { RawView } from "./raw-view.ts";
import { removeTree } from "./remove.ts";
import { adminDirOf, commonDirOf } from "./repository.ts";
import { type InnerRepositories, parseRecord, type SnapshotRecord } from "./snapshot-record.ts";
import { Tree } from "./tree.ts";

export interface RestoreOptions {
  git: Git;
  home: string;
  signal?: AbortSignal | undefined;
}

/**
 * Brings a snapshot back as a new worktree: head, files, index and what git was in the middle of.
 * @throws WORKTREE_TARGET_EXISTS, SNAPSHOT_DAMAGED
 */
export async function restoreSnapshot(
  repository: string,
  snapshot: Snapshot,
  path: string,
  { git, home, signal }: RestoreOptions,
): Promise<{ branch: string | null }> {
  const message = await git.run(["log", "-1", "--format=%B", snapshot.commit], { cwd: repository, signal });
  const record = parseRecord(message);
  if (!record) throw new AppError("SNAPSHOT_DAMAGED", `${snapshot.ref} is no snapshot of ours`);
  await assertNothingThere(path);
  const isFolderTheirs = existsSync(path);
  const branch = record.current === null ? null : await freeBranch(git, repository, record.current, signal);
  // Without a branch where nothing was committed yet: git makes such a one only since 2.42.
  const isUnborn = record.head === null;
  const where = branch === null || isUnborn ? ["--detach", path] : ["--no-track", "-b", branch, path];
  const add = ["worktree", "add", "--quiet", "--no-checkout", ...where, record.head ?? snapshot.commit];
  try {
    await git.run(add, { cwd: repository, signal, timeoutMs: WHOLE_TREE_MS });
    const gitDir = await adminDirOf(await commonDirOf(git, repository, signal), path);
    if (gitDir === undefined) throw new AppError("GIT_COMMAND_FAILED", `Git has no worktree ${path}`);
    const tree = new Tree(git, { path, gitDir, signal });
    if (isUnborn && branch !== null) await tree.run(["symbolic-ref", "HEAD", `refs/heads/${branch}`]);
    await fill(tree, home, snapshot, record);
    return { branch };
  } catch (error) {
    await takeBack(git, { repository, path, branch, head: record.head, isFolderTheirs });
    throw error;
  }
}

async function fill(tree: Tree, home: string, snapshot: Snapshot, record: SnapshotRecord): Promise<void> {
  const inside = record.head === null ? `${snapshot.commit}^1` : `${snapshot.commit}^2`;
  await RawView.over(tree, home, async (view) => {
    await view.write(`${snapshot.commit}^{tree}`, tree.path);
    await writeInner(view, tree, `${inside}:`, tree.path, record.repositories);
    const state = await objectAt(tree, `${inside}:state`);
    if (state !== undefined) await view.write(state, tree.gitDir);
  });
  for (const file of record.secret) await chmod(join(tree.path, file), 0o600);
  await restoreIndex(tree, inside);
}

/** Repositories inside it, each with its git directory in its folder, wherever that was before. */
async function writeInner(
  view: RawView,
  tree: Tree,
  at: string,
  folder: string,
  inner: InnerRepositories,
): Promise<void> {
  for (const [position, one] of inner.entries()) {
    const path = join(folder, one.path);
    const [files, git] = [await objectAt(tree, `${at}files${position}`), await objectAt(tree, `${at}git${position}`)];
    if (files === undefined || git === undefined) {
      throw new AppError("SNAPSHOT_DAMAGED", `The snapshot lacks the repository ${one.path}`);
    }
    await view.write(files, path);
    await view.write(git, join(path, ".git"));
    // Trees have no empty folders, and without these two (all refs packed, say) it would be no git directory.
    for (const name of ["refs", "objects"]) await mkdir(join(path, ".git", name), { recursive: true });
    // A submodule's says where its files were. Asked from outside, for git would go there first.
    await tree.ask(["config", "--file", join(path, ".git", "config"), "--unset-all", "core.worktree"]);
    await writeInner(view, tree, `${at}insides${position}/`, path, one.repositories);
  }
}

/** The index as it was, with its conflicts and what a sparse checkout leaves out. */
async function restoreIndex(tree: Tree, inside: string): Promise<void> {
  const staged = await objectAt(tree, `${inside}:index`);
  await tree.run(["read-tree", staged ?? "--empty"]);
  for (const stage of [1, 2, 3]) {
    const conflicts = await objectAt(tree, `${inside}:stage${stage}`);
    if (conflicts === undefined) continue;
    const entries = entriesOf(await tree.run(["ls-tree", "-r", "-z", conflicts], { isBytes: true }));
    const lines = entries.map((entry) => entry.replace(/^(\d+) \w+ (\w+)\t/, `$1 $2 ${stage}\t`));
    await tree.run(["update-index", "-z", "--index-info"], {
      input: toBytes(lines.map((line) => `${line}\0`).join("")),
    });
  }
  if ((await objectAt(tree, `${inside}:sparse`)) !== undefined) {
    const paths = await tree.run(["cat-file", "blob", `${inside}:sparse/list`], { isBytes: true });
    await tree.run(["update-index", "--skip-worktree", "-z", "--stdin"], { input: toBytes(paths) });
  }
  // Fails where something is changed or in conflict: no news.
  await tree.ask(["update-index", "-q", "--refresh"], { timeoutMs: WHOLE_TREE_MS });
}

async function objectAt(tree: Tree, name: string): Promise<string | undefined> {
  const { exitCode, stdout } = await tree.ask(["rev-parse", "--verify", "--quiet", name]);
  return exitCode === 0 ? stdout.trim() : undefined;
}

async function assertNothingThere(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found || (found.isDirectory() && (await readdir(path)).length === 0)) return;
  throw new AppError("WORKTREE_TARGET_EXISTS", `There is something at ${path} already`, { details: { path } });
}

/** The snapshot's own branch where nobody has one of that name, else a new one beside it. */
async function freeBranch(git: Git, repository: string, wanted: string, signal?: AbortSignal): Promise<string> {
  for (let number = 0; ; number += 1) {
    const branch = number === 0 ? wanted : `${wanted}-restored${number === 1 ? "" : `-${number}`}`;
    const args = ["show-ref", "--verify", "--quiet", `refs/heads/${branch}`];
    if ((await git.ask(args, { cwd: repository, signal })).exitCode !== 0) return branch;
  }
}

interface HalfRestored {
  repository: string;
  path: string;
  branch: string | null;
  head: string | null;
  /** An empty folder was there before. */
  isFolderTheirs: boolean;
}

/** All of it is in the snapshot. A signal that ended the work must not end this. */
async function takeBack(git: Git, { repository, path, branch, head, isFolderTheirs }: HalfRestored): Promise<void> {
  const trash = `${path}.half-restored`;
  await removeTree(git, { repository, path, trash, branch: null }).catch(() => undefined);
  if (isFolderTheirs) await mkdir(path, { recursive: true });
  if (branch === null || head === null) return;
  // Only where it still is: a branch that somebody made meanwhile, or moved on, is theirs.
  await git.ask(["update-ref", "-d", `refs/heads/${branch}`, head], { cwd: repository }).catch(() => undefined);
}
