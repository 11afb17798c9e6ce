import { appendFile, lstat, mkdir, readFile, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { ProcessRunner } from "../../core/ports/process-runner.ts";
import type {
  CreateRequest,
  RemoveRequest,
  Snapshot,
  SnapshotRequest,
  WorkTrees,
  WorktreeAt,
} from "../../core/ports/work-trees.ts";
import { createTree } from "./create.ts";
import { Git } from "./git.ts";
import { inspectTree } from "./inspect.ts";
import { removeTree } from "./remove.ts";
import { commonDirOf, findRepository } from "./repository.ts";
import { restoreSnapshot } from "./restore.ts";
import { makeSnapshot } from "./snapshot.ts";
import { listSnapshots } from "./snapshot-record.ts";

/** Worktrees and snapshots over the git program. */
export class GitWorkTrees implements WorkTrees {
  readonly #git: Git;
  readonly #home: string;
  readonly #clock: Clock;

  constructor(parts: { processes: ProcessRunner; env: Readonly<Record<string, string>>; home: string; clock: Clock }) {
    this.#git = new Git(parts);
    this.#home = parts.home;
    this.#clock = parts.clock;
  }

  async version(signal?: AbortSignal): Promise<string | null> {
    const said = await this.#git.run(["version"], { cwd: this.#home, signal });
    return /^git version (\d+(?:\.\d+)+)/.exec(said)?.[1] ?? null;
  }

  repository(folder: string, signal?: AbortSignal) {
    return findRepository(this.#git, folder, signal);
  }

  async hasBranch(repository: string, branch: string, signal?: AbortSignal): Promise<boolean> {
    const options = { cwd: repository, signal };
    // It would read a leading dash as an option, and `@{-1}` as an earlier branch: neither is a name.
    const isName =
      !/^-|@\{/.test(branch) && (await this.#git.ask(["check-ref-format", "--branch", branch], options)).exitCode === 0;
    if (!isName) {
      throw new AppError("BRANCH_NAME_INVALID", `${JSON.stringify(branch)} cannot be the name of a branch`, {
        details: { branch },
      });
    }
    return (await this.#git.ask(["show-ref", "--verify", "--quiet", `refs/heads/${branch}`], options)).exitCode === 0;
  }

  async isFree(path: string): Promise<boolean> {
    return (await lstat(path).catch(() => undefined)) === undefined;
  }

  async hide(root: string, folder: string, signal?: AbortSignal): Promise<void> {
    const options = { cwd: root, signal };
    const ignored = await this.#git.ask(["check-ignore", "--quiet", "--no-index", `${folder}/`], options);
    if (ignored.exitCode === 0) return;
    const file = join(await commonDirOf(this.#git, root, signal), "info", "exclude");
    await mkdir(dirname(file), { recursive: true });
    const before = await readFile(file, "utf8").catch(() => "");
    const line = `/${folder.replace(/[\\*?[\]!#]/g, "\\$&")}/`;
    if (before.split("\n").includes(line)) return;
    await appendFile(file, `${before === "" || before.endsWith("\n") ? "" : "\n"}${line}\n`);
  }

  create(request: CreateRequest, signal?: AbortSignal) {
    return createTree(this.#git, request, signal);
  }

  inspect(at: WorktreeAt, signal?: AbortSignal) {
    return inspectTree(this.#git, at, signal);
  }

  snapshot(request: SnapshotRequest, signal?: AbortSignal) {
    return makeSnapshot(request, { git: this.#git, home: this.#home, now: this.#clock.now(), signal });
  }

  remove(request: RemoveRequest, signal?: AbortSignal) {
    return removeTree(this.#git, request, signal);
  }

  snapshots(repository: string, signal?: AbortSignal) {
    return listSnapshots(this.#git, repository, signal);
  }

  restore(repository: string, snapshot: Snapshot, path: string, signal?: AbortSignal) {
    return restoreSnapshot(repository, snapshot, path, { git: this.#git, home: this.#home, signal });
  }

  async createFolder(path: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
      throw new AppError("WORKTREE_TARGET_EXISTS", `There is something at ${path} already`, { details: { path } });
    });
  }

  async removeEmptyFolder(path: string): Promise<boolean> {
    try {
      await rmdir(path);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "ENOENT";
    }
  }
}
