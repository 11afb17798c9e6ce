import { execFile } from "node:child_process";
import { chmod, rm, stat, symlink, unlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { holdsWork } from "../../../src/core/worktree.ts";
import { everything, git, gitProject, put } from "../../support/git-project.ts";
import { type GitWorld, openGitWorld } from "./git-world.ts";

let world: GitWorld;
beforeEach(async () => {
  world = await openGitWorld({
    "a.txt": "one\n",
    "b.txt": "two\n",
    "sub/c.txt": "three\n",
    ".gitignore": "*.log\n.env*\nnode_modules\n",
  });
});
afterEach(() => world.dispose());

it("R1-57: a clean worktree has nothing to lose, and its commits are another branch's", async () => {
  const at = await world.worktree("clean");

  const inspection = await world.trees.inspect(at);

  expect(inspection).toMatchObject({ exists: true, branch: "clean", unmerged: 0, unpushed: null, mustStay: null });
  expect(holdsWork(inspection)).toBe(false);
});

it("B9: dirty, staged, deleted, untracked, binary, links, modes and strange names come back byte for byte", async () => {
  const at = await world.worktree("dirty");
  await put(at.path, { "a.txt": "staged\n", "new staged.txt": "s\n" });
  await git(at.path, "add", "--all");
  await put(at.path, {
    "a.txt": "staged, then changed\r\nmixed\n",
    "sub/deep/ünï ☃.bin": Buffer.from([0, 255, 10, 13]),
  });
  await put(at.path, {
    "line\nbreak": "x",
    "'quote\"\\": "y",
    ":(glob)*": "magic",
    "noise.log": "ignored, and not listed",
  });
  await writeFile(
    Buffer.concat([Buffer.from(`${at.path}/`), Buffer.from([0x66, 0xff, 0xfe])]),
    "a name that is not UTF-8",
  );
  await unlink(path.join(at.path, "b.txt"));
  await symlink("nowhere", path.join(at.path, "link"));
  await put(at.path, { "run.sh": "#!/bin/sh\n" });
  await chmod(path.join(at.path, "run.sh"), 0o755);
  await git(at.path, "commit", "--quiet", "--allow-empty", "--message", "own");
  await put(at.path, { "staged again": "1" });
  await git(at.path, "add", "staged again");
  await put(at.path, { "staged again": "2" });
  const before = await world.picture(at.path);

  const { inspection, snapshot, restored } = await world.throughSnapshot(at);

  expect(inspection).toMatchObject({ staged: 1, changed: 3, untracked: 7, conflicts: 0, unmerged: 1, operation: null });
  const { "noise.log": _, ...files } = before.files;
  expect(await world.picture(restored)).toEqual({ ...before, files });
  expect(await git(restored, "branch", "--show-current")).toBe("dirty\n");
  // Git's own commands show it, without us.
  expect(await git(world.repository, "show", `${snapshot.ref}:staged again`)).toBe("2");
});

it("B9: a snapshot changes neither the tree nor its index, not even their times", async () => {
  const at = await world.worktree("still");
  await put(at.path, { "a.txt": "changed\n", new: "n" });
  const index = path.join((await git(at.path, "rev-parse", "--absolute-git-dir")).trim(), "index");
  const [before, times] = [await world.picture(at.path), (await stat(index, { bigint: true })).mtimeNs];

  await world.trees.snapshot({ ...at, name: "still", work: await world.trees.inspect(at) });

  expect((await stat(index, { bigint: true })).mtimeNs).toBe(times);
  expect(await world.picture(at.path)).toEqual(before);
});

it("B9: ignored files that the project lists are copied, kept with their privacy, and no work while they are copies", async () => {
  await put(world.repository, {
    ".env": "KEY=1\n",
    ".env.local": "L=1\n",
    "sub/.env": "S=1\n",
    "x/node_modules/.env": "no\n",
  });
  await chmod(path.join(world.repository, ".env"), 0o600);
  const at = await world.worktree("listed", ["**/.env", "**/.env.*"]);
  expect(
    Object.keys(await everything(at.path))
      .filter((name) => name.includes(".env"))
      .sort(),
  ).toEqual([".env", ".env.local", "sub/.env"]);
  expect(holdsWork(await world.trees.inspect(at))).toBe(false);
  await put(at.path, { ".env": "KEY=2\n" });
  const before = await world.picture(at.path);

  const { inspection, restored } = await world.throughSnapshot(at);

  expect(inspection).toMatchObject({ listed: 1, untracked: 0, changed: 0 });
  expect(await world.picture(restored)).toEqual(before);
  expect((await stat(path.join(restored, ".env"))).mode & 0o777).toBe(0o600);
});

it("copies of listed files never leave the worktree: links, paths upwards, git's own files", async () => {
  await symlink(world.folder, path.join(world.repository, "conf"));
  await git(world.repository, "add", "conf");
  await git(world.repository, "commit", "--quiet", "--message", "a link out");
  await unlink(path.join(world.repository, "conf"));
  await put(world.repository, { "conf/.env": "K=1\n", "conf/.env.local": "L=1\n", "sub/.env": "S=1\n" });
  await put(world.folder, { "above.env": "no" });

  const at = await world.worktree("links", ["**/.env", "conf/.env.local", "../above.env", "/etc/hosts", ".git/config"]);

  expect(Object.keys(await everything(at.path)).filter((name) => /env|hosts|config/.test(name))).toEqual(["sub/.env"]);
  await expect(stat(path.join(world.folder, ".env"))).rejects.toMatchObject({ code: "ENOENT" });
  await expect(stat(path.join(world.folder, ".env.local"))).rejects.toMatchObject({ code: "ENOENT" });
});

it("B9: line endings and filters do not change what is kept", async () => {
  const at = await world.worktree("endings");
  await put(at.path, {
    ".gitattributes": "* text=auto eol=lf\n*.secret filter=upper\n",
    "crlf.txt": "a\r\nb\n",
    "x.secret": "low",
  });
  await git(at.path, "config", "filter.upper.clean", "tr a-z A-Z");
  await git(at.path, "config", "core.autocrlf", "input");
  await git(at.path, "add", "--all");
  const before = await world.picture(at.path);

  const { restored } = await world.throughSnapshot(at);

  expect((await world.picture(restored)).files).toEqual(before.files);
  expect((await world.picture(restored)).index).toBe(before.index);
});

it("B9: files that git was told to overlook are seen and kept", async () => {
  const at = await world.worktree("hidden");
  await git(at.path, "update-index", "--assume-unchanged", "a.txt");
  await git(at.path, "update-index", "--skip-worktree", "b.txt");
  await put(at.path, { "a.txt": "assumed\n", "b.txt": "skipped\n" });

  const { inspection, restored } = await world.throughSnapshot(at);

  expect(inspection.changed).toBe(2);
  expect(await everything(restored)).toMatchObject({ "a.txt": "file assumed\n", "b.txt": "file skipped\n" });
});

it("B9: what a sparse checkout leaves out is not taken for deleted, before and after", async () => {
  const at = await world.worktree("sparse");
  await git(at.path, "sparse-checkout", "set", "--no-cone", "/a.txt", "/.gitignore");
  await put(at.path, { "a.txt": "changed\n" });
  const before = await world.picture(at.path);
  expect(Object.keys(before.files)).toEqual(expect.not.arrayContaining(["b.txt"]));

  const { inspection, restored } = await world.throughSnapshot(at);

  expect(inspection).toMatchObject({ changed: 1, staged: 0, untracked: 0 });
  expect(await world.picture(restored)).toEqual(before);
});

it("B9: a conflict in the middle of a merge comes back as one, and can be finished", async () => {
  const at = await world.worktree("conflict");
  await put(at.path, { "a.txt": "ours\n" });
  await git(at.path, "commit", "--quiet", "--all", "--message", "ours");
  await put(world.repository, { "a.txt": "theirs\n" });
  await git(world.repository, "commit", "--quiet", "--all", "--message", "theirs");
  await git(at.path, "merge", "main").catch(() => undefined);
  await put(at.path, { "half-done": "x" });
  const before = await world.picture(at.path);

  const { inspection, restored } = await world.throughSnapshot(at);

  expect(inspection).toMatchObject({ conflicts: 1, untracked: 1, operation: "merge", unmerged: 1 });
  expect(await world.picture(restored)).toEqual(before);
  await put(restored, { "a.txt": "both\n" });
  await git(restored, "commit", "--quiet", "--all", "--no-edit");
  expect((await git(restored, "rev-list", "--parents", "-1", "HEAD")).trim().split(" ")).toHaveLength(3);
});

it("B9: a rebase that stopped goes on from the restored worktree", async () => {
  const at = await world.worktree("rebase");
  for (const number of [1, 2]) {
    await put(at.path, { "a.txt": `ours ${number}\n`, [`file${number}`]: "x" });
    await git(at.path, "add", "--all");
    await git(at.path, "commit", "--quiet", "--message", `ours ${number}`);
  }
  await put(world.repository, { "a.txt": "theirs\n" });
  await git(world.repository, "commit", "--quiet", "--all", "--message", "theirs");
  await git(at.path, "rebase", "main").catch(() => undefined);
  const before = await world.picture(at.path);

  const { inspection, restored } = await world.throughSnapshot(at);

  expect(inspection).toMatchObject({ operation: "rebase", branch: null, conflicts: 1 });
  expect(await world.picture(restored)).toEqual(before);
  expect(await git(restored, "status")).toContain("rebase in progress");
});

it("B9: a detached head, and commits that only the reflog has, are kept", async () => {
  const at = await world.worktree("detached");
  await git(at.path, "checkout", "--quiet", "--detach");
  await put(at.path, { "a.txt": "amended away\n" });
  await git(at.path, "commit", "--quiet", "--all", "--message", "amended away");
  const lost = (await git(at.path, "rev-parse", "HEAD")).trim();
  await git(at.path, "reset", "--quiet", "--hard", "HEAD~1");
  await put(at.path, { "b.txt": "kept\n" });
  await git(at.path, "commit", "--quiet", "--all", "--message", "kept");
  const before = await world.picture(at.path);

  const { inspection, snapshot, restored } = await world.throughSnapshot(at);

  expect(inspection).toMatchObject({ branch: null, unmerged: 1 });
  expect(await world.picture(restored)).toEqual(before);
  expect(await git(restored, "branch", "--show-current")).toBe("");
  await git(world.repository, "worktree", "remove", "--force", restored);
  await git(world.repository, "reflog", "expire", "--expire=now", "--all");
  await git(world.repository, "gc", "--quiet", "--prune=now");
  expect(await git(world.repository, "show", `${lost}:a.txt`)).toBe("amended away\n");
  expect(await world.trees.restore(world.repository, snapshot, `${restored} again`)).toEqual({ branch: null });
  expect(await world.picture(`${restored} again`)).toEqual(before);
});

it("B9: submodules and repositories inside keep their files, commits, stashes and index", async () => {
  const library = await gitProject(path.join(world.folder, "library"), { "lib.txt": "1\n" });
  await git(world.repository, "submodule", "--quiet", "add", library, "lib");
  await git(world.repository, "commit", "--quiet", "--message", "submodule");
  const at = await world.worktree("submodule");
  await git(at.path, "submodule", "--quiet", "update", "--init");
  expect(holdsWork(await world.trees.inspect(at))).toBe(false);
  const lib = path.join(at.path, "lib");
  await put(lib, { "lib.txt": "committed in the submodule\n" });
  await git(lib, "commit", "--quiet", "--all", "--message", "only here");
  await put(lib, { "lib.txt": "stashed\n" });
  await git(lib, "stash", "--quiet");
  await put(lib, { "lib.txt": "staged\n", untracked: "u" });
  await git(lib, "add", "lib.txt");
  const nested = await gitProject(path.join(at.path, "own project"), { "n.txt": "n\n" });
  await put(nested, { "n.txt": "changed\n" });
  await git(path.join(at.path), "init", "--quiet", "empty project");
  await put(path.join(at.path, "empty project"), { "first.txt": "f" });
  const look = async (folder: string) => ({
    lib: await world.picture(path.join(folder, "lib")),
    log: await git(path.join(folder, "lib"), "log", "--format=%H %s"),
    stash: await git(path.join(folder, "lib"), "stash", "show", "--patch"),
    nested: await world.picture(path.join(folder, "own project")),
    empty: await world.picture(path.join(folder, "empty project")),
    status: await git(folder, "status", "--porcelain"),
  });
  const before = await look(at.path);

  const { inspection, restored } = await world.throughSnapshot(at);

  expect(inspection).toMatchObject({ repositories: 1, untracked: 2 });
  expect(await look(restored)).toEqual(before);
});

it("B9: of a worktree removed by hand, the commits and what was staged are kept", async () => {
  const at = await world.worktree("by-hand");
  await put(at.path, { "a.txt": "committed\n" });
  await git(at.path, "commit", "--quiet", "--all", "--message", "committed");
  await put(at.path, { "b.txt": "staged\n" });
  await git(at.path, "add", "b.txt");
  await rm(at.path, { recursive: true });

  const { inspection, restored } = await world.throughSnapshot(at);

  expect(inspection).toMatchObject({ exists: false, staged: 1, unmerged: 1, mustStay: null });
  expect(await everything(restored)).toMatchObject({ "a.txt": "file committed\n", "b.txt": "file staged\n" });
});

it("B9: a branch without a commit comes back as one", async () => {
  const at = await world.worktree("orphan");
  await git(at.path, "checkout", "--quiet", "--orphan", "fresh");
  await put(at.path, { "first.txt": "f" });
  const before = await world.picture(at.path);

  const { inspection, restored } = await world.throughSnapshot(at);

  expect(inspection).toMatchObject({ head: null, branch: "fresh" });
  expect(await world.picture(restored)).toEqual(before);
  expect(await git(restored, "branch", "--show-current")).toBe("fresh\n");
});

it("B9: where its .git is lost, nothing of the repository around it is taken for the worktree, and the folder must stay", async () => {
  const inside = path.join(world.repository, ".claude-orch", "worktrees", "x");
  const at = { repository: world.repository, path: inside, branch: "x", listed: [] };
  await world.trees.create({ ...at, isNewBranch: true, start: null, prefix: "", copy: [] });
  await put(inside, { "a.txt": "mine\n" });
  await rm(path.join(inside, ".git"));

  const lost = await world.trees.inspect(at);
  expect(lost).toMatchObject({ exists: true, branch: "x", changed: 1 });
  const { restored } = await world.throughSnapshot(at);
  expect(await everything(restored)).toMatchObject({ "a.txt": "file mine\n" });

  const second = { ...at, path: `${inside}2`, branch: "x2" };
  await world.trees.create({ ...second, isNewBranch: true, start: null, prefix: "", copy: [] });
  await rm(path.join(world.repository, ".git", "worktrees", "x2"), { recursive: true });
  expect(await world.trees.inspect(second)).toMatchObject({ mustStay: "git does not know it as a worktree any more" });
  await world.trees.remove({ ...second, trash: `${inside}2.trash`, branch: null });
  expect(await everything(second.path)).toHaveProperty("a.txt");
});

it("B9: a locked worktree, and one with another worktree in it, must stay", async () => {
  const at = await world.worktree("outer");
  await git(world.repository, "worktree", "add", "--quiet", "-b", "inner", path.join(at.path, "inner"));
  expect((await world.trees.inspect(at)).mustStay).toBe("another worktree is inside it");
  await git(world.repository, "worktree", "lock", at.path);
  expect((await world.trees.inspect(at)).mustStay).toContain("locked");
});

it("B9: restoring overwrites nothing, and a branch that exists gets a neighbour", async () => {
  const at = await world.worktree("again");
  await put(at.path, { "a.txt": "mine\n" });
  const snapshot = await world.trees.snapshot({ ...at, name: "again", work: await world.trees.inspect(at) });

  const taken = world.trees.restore(world.repository, snapshot, at.path);
  await expect(taken).rejects.toMatchObject({ code: "WORKTREE_TARGET_EXISTS" });
  const beside = await world.trees.restore(world.repository, snapshot, path.join(world.folder, "beside"));

  expect(beside).toEqual({ branch: "again-restored" });
  expect(await everything(at.path)).toEqual(await everything(path.join(world.folder, "beside")));
  expect((await world.trees.snapshots(world.repository)).map(({ ref }) => ref)).toEqual([snapshot.ref]);
});

it("B9: what git keeps of a snapshot is whole", async () => {
  const at = await world.worktree("whole");
  await put(at.path, { "a.txt": "changed\n", new: "n" });
  // A process that was killed the day before yesterday left it; throughSnapshot sees that nothing is left.
  const stale = path.join(world.folder, "orch", "scratch", "git-stale");
  await put(stale, { index: "x" });
  await utimes(stale, 0, 0);
  await world.throughSnapshot(at);

  const { stdout, stderr } = await promisify(execFile)("git", ["fsck", "--full", "--strict"], {
    cwd: world.repository,
  });
  expect(`${stdout}${stderr}`.split("\n").filter((line) => /error|missing|broken/.test(line))).toEqual([]);
});
