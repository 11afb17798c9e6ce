import { copyFile, lstat, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import type { Inspection, WorktreeAt } from "../../core/ports/work-trees.ts";
import type { Work } from "../../core/worktree.ts";
import { entriesOf, type Git, toBytes, WHOLE_TREE_MS } from "./git.ts";
import { isSame, listedFiles } from "./listed-files.ts";
import { adminDirOf, commonDirOf } from "./repository.ts";
import { operationIn, parseStatus, STATUS, type Status } from "./status.ts";
import { Tree } from "./tree.ts";

/** What is in a worktree. Its index is not even refreshed. */
export async function inspectTree(git: Git, at: WorktreeAt, signal?: AbortSignal): Promise<Inspection> {
  const commonDir = await commonDirOf(git, at.repository, signal);
  const gitDir = await adminDirOf(commonDir, at.path);
  const exists = (await lstat(at.path).catch(() => undefined)) !== undefined;
  if (gitDir === undefined) {
    const commits = await countCommits(new Tree(git, { path: commonDir, gitDir: commonDir, signal }), at, null, false);
    const mustStay = exists ? "git does not know it as a worktree any more" : null;
    return { ...NOTHING, exists, ...commits, mustStay };
  }
  const tree = new Tree(git, { path: at.path, gitDir, signal });
  const status = tree.exists ? await statusOf(tree) : await statusWithoutFolder(tree);
  const { untracked, listed } = await apartFromCopies(tree, at, status);
  return {
    exists,
    head: status.head,
    branch: status.branch,
    staged: status.staged,
    changed: status.changed,
    conflicts: status.conflicts,
    untracked: untracked.length,
    listed,
    repositories: (await busyRepositories(tree, status)).length,
    operation: operationIn(gitDir),
    ...(await countCommits(tree, at, status.branch, status.head !== null)),
    mustStay: await reasonToStay(git, at, gitDir, signal),
  };
}

const NOTHING: Omit<Work, "exists" | "unmerged" | "unpushed"> = {
  head: null,
  branch: null,
  staged: 0,
  changed: 0,
  untracked: 0,
  conflicts: 0,
  listed: 0,
  repositories: 0,
  operation: null,
};

export async function statusOf(tree: Tree): Promise<Status> {
  const ask = async (env: Record<string, string> = {}) =>
    parseStatus(await tree.run(STATUS, { isBytes: true, env, timeoutMs: WHOLE_TREE_MS }));
  const { there: hidden } = await tree.overlooked();
  if (hidden.length === 0) return ask();
  // With a copy of the index, git looks at what it was told to overlook.
  const folder = await mkdtemp(join(tmpdir(), "claude-orch-index-"));
  try {
    const env = { GIT_INDEX_FILE: join(folder, "index") };
    await copyFile(join(tree.gitDir, "index"), env.GIT_INDEX_FILE);
    const input = toBytes(hidden.map((path) => `${path}\0`).join(""));
    for (const flag of ["--no-assume-unchanged", "--no-skip-worktree"]) {
      await tree.run(["update-index", flag, "-z", "--stdin"], { env, input });
    }
    return await ask(env);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of a folder that was removed by hand, git still has the index: what was staged in it is not lost yet. */
async function statusWithoutFolder(tree: Tree): Promise<Status> {
  const head = await tree.commit("HEAD");
  const branch = await tree.ask(["symbolic-ref", "--quiet", "--short", "HEAD"]);
  const index = await tree.index();
  const staged =
    head === null
      ? index.map(({ path }) => path)
      : entriesOf(await tree.run(["diff-index", "--cached", "--name-only", "-z", "HEAD"], { isBytes: true }));
  const conflicts = new Set(index.filter(({ stage }) => stage > 0).map(({ path }) => path)).size;
  return {
    head,
    branch: branch.exitCode === 0 ? branch.stdout.trim() : null,
    staged: Math.max(0, staged.length - conflicts),
    changed: 0,
    conflicts,
    untracked: [],
    submodules: [],
  };
}

/** Copies that were made of the main tree's files and never changed are nobody's work. */
async function apartFromCopies(tree: Tree, at: WorktreeAt, status: Status) {
  if (!tree.exists) return { untracked: [], listed: 0 };
  const files = (await listedFiles(tree, at.listed)).map((path) => ({
    path,
    bytes: Buffer.from(path).toString("latin1"),
  }));
  const same = await Promise.all(files.map(({ path }) => isSame(join(at.path, path), join(at.repository, path))));
  const copies = new Set(files.flatMap(({ bytes }, index) => (same[index] ? [bytes] : [])));
  const known = new Set(status.untracked);
  const untracked = status.untracked.filter((path) => !copies.has(path));
  return { untracked, listed: files.filter(({ bytes }) => !copies.has(bytes) && !known.has(bytes)).length };
}

/** Repositories inside it of which something would be lost: changes, or commits and stashes that no remote has. */
async function busyRepositories(tree: Tree, status: Status): Promise<string[]> {
  if (!tree.exists) return [];
  const changed = new Set(status.submodules.map((path) => Buffer.from(path, "latin1").toString("utf8")));
  const busy: string[] = [];
  for (const name of await tree.inner([])) {
    const inner = await tree.innerTree(name);
    const only = await inner.ask(["rev-list", "--max-count=1", "--all", "HEAD", "--not", "--remotes"]);
    if (changed.has(name) || only.exitCode !== 0 || only.stdout.trim() !== "") busy.push(name);
  }
  return busy;
}

/** Its own branch, and the one it is on now, do not count as places that have its commits. */
async function countCommits(
  tree: Tree,
  at: WorktreeAt,
  current: string | null,
  hasHead: boolean,
): Promise<Pick<Work, "unmerged" | "unpushed">> {
  const own = [...new Set([at.branch, current])].filter((branch) => branch !== null);
  const tips: string[] = hasHead ? ["HEAD"] : [];
  for (const branch of own) if ((await tree.commit(`refs/heads/${branch}`)) !== null) tips.push(`refs/heads/${branch}`);
  const count = async (...without: string[]) =>
    tips.length === 0 ? 0 : Number(await tree.run(["rev-list", "--count", ...tips, "--not", ...without]));
  const branches = [...own.map((branch) => `--exclude=${branch}`), "--branches"];
  const remotes = [...own.map((branch) => `--exclude=*/${branch}`), "--remotes"];
  const hasRemote = (await tree.run(["remote"])).trim() !== "";
  return { unmerged: await count(...branches, ...remotes), unpushed: hasRemote ? await count("--remotes") : null };
}

async function reasonToStay(git: Git, at: WorktreeAt, gitDir: string, signal?: AbortSignal): Promise<string | null> {
  if (await lstat(join(gitDir, "locked")).catch(() => undefined)) return "it is locked (git worktree lock)";
  const list = await git.run(["worktree", "list", "--porcelain"], { cwd: at.repository, signal });
  const others = [...list.matchAll(/^worktree (.*)$/gm)].map((match) => match[1] ?? "");
  return others.some((path) => path.startsWith(at.path + sep)) ? "another worktree is inside it" : null;
}
