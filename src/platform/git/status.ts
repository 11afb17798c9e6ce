import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Work } from "../../core/worktree.ts";
import { entriesOf } from "./git.ts";

/** What `git status --porcelain=v2 -z --branch --untracked-files=all` says. Paths are bytes (see Git). */
export interface Status {
  head: string | null;
  branch: string | null;
  staged: number;
  changed: number;
  conflicts: number;
  /** Files that git does not know; a repository among them ends with `/`. */
  untracked: string[];
  /** Submodules whose commit or files are not what the index says. */
  submodules: string[];
}

export const STATUS = [
  "status",
  "--porcelain=v2",
  "-z",
  "--branch",
  "--no-ahead-behind",
  "--untracked-files=all",
  "--ignore-submodules=none",
  "--no-renames",
];

export function parseStatus(output: string): Status {
  const status: Status = {
    head: null,
    branch: null,
    staged: 0,
    changed: 0,
    conflicts: 0,
    untracked: [],
    submodules: [],
  };
  for (const entry of entriesOf(output)) {
    const fields = entry.split(" ");
    const [kind, second = "", third = ""] = fields;
    if (kind === "#" && second === "branch.oid") status.head = third === "(initial)" ? null : third;
    if (kind === "#" && second === "branch.head") {
      status.branch = third === "(detached)" ? null : Buffer.from(third, "latin1").toString("utf8");
    }
    if (kind === "?") status.untracked.push(entry.slice(2));
    if (kind === "u") status.conflicts += 1;
    if (kind !== "1") continue;
    if (second[0] !== ".") status.staged += 1;
    // 8 fields stand before the path, which may hold blanks.
    if (third !== "N..." && second[1] !== ".") status.submodules.push(fields.slice(8).join(" "));
    else if (second[1] !== ".") status.changed += 1;
  }
  return status;
}

/** What each operation leaves in the git directory while it lasts; the first that is there counts. */
const SIGNS: readonly [string, NonNullable<Work["operation"]>][] = [
  ["rebase-merge", "rebase"],
  ["rebase-apply/applying", "am"],
  ["rebase-apply", "rebase"],
  ["MERGE_HEAD", "merge"],
  ["CHERRY_PICK_HEAD", "cherry-pick"],
  ["REVERT_HEAD", "revert"],
  ["BISECT_LOG", "bisect"],
];

/** What git is in the middle of, by the files in the worktree's git directory. */
export function operationIn(gitDir: string): Work["operation"] {
  return SIGNS.find(([sign]) => existsSync(join(gitDir, sign)))?.[1] ?? null;
}
