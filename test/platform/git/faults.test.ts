import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ProcessRunner, RunResult } from "../../../src/core/ports/process-runner.ts";
import type { WorkTrees, WorktreeAt } from "../../../src/core/ports/work-trees.ts";
import { SystemProcesses } from "../../../src/platform/system-processes.ts";
import { everything, git, put } from "../../support/git-project.ts";
import { overriding } from "../../support/overriding.ts";
import { type GitWorld, openGitWorld } from "./git-world.ts";

let world: GitWorld;
beforeEach(async () => {
  world = await openGitWorld({ "a.txt": "one\n", ".gitignore": ".env\n" });
});
afterEach(() => world.dispose());

const DISK_FULL: RunResult = {
  reason: "exited",
  exitCode: 128,
  signal: null,
  stdout: "",
  stderr: "error: unable to write file .git/objects/1f/2: No space left on device\nfatal: adding files failed\n",
  durationMs: 1,
};

/** Processes of which the git command with this number (from 0) fails for want of room, after it has done its work or instead. */
function failingAt(number: number, hasWorked: boolean): { processes: ProcessRunner; isReached: () => boolean } {
  const real = new SystemProcesses();
  let count = 0;
  const processes = overriding<ProcessRunner>(real, {
    async run(file, args, options) {
      const isIt = count === number;
      count += 1;
      if (!isIt || hasWorked) {
        const result = await real.run(file, args, options);
        return isIt ? DISK_FULL : result;
      }
      return DISK_FULL;
    },
  });
  return { processes, isReached: () => count > number };
}

async function dirty(name: string): Promise<WorktreeAt & { branch: string }> {
  const at = await world.worktree(name, [".env"]);
  await put(at.path, { "a.txt": "staged\n", ".env": "SECRET=1\n" });
  await git(at.path, "add", "a.txt");
  await put(at.path, { "a.txt": "changed\r\n", "un tracked": "u" });
  return at;
}

/** What `agent delete --force` does with a worktree. */
async function removeByForce(trees: WorkTrees, at: WorktreeAt): Promise<void> {
  const work = await trees.inspect(at);
  await trees.snapshot({ ...at, name: path.basename(at.path), work });
  await trees.remove({ repository: at.repository, path: at.path, trash: `${at.path}.trash`, branch: at.branch });
}

it("B9: whichever git command fails for a full disk, the work is where it was or in a whole snapshot, and a second call ends it", async () => {
  let at = await dirty("full-0");
  const before = await everything(at.path);
  let failures = 0;
  // Every third command: what is between them is of the same kinds, and all of them would take a minute.
  for (let number = 0; ; number += 3) {
    const { processes, isReached } = failingAt(number, number % 2 === 1);
    const outcome = await removeByForce(world.over(processes), at).then(
      () => "worked",
      (error) => error.code,
    );
    if (!isReached()) {
      expect(outcome).toBe("worked");
      break;
    }
    // Where the command's failure does not matter (is there such a ref? refresh the index), it goes on; else it says so.
    expect(["GIT_COMMAND_FAILED", "SESSION_ROOT_NOT_A_REPOSITORY", "worked"]).toContain(outcome);
    failures += outcome === "worked" ? 0 : 1;
    if (existsSync(at.path)) {
      expect(await everything(at.path), `after command ${number}`).toEqual(before);
      continue;
    }
    const [snapshot] = (await world.trees.snapshots(world.repository)).slice(-1);
    if (!snapshot) return expect.unreachable(`nothing is left after command ${number}`);
    const restored = path.join(world.folder, `restored-${number}`);
    await world.trees.restore(world.repository, snapshot, restored);
    expect(await everything(restored), `after command ${number}`).toEqual(before);
    // The second call finishes what was begun.
    await world.trees.remove({ ...at, trash: `${at.path}.trash` });
    expect((await readdir(path.dirname(at.path))).filter((name) => name.startsWith(path.basename(at.path)))).toEqual(
      [],
    );
    at = await dirty(`full-${number + 1}`);
  }
  expect(failures).toBeGreaterThan(8);
}, 60_000);

it("B9: a restoration that fails leaves neither folder nor branch, and works the next time", async () => {
  const at = await dirty("again");
  const before = await world.picture(at.path);
  await removeByForce(world.trees, at);
  const [snapshot] = await world.trees.snapshots(world.repository);
  if (!snapshot) return expect.unreachable();
  const to = path.join(world.folder, "restored");

  for (let number = 2; number < 30; number += 5) {
    const { processes, isReached } = failingAt(number, true);
    const outcome = await world
      .over(processes)
      .restore(world.repository, snapshot, to)
      .catch((error) => error.code);
    if (!isReached() || typeof outcome !== "string") break;
    expect(outcome).toBe("GIT_COMMAND_FAILED");
    expect(existsSync(to)).toBe(false);
    expect(await git(world.repository, "branch", "--list", "again*")).toBe("");
  }
  if (!existsSync(to)) await world.trees.restore(world.repository, snapshot, to);
  expect(await world.picture(to)).toEqual(before);
});

it("a worktree that cannot be made leaves neither folder nor branch", async () => {
  const request = {
    repository: world.repository,
    path: path.join(world.folder, "trees", "new"),
    branch: "new",
    isNewBranch: true,
    start: null,
    prefix: "",
    copy: [".env"],
  };
  await put(world.repository, { ".env": "K=1\n" });
  for (let number = 3; number < 9; number += 1) {
    const { processes, isReached } = failingAt(number, true);
    const outcome = await world
      .over(processes)
      .create(request)
      .catch((error) => error.code);
    // The tree is whole, whatever git says in the end: a hook of the user's may have failed.
    if (typeof outcome !== "string") {
      const again = world.trees.create(request);
      await expect(again).rejects.toMatchObject({ code: "WORKTREE_TARGET_EXISTS" });
      await world.trees.remove({ ...request, trash: `${request.path}.trash` });
      if (!isReached()) break;
      continue;
    }
    expect(outcome).toBe("GIT_COMMAND_FAILED");
    expect(existsSync(request.path), `command ${number}`).toBe(false);
    expect(await git(world.repository, "branch", "--list", "new")).toBe("");
  }
  expect((await world.trees.create(request)).copied).toEqual([".env"]);
});

it("git that hangs is stopped with its own children, and what it was to remove stays", async () => {
  const at = await dirty("slow");
  const real = new SystemProcesses();
  const processes = overriding<ProcessRunner>(real, {
    run: (file, args, options) =>
      args.includes("commit-tree")
        ? real.run("/bin/sh", ["-c", "sleep 30"], { ...options, timeoutMs: 50 })
        : real.run(file, args, options),
  });

  await expect(removeByForce(world.over(processes), at)).rejects.toMatchObject({
    code: "GIT_COMMAND_FAILED",
    message: expect.stringContaining("timed-out"),
  });
  expect(await everything(at.path)).toHaveProperty("un tracked");
});

it("R1-57: where git stumbles over a worktree that another process is just making, it is asked again", async () => {
  const real = new SystemProcesses();
  const stumbled = new Set<string>();
  const processes = overriding<ProcessRunner>(real, {
    async run(file, args, options) {
      const verb = args.slice(args.indexOf("worktree")).slice(0, 2).join(" ");
      if (!args.includes("worktree") || stumbled.has(verb)) return real.run(file, args, options);
      stumbled.add(verb);
      // Git makes the branch first, then the tree.
      if (verb === "worktree add") await git(world.repository, "branch", "new");
      return { ...DISK_FULL, stderr: "fatal: failed to read .git/worktrees/w_3/commondir: Success\n" };
    },
  });
  const at = { repository: world.repository, path: path.join(world.folder, "trees", "new"), branch: "new", listed: [] };
  const trees = world.over(processes);

  await trees.create({ ...at, isNewBranch: true, start: null, prefix: "", copy: [] });
  const work = await trees.inspect(at);
  await trees.remove({ ...at, trash: `${at.path}.trash` });

  expect(work.branch).toBe("new");
  expect([...stumbled]).toEqual(["worktree add", "worktree list", "worktree remove"]);
});
