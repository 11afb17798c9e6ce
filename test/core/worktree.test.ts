import { expect, it } from "vitest";
import { describeWork, holdsWork, refPart, type Work } from "../../src/core/worktree.ts";

const CLEAN: Work = {
  exists: true,
  head: "1f2e",
  branch: "b",
  staged: 0,
  changed: 0,
  untracked: 0,
  conflicts: 0,
  listed: 0,
  repositories: 0,
  operation: null,
  unmerged: 0,
  unpushed: null,
};

it.each([
  [{ staged: 1 }, "1 staged file"],
  [{ changed: 2 }, "2 changed files"],
  [{ untracked: 1 }, "1 untracked file"],
  [{ conflicts: 1 }, "1 file with conflicts"],
  [{ listed: 1 }, "1 changed copy of a listed file"],
  [{ repositories: 2 }, "2 repositories with work of their own"],
  [{ unmerged: 3 }, "3 unmerged commits"],
  [{ operation: "rebase" }, "a rebase in progress"],
] as const)("B9: %o is work that must not be lost", (change, said) => {
  const work = { ...CLEAN, ...change };
  expect(holdsWork(work)).toBe(true);
  expect(describeWork(work)).toEqual([said]);
});

it("B9: what another branch has is not lost, pushed or not; it is said all the same", () => {
  expect(holdsWork(CLEAN)).toBe(false);
  expect(holdsWork({ ...CLEAN, unpushed: 2 })).toBe(false);
  expect(describeWork({ ...CLEAN, unpushed: 2 })).toEqual(["2 unpushed commits"]);
});

it("any name becomes a part of a ref that git takes", () => {
  const names = ["api", "a..b", "x.lock", ".hidden", "-dash", "TASK 1: fix", "ünï", "...", "a/b~^:?*[\\", "end."];
  expect(names.map(refPart)).toEqual([
    ...["api", "a.-b", "x-lock", "hidden", "dash", "TASK-1-fix", "ünï", "unnamed", "a-b", "end"],
  ]);
});
