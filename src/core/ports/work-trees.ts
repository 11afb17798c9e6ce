import type { Work } from "../worktree.ts";

/** A git repository, found from a folder in it. */
export interface Repository {
  /** Top of the working tree that holds the folder, or the git directory of a bare repository; a real path. */
  root: string;
  /** The folder, relative to `root`; "" at the top. */
  prefix: string;
  isBare: boolean;
  /** Commit that is checked out; null before the first one. */
  head: string | null;
}

export interface CreateRequest {
  repository: string;
  /** Absolute; nothing must be there. */
  path: string;
  branch: string;
  /** Makes the branch; false checks out an existing one. */
  isNewBranch: boolean;
  /** Commit that a new branch begins at; null: the repository's head. */
  start: string | null;
  /** Folder below the new tree that shall exist, because somebody works there. */
  prefix: string;
  /** Which files outside version control come along: paths and globs, relative to the top. */
  copy: readonly string[];
}

/** One worktree of a repository, for the calls below. */
export interface WorktreeAt {
  repository: string;
  path: string;
  /** Branch that was made for it, which it may no longer be on. */
  branch: string | null;
  /** Files outside version control that belong to its work: paths and globs, relative to its top. */
  listed: readonly string[];
}

export interface Inspection extends Work {
  /** Why the folder must stay whatever was asked, in one phrase; null when git has it as a worktree that may go. */
  mustStay: string | null;
}

export interface RemoveRequest {
  repository: string;
  path: string;
  /** Where the folder is moved first, in one step: from then on it is gone for everybody. Beside `path`. */
  trash: string;
  /** Branch to delete with it; null: none. */
  branch: string | null;
}

/** What a snapshot says of itself. */
export interface Snapshot {
  /** `refs/claude-orch/backup/<name>/<time>` */
  ref: string;
  commit: string;
  name: string;
  branch: string | null;
  head: string | null;
  path: string;
  /** Epoch ms. */
  createdAt: number;
  work: Work;
}

export interface SnapshotRequest extends WorktreeAt {
  name: string;
  work: Work;
}

/**
 * Worktrees of git repositories, and snapshots of what is in them. Git runs without prompts, pagers and hooks (but for
 * `create`, which checks out as the user's own `git worktree add` does), and each call is bounded in time.
 *
 * All reject with GIT_NOT_INSTALLED where there is no git, GIT_COMMAND_FAILED (with git's own words) when it fails, and
 * CANCELLED.
 */
export interface WorkTrees {
  /** Git's version, such as `2.39.5`; null where it does not say one. */
  version(signal?: AbortSignal): Promise<string | null>;
  /** @throws SESSION_ROOT_NOT_A_REPOSITORY */
  repository(folder: string, signal?: AbortSignal): Promise<Repository>;

  /** Whether a branch of that name exists. @throws BRANCH_NAME_INVALID */
  hasBranch(repository: string, branch: string, signal?: AbortSignal): Promise<boolean>;

  /** Whether nothing is at the path: no file, no folder. */
  isFree(path: string): Promise<boolean>;

  /** Keeps `folder`, below the main tree's `root`, out of its git status: by `info/exclude`, which belongs to nobody's commits. */
  hide(root: string, folder: string, signal?: AbortSignal): Promise<void>;

  /**
   * Makes a worktree. After a failure nothing is left at the path.
   * @throws REPOSITORY_WITHOUT_COMMIT, WORKTREE_TARGET_EXISTS, BRANCH_TAKEN (a new branch that exists), BRANCH_IN_USE (checked out elsewhere)
   */
  create(request: CreateRequest, signal?: AbortSignal): Promise<{ head: string; copied: string[] }>;

  /** What is in a worktree now; changes nothing, not even the index. A missing folder is no failure. */
  inspect(at: WorktreeAt, signal?: AbortSignal): Promise<Inspection>;

  /**
   * Keeps everything that is in a worktree under a new ref: every file byte for byte (untracked and listed ones too, but
   * not what is ignored otherwise), the index with its conflicts, what git is in the middle of, the commits that only its
   * reflog has, and repositories inside it. Neither the tree nor its index is touched. It is on disk when this resolves.
   */
  snapshot(request: SnapshotRequest, signal?: AbortSignal): Promise<Snapshot>;

  /** Takes a worktree away, whatever is in it. Idempotent: also finishes what was cut off. */
  remove(request: RemoveRequest, signal?: AbortSignal): Promise<void>;

  /** All snapshots in a repository, oldest first. */
  snapshots(repository: string, signal?: AbortSignal): Promise<Snapshot[]>;

  /**
   * Brings a snapshot back as a new worktree at `path`: on its branch where that is free, else on a new one; detached
   * where it was so. Nothing that exists is overwritten; after a failure nothing is left.
   * @throws WORKTREE_TARGET_EXISTS, SNAPSHOT_DAMAGED
   */
  restore(
    repository: string,
    snapshot: Snapshot,
    path: string,
    signal?: AbortSignal,
  ): Promise<{ branch: string | null }>;

  /** Makes an empty folder (0700) where nothing is yet. @throws WORKTREE_TARGET_EXISTS */
  createFolder(path: string): Promise<void>;

  /** Removes a folder in which nothing is, or that is not there; false when something is in it. */
  removeEmptyFolder(path: string): Promise<boolean>;
}
