import { existsSync } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../core/errors.ts";
import type { Snapshot, SnapshotRequest } from "../../core/ports/work-trees.ts";
import { refPart } from "../../core/worktree.ts";
import { type Git, WHOLE_TREE_MS } from "./git.ts";
import { statusOf } from "./inspect.ts";
import { listedFiles } from "./listed-files.ts";
import { RawView } from "./raw-view.ts";
import { adminDirOf, commonDirOf } from "./repository.ts";
import { BACKUPS, type SnapshotRecord } from "./snapshot-record.ts";
import { Tree } from "./tree.ts";

export interface SnapshotOptions {
  git: Git;
  home: string;
  /** Epoch ms. */
  now: number;
  signal?: AbortSignal | undefined;
}

/**
 * Keeps all that is in a worktree as two commits under one ref. The first has the files, so that git's own commands show
 * them (`git show REF:file`); its parents are the head, the second, and commits that nothing else might hold. The second
 * has what is no file: the index by stages, the state of a merge or rebase, and the repositories inside.
 */
export async function makeSnapshot(request: SnapshotRequest, options: SnapshotOptions): Promise<Snapshot> {
  const { git, home, now, signal } = options;
  const commonDir = await commonDirOf(git, request.repository, signal);
  const gitDir = await adminDirOf(commonDir, request.path);
  if (gitDir === undefined) {
    throw new AppError("GIT_COMMAND_FAILED", `Git has no worktree ${request.path}`, {
      details: { path: request.path },
    });
  }
  const tree = new Tree(git, { path: request.path, gitDir, signal });
  return RawView.over(tree, home, async (view) => {
    const { files, insides, repositories, secret } = await readTree(view, tree, request.listed);
    const head = await tree.commit("HEAD");
    const record: SnapshotRecord = {
      version: 1,
      name: request.name,
      branch: request.branch,
      current: request.work.branch,
      head,
      path: request.path,
      createdAt: now,
      work: request.work,
      repositories,
      secret,
    };
    const inside = await commit(tree, await view.combine(insides), [], "Index and state of the snapshot");
    const parents = [...(head === null ? [] : [head]), inside, ...(await loneCommits(tree, request.branch, head))];
    const message = `Snapshot of ${request.name}\n\n${JSON.stringify(record)}`;
    const oid = await commit(tree, files, parents, message);
    const ref = await createRef(tree, request.name, now, oid);
    return { ref, commit: oid, ...record, branch: record.current };
  });
}

/** Trees of one repository, and of those inside it, however deep. */
async function readTree(view: RawView, tree: Tree, patterns: readonly string[]) {
  const index = await tree.index();
  const staged = index.filter(({ stage }) => stage === 0);
  const insides: Record<string, string> = {};
  if (staged.length > 0) insides.index = await view.treeOf(staged);
  for (const stage of [1, 2, 3]) {
    const entries = index.filter((entry) => entry.stage === stage);
    if (entries.length > 0) insides[`stage${stage}`] = await view.treeOf(entries);
  }
  const { absent } = tree.exists ? await tree.overlooked() : { absent: [] };
  if (absent.length > 0) insides.sparse = await view.listOf(absent);
  const state = STATE.filter((name) => existsSync(join(tree.gitDir, name)));
  if (state.length > 0) insides.state = await view.readAll(tree.gitDir, state);
  // Of a folder that is gone, what was staged is all there is.
  if (!tree.exists) return { files: await view.treeOf(index), insides, repositories: [], secret: [] };

  const inner = await tree.inner((await statusOf(tree)).untracked, index);
  const forced = await listedFiles(tree, patterns);
  const files = await view.read(tree.path, { known: index, forced, without: inner });
  const repositories: SnapshotRecord["repositories"] = [];
  for (const [position, name] of inner.entries()) {
    const one = await tree.innerTree(name);
    const below = await readTree(view, one, []);
    insides[`files${position}`] = below.files;
    // As files: its branches, stashes, reflogs and index, whatever this version of git keeps and where.
    insides[`git${position}`] = await view.readAll(one.gitDir);
    repositories.push({ path: name, repositories: below.repositories });
    insides[`insides${position}`] = await view.combine(below.insides);
  }
  return { files, insides, repositories, secret: await privateFiles(tree.path, forced) };
}

/** Files of a worktree's git directory that say what git is in the middle of, and what of the commit is checked out. */
const STATE = [
  ...["MERGE_HEAD", "MERGE_MSG", "MERGE_MODE", "MERGE_RR", "AUTO_MERGE", "SQUASH_MSG"],
  ...["CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD", "ORIG_HEAD", "sequencer", "rebase-merge", "rebase-apply"],
  ...["config.worktree", "info/sparse-checkout"],
  ...["BISECT_LOG", "BISECT_NAMES", "BISECT_START", "BISECT_TERMS", "BISECT_EXPECTED_REV"],
];

/** Git keeps no more of a file's mode than whether it can be run: what others must not read is written down. */
async function privateFiles(folder: string, paths: readonly string[]): Promise<string[]> {
  const modes = await Promise.all(paths.map(async (path) => (await lstat(join(folder, path))).mode));
  return paths.filter((_, index) => ((modes[index] ?? 0) & 0o077) === 0);
}

/** Newest entries of a reflog that are looked at; older ones have been amended away long ago. */
const REFLOG = 200;

/** Commits that would be nobody's once worktree, branch and reflog are gone: amended, reset away, being merged. */
async function loneCommits(tree: Tree, branch: string | null, head: string | null): Promise<string[]> {
  const named = ["ORIG_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD"];
  if (branch !== null) named.push(`refs/heads/${branch}`);
  const resolved = await Promise.all(named.map((name) => tree.commit(name)));
  const walked = await tree.ask(["log", "--walk-reflogs", `--max-count=${REFLOG}`, "--format=%H", "HEAD"]);
  const logged = walked.exitCode === 0 ? walked.stdout.split("\n") : [];
  const candidates = new Set([...resolved, ...logged].filter((oid): oid is string => Boolean(oid)));
  if (candidates.size === 0) return [];
  const others = [`--exclude=${branch ?? ""}`, "--branches", "--remotes", "--tags", ...(head === null ? [] : [head])];
  const lone = await lines(tree, ["rev-list", "--ignore-missing", ...candidates, "--not", ...others]);
  const tips = lone.filter((oid) => candidates.has(oid));
  return tips.length < 2 ? tips : lines(tree, ["merge-base", "--independent", ...tips]);
}

async function lines(tree: Tree, args: readonly string[]): Promise<string[]> {
  return (await tree.run(args)).split("\n").filter((line) => line !== "");
}

async function commit(tree: Tree, oid: string, parents: readonly string[], message: string): Promise<string> {
  const args = ["commit-tree", oid, ...parents.flatMap((parent) => ["-p", parent])];
  return (await tree.run(args, { input: message, timeoutMs: WHOLE_TREE_MS })).trim();
}

/** A new ref, never one that exists: two snapshots may be made within a second. */
async function createRef(tree: Tree, name: string, now: number, oid: string): Promise<string> {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, "");
  for (let number = 1; ; number += 1) {
    const ref = `${BACKUPS}${refPart(name)}/${time}${number === 1 ? "" : `-${number}`}`;
    if ((await tree.commit(ref)) !== null) continue;
    await tree.run(["update-ref", "--stdin"], { input: `create ${ref} ${oid}\n` });
    return ref;
  }
}
