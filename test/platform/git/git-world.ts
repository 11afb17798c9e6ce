import { readdir } from "node:fs/promises";
import path from "node:path";
import type { ProcessRunner } from "../../../src/core/ports/process-runner.ts";
import type { Inspection, Snapshot, WorktreeAt } from "../../../src/core/ports/work-trees.ts";
import { GitWorkTrees } from "../../../src/platform/git/git-work-trees.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { SystemProcesses } from "../../../src/platform/system-processes.ts";
import { everything, git, gitEnv, gitProject } from "../../support/git-project.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** What must be the same before a snapshot and after its restoration. */
export interface Picture {
  files: Record<string, string>;
  index: string;
  status: string;
  head: string;
}

export interface GitWorld {
  folder: string;
  repository: string;
  trees: GitWorkTrees;
  /** The same over other processes, which fail where a test wants it. */
  over(processes: ProcessRunner): GitWorkTrees;
  /** A new worktree `name` on a new branch of that name. */
  worktree(name: string, listed?: readonly string[]): Promise<WorktreeAt & { branch: string }>;
  picture(folder: string): Promise<Picture>;
  /** Snapshot, removal by force (with its branch), restoration to another folder. */
  throughSnapshot(at: WorktreeAt): Promise<{ inspection: Inspection; snapshot: Snapshot; restored: string }>;
  dispose(): Promise<void>;
}

/** A repository with one commit, in a folder with a blank and letters that are not ASCII. */
export async function openGitWorld(files?: Record<string, string>): Promise<GitWorld> {
  const temporary = await temporaryDirectory("claude-orch git ünï");
  const folder = temporary.path;
  const repository = await gitProject(path.join(folder, "my shop"), files);
  const home = path.join(folder, "orch");
  const processes = new SystemProcesses();
  const clock = new SystemClock();
  const over = (runner: ProcessRunner) => new GitWorkTrees({ processes: runner, env: gitEnv(folder), home, clock });
  const trees = over(processes);

  return {
    folder,
    repository,
    trees,
    over,
    async worktree(name, listed = []) {
      const at = { repository, path: path.join(folder, "trees", name), branch: name, listed };
      await trees.create({ ...at, isNewBranch: true, start: null, prefix: "", copy: listed });
      return at;
    },
    async picture(tree) {
      const shown = ["-c", "core.fileMode=true", "status", "--porcelain=v2", "--branch", "--untracked-files=all"];
      return {
        files: await everything(tree),
        index: await git(tree, "ls-files", "--stage", "-z"),
        status: (await git(tree, ...shown)).replace(/^# branch.head .*$/m, ""),
        head: await git(tree, "rev-parse", "--verify", "HEAD").catch(() => "none"),
      };
    },
    async throughSnapshot(at) {
      const inspection = await trees.inspect(at);
      const snapshot = await trees.snapshot({ ...at, name: path.basename(at.path), work: inspection });
      await trees.remove({ repository, path: at.path, trash: `${at.path}.trash`, branch: at.branch });
      const restored = path.join(folder, "restored", path.basename(at.path));
      await trees.restore(repository, snapshot, restored);
      const scratch = await readdir(path.join(home, "scratch"));
      if (scratch.length > 0) throw new Error(`left behind: ${scratch.join(" ")}`);
      return { inspection, snapshot, restored };
    },
    dispose: temporary.remove,
  };
}
